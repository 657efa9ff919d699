"""The way in: one service, one key, and what can be asked of it."""

import re
from collections.abc import Callable
from importlib.metadata import version
from ipaddress import ip_address
from types import TracebackType
from typing import Self
from uuid import uuid4

import httpx

from apos_client._budget_lines import BudgetLines
from apos_client._challenges import Challenges
from apos_client._commitments import Commitments
from apos_client._component_statements import ComponentStatements
from apos_client._critical_components import CriticalComponents
from apos_client._declaration_templates import DeclarationTemplates
from apos_client._dependencies import Dependencies
from apos_client._evidence_expiries import EvidenceExpiries
from apos_client._exchange import Exchange, Retries
from apos_client._intake_previews import IntakePreviews
from apos_client._lots import Lots
from apos_client._milestones import Milestones
from apos_client._origin_declarations import OriginDeclarations
from apos_client._portfolio_status import PortfolioStatuses
from apos_client._programmes import Programmes
from apos_client._score_schemes import ScoreSchemes
from apos_client._scores import ScorePreviews
from apos_client._suppliers import Suppliers
from apos_client._targets import Targets
from apos_client._test_sites import TestSites
from apos_client._trials import Trials
from apos_client.errors import UnusableSettings

CONNECT_SECONDS = 5.0
_KEY = re.compile(r"[\x21-\x7e]+")


def new_idempotency_key() -> str:
    """A key that no other request has."""
    return str(uuid4())


class Apos:
    """The service at a URL, asked with a key; None asks as a stranger. Close it, or use it in a `with` block.

    `timeout` is how long to wait for an answer, in seconds; that to a file may take five minutes. `transport`, `retries`
    and `new_key` let a test decide what the network, the clock and chance do.
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
        base = _base(url)
        self._http = httpx.Client(
            base_url=base.copy_with(path=f"{base.path.rstrip('/')}/v1"),
            headers=_headers(key),
            timeout=httpx.Timeout(timeout, connect=min(timeout, CONNECT_SECONDS)),
            transport=transport,
            trust_env=not _is_this_machine(base.host),
        )
        exchange = Exchange(self._http, retries or Retries(), new_key)
        self._url = str(base)
        self.programmes = Programmes(exchange)
        self.lots = Lots(exchange)
        self.challenges = Challenges(exchange)
        self.milestones = Milestones(exchange)
        self.suppliers = Suppliers(exchange)
        self.origin_declarations = OriginDeclarations(exchange)
        self.declaration_templates = DeclarationTemplates(exchange)
        self.component_statements = ComponentStatements(exchange)
        self.intake_previews = IntakePreviews(exchange)
        self.score_previews = ScorePreviews(exchange)
        self.evidence_expiries = EvidenceExpiries(exchange)
        self.score_schemes = ScoreSchemes(exchange)
        self.test_sites = TestSites(exchange)
        self.trials = Trials(exchange)
        self.targets = Targets(exchange)
        self.budget_lines = BudgetLines(exchange)
        self.dependencies = Dependencies(exchange)
        self.critical_components = CriticalComponents(exchange)
        self.commitments = Commitments(exchange)
        self.portfolio_status = PortfolioStatuses(exchange)

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


def _base(url: str) -> httpx.URL:
    try:
        base = httpx.URL(url)
    except (httpx.InvalidURL, TypeError) as error:
        raise UnusableSettings(f"{url!r} is not a URL: {error}") from error
    if base.scheme not in ("http", "https") or not base.host:
        raise UnusableSettings(f"{url!r} is not the URL of a service; give one such as https://apos.example.org")
    if base.userinfo or base.query or base.fragment:
        raise UnusableSettings("give the URL of the service alone, without a login, a query or a fragment")
    return base


def _headers(key: str | None) -> dict[str, str]:
    headers = {"Accept": "application/json", "User-Agent": f"apos-client/{version('apos-client')}"}
    if key is None:
        return headers
    if not _KEY.fullmatch(key):
        raise UnusableSettings("that is no API key: one is printable ASCII without spaces, and begins with apos_")
    return {**headers, "Authorization": f"Bearer {key}"}


def is_in_clear(url: str) -> bool:
    """Whether a key for this address travels where others can read it."""
    base = _base(url)
    return base.scheme == "http" and not _is_this_machine(base.host)


def _is_this_machine(host: str) -> bool:
    """Whether a host is this machine, for which no proxy of the environment is meant."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
