"""The client: one service, one key, and everything that can be asked of it."""

import re
from collections.abc import Callable
from importlib.metadata import version
from ipaddress import ip_address
from types import TracebackType
from typing import Self
from uuid import uuid4

import httpx

from apos_client._access import ApiKeys, AuditEvents
from apos_client._connection import Connection, Retries
from apos_client._declarations.component_statements import ComponentStatements
from apos_client._declarations.declaration_templates import DeclarationTemplates
from apos_client._declarations.intake_previews import IntakePreviews
from apos_client._declarations.origin_declarations import OriginDeclarations
from apos_client._models import Me, RenewedKey
from apos_client._oversight import Commitments, CriticalComponents, Dependencies
from apos_client._portfolio.challenges import Challenges
from apos_client._portfolio.lots import Lots
from apos_client._portfolio.milestones import Milestones
from apos_client._portfolio.portfolio_status import PortfolioStatuses
from apos_client._portfolio.programmes import Programmes
from apos_client._portfolio.suppliers import Suppliers
from apos_client._portfolio.trials import Trials
from apos_client._registers import BudgetLines, Organisations, Sources, Targets, TestSites
from apos_client._scoring.evidence_expiries import EvidenceExpiries
from apos_client._scoring.score_previews import ScorePreviews
from apos_client._scoring.score_schemes import ScoreSchemes
from apos_client.errors import UnusableSettings

CONNECT_SECONDS = 5.0
_KEY = re.compile(r"[\x21-\x7e]+")


def new_idempotency_key() -> str:
    """An idempotency key that no other request has."""
    return str(uuid4())


class Apos:
    """The service at a URL, asked with a key, or without one if it is None. Close it, or use it in a `with` block.

    `timeout` is how long to wait for an answer, in seconds; for a file it is five minutes. With `transport`, `retries` and
    `new_key` a test can replace the network, the clock and chance.
    """

    def __init__(
        self,
        url: str,
        key: str | None,
        *,
        transport: httpx.BaseTransport | None = None,
        timeout: float = 30.0,
        retries: Retries | None = None,
        new_key: Callable[[], str] = new_idempotency_key,
    ) -> None:
        base = _base_url(url)
        headers = _headers(key)
        try:
            self._http = httpx.Client(
                base_url=base.copy_with(path=f"{base.path.rstrip('/')}/v1"),
                headers=headers,
                timeout=httpx.Timeout(timeout, connect=min(timeout, CONNECT_SECONDS)),
                transport=transport,
                trust_env=not _is_this_machine(base.host),
            )
        except (httpx.InvalidURL, ValueError, ImportError):
            # Its text may name a part of the password of a proxy.
            raise UnusableSettings(
                "the proxy that the environment names (HTTPS_PROXY, HTTP_PROXY or ALL_PROXY) cannot be used;"
                " give one such as http://proxy.example.org:3128, or name this service in NO_PROXY"
            ) from None
        self._url = str(base)
        self._connection = Connection(self._http, retries or Retries(), new_key)
        self._add_lists(self._connection)

    def _add_lists(self, connection: Connection) -> None:
        self.programmes = Programmes(connection)
        self.lots = Lots(connection)
        self.challenges = Challenges(connection)
        self.milestones = Milestones(connection)
        self.suppliers = Suppliers(connection)
        self.trials = Trials(connection)
        self.portfolio_status = PortfolioStatuses(connection)
        self.sources = Sources(connection)
        self.organisations = Organisations(connection)
        self.test_sites = TestSites(connection)
        self.targets = Targets(connection)
        self.budget_lines = BudgetLines(connection)
        self.origin_declarations = OriginDeclarations(connection)
        self.component_statements = ComponentStatements(connection)
        self.declaration_templates = DeclarationTemplates(connection)
        self.intake_previews = IntakePreviews(connection)
        self.score_previews = ScorePreviews(connection)
        self.score_schemes = ScoreSchemes(connection)
        self.evidence_expiries = EvidenceExpiries(connection)
        self.commitments = Commitments(connection)
        self.dependencies = Dependencies(connection)
        self.critical_components = CriticalComponents(connection)
        self.api_keys = ApiKeys(connection)
        self.audit_events = AuditEvents(connection)

    def me(self) -> Me:
        """The key in use: role, supplier, label and expiry."""
        return self._connection.get("/me", Me)

    def renew_key(self, *, overlap_days: int = 7, idempotency_key: str | None = None) -> RenewedKey:
        """Give the key in use another secret and another term; this client goes on with the one that it has.

        The secret in use stays valid for `overlap_days`. `secret` is shown only now; it is None where the first answer was
        lost and the request was sent again: renew again then.
        """
        return self._connection.add("/me/renewals", {"overlapDays": overlap_days}, RenewedKey, idempotency_key)

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Apos({self._url!r})"


def _base_url(url: str) -> httpx.URL:
    try:
        base = httpx.URL(url)
    except (httpx.InvalidURL, TypeError):
        # Its text may name a part of a login.
        raise UnusableSettings(f"{_without_login(url)!r} is not a URL") from None
    if base.scheme not in ("http", "https") or not base.host:
        raise UnusableSettings(
            f"{_without_login(url)!r} is not the URL of a service; give one such as https://apos.example.org"
        )
    if base.userinfo or base.query or base.fragment:
        raise UnusableSettings("give the URL of the service alone, without a login, a query or a fragment")
    return base


def _without_login(url: object) -> str:
    """What was given as a URL, without what may be a login, a query that may be a secret, or a key."""
    return re.sub(r"(?s)(?<=//).*@|[?#].*|apos_[A-Za-z0-9_-]+", "...", str(url))


def _headers(key: str | None) -> dict[str, str]:
    headers = {"Accept": "application/json", "User-Agent": f"apos-client/{version('apos-client')}"}
    if key is None:
        return headers
    if not _KEY.fullmatch(key):
        raise UnusableSettings("this is not an API key: a key is printable ASCII without spaces, and begins with apos_")
    return {**headers, "Authorization": f"Bearer {key}"}


def is_unencrypted(url: str) -> bool:
    """Whether a key for this address is sent without encryption to another machine."""
    base = _base_url(url)
    return base.scheme == "http" and not _is_this_machine(base.host)


def _is_this_machine(host: str) -> bool:
    """Whether a host is this machine, which no proxy of the environment is for."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
