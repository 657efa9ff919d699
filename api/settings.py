"""Every setting of the service, from the environment with prefix APOS_ (or a file `.env`)."""

import re
from typing import Annotated, Literal
from urllib.parse import unquote

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

MAX_WORKERS = 64
_ORIGIN = re.compile(r"(?:http(?!.*:80$)|https(?!.*:443$))://(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::[0-9]{1,5})?")
_ENCODED = "%(?!00)[0-9A-Fa-f]{2}"
_POSTGRESQL = re.compile(
    rf"postgresql://(?:(?P<user>(?:[^\s:/@%]|{_ENCODED})*)(?::(?P<password>(?:[^\s/@%]|{_ENCODED})*))?@)?"
    rf"(?P<place>(?:\[[0-9A-Fa-f:.]+\]|[^\s\[\]:/?#@%]*)(?::[0-9]{{1,5}})?(?:/(?:[^\s?#@%]|{_ENCODED})*)?)"
    rf"(?:\?(?P<query>\w+=(?:[^\s&=;#@%]|{_ENCODED})*(?:&\w+=(?:[^\s&=;#@%]|{_ENCODED})*)*))?"
)
"""A database URL that SQLAlchemy and PostgreSQL's own library read alike.

Where they do not, one of them takes a part of a password for the host, and names it in its error.
"""
PUBLIC_PARAMETERS = {
    "host",
    "port",
    "dbname",
    "user",
    "sslmode",
    "application_name",
    "connect_timeout",
    "target_session_attrs",
}
"""Parameters of a database URL that may be shown; any other may be a secret, such as `password` and `sslpassword`."""


class Settings(BaseSettings):
    """The settings; their defaults suit a single machine. `apos-server settings` lists them all with what they do."""

    model_config = SettingsConfigDict(env_prefix="APOS_", env_file=".env", extra="ignore", hide_input_in_errors=True)

    database_url: Annotated[
        str, Field(repr=False, description="sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME")
    ] = "sqlite:///apos.sqlite"
    host: Annotated[str, Field(description="Address to listen on; the flag --host overrides it")] = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535, description="Port to listen on; the flag --port overrides it")] = 8000
    workers: Annotated[
        int,
        Field(
            ge=1,
            le=MAX_WORKERS,
            description="Processes that serve, each of which uses one core; the flag --workers overrides it",
        ),
    ] = 1
    pool_size: Annotated[
        int,
        Field(
            ge=1,
            le=200,
            description="Connections that each process keeps for reading, and on PostgreSQL as many for writing",
        ),
    ] = 20
    max_body_bytes: Annotated[
        int, Field(ge=1024, description="Largest request body of an ordinary operation; above it 413")
    ] = 1_048_576
    max_upload_bytes: Annotated[
        int, Field(ge=1024, description="Largest request body of an operation that takes components; above it 413")
    ] = 134_217_728
    unfinished_bytes_per_key: Annotated[
        int,
        Field(
            ge=1024, description="Bytes of bodies that one key, or supplier, may have unanswered at once; above it 429"
        ),
    ] = 268_435_456
    unfinished_bytes: Annotated[
        int, Field(ge=1024, description="Bytes of bodies that each process keeps unanswered at once; above it 503")
    ] = 1_073_741_824
    body_seconds: Annotated[
        float,
        Field(
            gt=0,
            description="Seconds that a body may take to arrive, and one more for each 64 KiB that has arrived; then 408",
        ),
    ] = 30
    max_connections: Annotated[
        int,
        Field(
            ge=1,
            description="Connections of each process; fewer where it may open few files. Beyond it those are closed that wait"
            " longest for a request, and 503 where all are being answered",
        ),
    ] = 1000
    grace_seconds: Annotated[
        int,
        Field(ge=0, description="Seconds after SIGTERM in which requests are still answered; then they are broken off"),
    ] = 8
    waiting_per_key: Annotated[
        int,
        Field(
            ge=1,
            description="Pieces of large work of one key, or supplier, that may wait for their turn; above it 429",
        ),
    ] = 16
    waiting_in_all: Annotated[
        int, Field(ge=1, description="Pieces of large work that may wait in each process; above it 503")
    ] = 200
    file_workers: Annotated[
        int,
        Field(
            ge=1,
            le=64,
            description="Processes in which one serving process reads uploaded files, at most; each reads one at a time",
        ),
    ] = 2
    file_address_space_mb: Annotated[
        int,
        Field(ge=256, description="Megabytes of address space that a process that reads files may have; above it 400"),
    ] = 1024
    file_cpu_seconds: Annotated[
        int, Field(ge=1, description="Seconds of processor time that reading one file may take; above it 400")
    ] = 60
    file_wall_seconds: Annotated[
        int, Field(ge=1, description="Seconds that reading one file may take in all; above it 400")
    ] = 300
    rate_limit: Annotated[
        int,
        Field(
            ge=0,
            description="Requests a minute that one key may make; on SQLite of each process, so of N workers up to N times as"
            " many; above it 429; 0: no limit",
        ),
    ] = 0
    failure_limit: Annotated[
        int,
        Field(ge=0, description="Sign-ins that may fail in a minute from one address; above it 429; 0: no limit"),
    ] = 30
    security_log: Annotated[
        str,
        Field(description="File for the lines of the security log, one JSON object each; -: standard output"),
    ] = "-"
    log_format: Annotated[
        Literal["text", "json"],
        Field(description="Whether the log on standard error is text, or one JSON object a line"),
    ] = "text"
    metrics_key: Annotated[
        str,
        Field(
            repr=False,
            description="Secret with which GET /metrics is answered, in the format of Prometheus; empty: no metrics are kept",
        ),
    ] = ""
    four_eyes: Annotated[
        bool,
        Field(
            description="Whether a second actor is asked for: whoever submitted a declaration may not review it, and a waiver,"
            " or an administrator's key that an administrator makes, counts when another actor has confirmed it; false: it is"
            " confirmed at once"
        ),
    ] = True
    key_days: Annotated[
        int,
        Field(
            ge=0,
            le=3660,
            description="Days for which a key is valid that is made or renewed without an expiry; 0: for good",
        ),
    ] = 365
    simulated_at_once: Annotated[
        int,
        Field(
            ge=0,
            description="Active declarations up to which a simulation is computed within its request; above it the answer is"
            " 202, and the simulation goes on in the background",
        ),
    ] = 1000
    simulation_lease_seconds: Annotated[
        float,
        Field(
            ge=1,
            le=3600,
            description="Seconds after which another process goes on with a simulation whose process was killed; longer"
            " than the largest declaration takes",
        ),
    ] = 60
    cors_origins: Annotated[
        tuple[str, ...],
        NoDecode,
        Field(
            description="Origins whose web pages may read the answers in a browser, separated by commas, such as"
            " https://portal.example.nl; empty: none"
        ),
    ] = ()
    contact_name: Annotated[str, Field(description="Contact in the contract")] = "APOS programme office"
    contact_email: Annotated[str, Field(description="Contact in the contract")] = "apos@example.org"
    contact_url: Annotated[str, Field(description="Contact in the contract")] = "https://example.org/apos"

    @field_validator("cors_origins", mode="before")
    @classmethod
    def _separated(cls, origins: object) -> object:
        return [each for each in re.split(r"[\s,]+", origins) if each] if isinstance(origins, str) else origins

    @field_validator("cors_origins")
    @classmethod
    def _exact_origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        wrong = [origin for origin in origins if not _ORIGIN.fullmatch(origin)]
        if wrong:
            raise ValueError(
                f"{', '.join(wrong)}: write each origin as a browser sends it, scheme://host or scheme://host:port in lower"
                " case, without a path, a wildcard or the scheme's own port"
            )
        return origins

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: str) -> str:
        if url.startswith("sqlite:///"):
            if "?" in url:
                raise ValueError("give sqlite:///PATH alone, without parameters")
            return url
        read = _POSTGRESQL.fullmatch(url)
        if read is None:
            raise ValueError(
                "give sqlite:///PATH or postgresql://USER:PASSWORD@HOST:PORT/NAME?PARAMETER=VALUE; within a part write @ as %40,"
                " / as %2F, % as %25, : as %3A, ? as %3F, # as %23, & as %26, = as %3D, ; as %3B and a space as %20"
            )
        names = [name for name, _ in _parameters(read)]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"give each parameter once: {', '.join(twice)}")
        return url


def driver_url(database_url: str) -> str:
    """The URL with the name of the driver, as SQLAlchemy wants it."""
    return database_url.replace("postgresql://", "postgresql+psycopg://", 1)


def without_secrets(url: str) -> str:
    """A valid database URL in which no secret can be read: no password, and no value of a parameter that may be one."""
    read = _POSTGRESQL.fullmatch(url)
    if read is None:
        return url
    login = "" if read["user"] is None else f"{read['user']}{'' if read['password'] is None else ':***'}@"
    query = [f"{name}={value if name.lower() in PUBLIC_PARAMETERS else '***'}" for name, value in _parameters(read)]
    return f"postgresql://{login}{read['place']}{'?' if query else ''}{'&'.join(query)}"


def without_values(text: str, url: str) -> str:
    """What PostgreSQL says of a valid database URL, without a value of it that may be a secret; it puts values in quotes."""
    read = _POSTGRESQL.fullmatch(url)
    for name, value in () if read is None else (("password", read["password"] or ""), *_parameters(read)):
        if value and name.lower() not in PUBLIC_PARAMETERS:
            text = text.replace(f'"{unquote(value)}"', '"***"')
    return text


def _parameters(read: re.Match[str]) -> list[tuple[str, str]]:
    pairs = [each.partition("=") for each in (read["query"] or "").split("&") if each]
    return [(name, value) for name, _, value in pairs]
