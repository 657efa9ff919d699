"""Every setting of the service, from the environment with prefix APOS_ (or a file `.env`)."""

import re
from typing import Annotated
from urllib.parse import parse_qsl, urlsplit

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

MAX_WORKERS = 64
_ORIGIN = re.compile(r"(?:http(?!.*:80$)|https(?!.*:443$))://(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::[0-9]{1,5})?")
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

    model_config = SettingsConfigDict(env_prefix="APOS_", env_file=".env", extra="ignore")

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
            description="Requests a minute that one key may make of one process, so of N workers up to N times as many; "
            "above it 429; 0: no limit",
        ),
    ] = 0
    four_eyes: Annotated[
        bool,
        Field(
            description="Whether a second actor is asked for: whoever submitted a declaration may not review it, and a waiver"
            " counts when another actor has confirmed it; false: it is confirmed at once"
        ),
    ] = True
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
        if not url.startswith(("sqlite:///", "postgresql://")):
            raise ValueError("give sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME")
        return url


def driver_url(database_url: str) -> str:
    """The URL with the name of the driver, as SQLAlchemy wants it."""
    return database_url.replace("postgresql://", "postgresql+psycopg://", 1)


def without_secrets(url: str) -> str:
    """A database URL in which no secret can be read: no password, and no value of a query parameter that may be one."""
    parts = urlsplit(url)
    login, at, place = parts.netloc.rpartition("@")
    user, colon, _ = login.partition(":")
    shown = f"{user}{':***' if colon else ''}{at}{place}"
    query = [
        (name, value if name.lower() in PUBLIC_PARAMETERS else "***") for name, value in parse_qsl(parts.query, True)
    ]
    text = "&".join(f"{name}={value}" for name, value in query)
    return f"{parts.scheme}://{shown}{parts.path}{'?' if text else ''}{text}"
