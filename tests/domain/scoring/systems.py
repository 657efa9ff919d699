"""Generated cases: valid profiles and systems of every shape that the specification speaks of.

Small systems, so that ties, empty groups, missing values and countries of concern meet often; each strategy may be
narrowed by a property that needs more than valid.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from domain.scoring.inputs import (
    NO_COUNTRY,
    AuthorityLevel,
    ComponentInput,
    Dependence,
    DesignAuthority,
    Dimension,
    DimensionName,
    EvidenceInput,
    EvidenceLevel,
    FunctionGroup,
    Profile,
    System,
    WaiverInput,
)
from domain.scoring.tree import value_cents

REFERENCE_DATE = date(2026, 11, 21)
BEST_FIRST = ("NL", "UA", "US", "BR", "CN")
"""A country of each group, in the order of what they are worth."""
COUNTRIES = ("NL", "DE", "NO", "UA", "US", "GB", "CH", "BR", "CN", "HK")
GROUPS = ("control", "power", "airframe")
WEEKS = tuple(Fraction(week) for week in ("0", "1", "4", "7.5", "12", "13", "52"))
WEIGHTS = tuple(Fraction(weight) for weight in ("1", "2", "3", "0.5", "7"))
CAPS = tuple(Fraction(cap) for cap in ("10", "7.5", "50", "0.1", "33"))
QUANTITIES = tuple(Fraction(quantity) for quantity in ("1", "1", "2", "3", "0.25", "1.5"))
UNIT_VALUES = tuple(
    Fraction(value) for value in ("0", "0.01", "10", "33.33", "100", "250.5", "0.004999", "12.345678", "1000")
)
WHOLE_CENTS = tuple(Fraction(value) for value in ("0", "0.02", "10", "33.34", "100", "250.5", "1000"))

countries = st.none() | st.sampled_from(COUNTRIES)
licences = st.sampled_from((NO_COUNTRY, NO_COUNTRY, NO_COUNTRY, "NL", "US", "CN", None))
weeks = st.none() | st.sampled_from(WEEKS)
expiries = st.sampled_from((None, None, date(2026, 11, 20), REFERENCE_DATE, date(2026, 11, 22)))
evidences = st.builds(EvidenceInput, st.sampled_from(EvidenceLevel), expiries)
unit_values = st.sampled_from((None, *UNIT_VALUES))


@dataclass(frozen=True)
class Case:
    """All that a score takes beside the scheme."""

    profile: Profile
    system: System
    price_cents: int | None = None
    waivers: Sequence[WaiverInput] = field(default_factory=tuple)

    @property
    def options(self) -> dict[str, Any]:
        """The keyword arguments of a score."""
        return {"price_cents": self.price_cents, "reference_date": REFERENCE_DATE, "waivers": self.waivers}


@st.composite
def profiles(draw: st.DrawFn) -> Profile:
    """A valid profile of one to three groups."""
    names = GROUPS[: draw(st.integers(1, 3))]
    groups = tuple(FunctionGroup(name, draw(st.sampled_from(WEIGHTS)), draw(st.booleans())) for name in names)
    dimensions = draw(st.lists(st.sampled_from(DimensionName), min_size=1, max_size=5, unique=True))
    return Profile(
        function_groups=groups,
        dimensions=tuple(dimensions),
        cap_percent=draw(st.sampled_from(CAPS)),
        require_eu_prime=draw(st.booleans()),
        reference_amount_cents=draw(st.sampled_from((None, None, 0, 90_000_00, 123_456_789))),
    )


@st.composite
def leaves(
    draw: st.DrawFn, key: str, groups: Sequence[str], values: st.SearchStrategy[Fraction | None] = unit_values
) -> ComponentInput:
    """A leaf; a well-known one half of the time, so that verdicts other than unknown occur."""
    is_known = draw(st.booleans())
    some = st.sampled_from(("NL", "NL", "DE", "UA", "US", "CN")) if is_known else countries
    group = st.sampled_from(tuple(groups)) if is_known else st.sampled_from((None, *groups))
    return ComponentInput(
        key=key,
        name=f"Part {key}",
        quantity=draw(st.sampled_from(QUANTITIES)),
        unit_value=draw(values),
        function_group=draw(group),
        country_of_manufacture=draw(some),
        country_of_control=draw(some),
        licence_country=draw(licences),
        export_regime=draw(licences),
        second_source_country=draw(countries),
        stock_weeks=draw(weeks),
        lead_time_weeks=draw(weeks),
        evidence=draw(evidences),
    )


def known_cents(components: Sequence[ComponentInput]) -> int:
    """The known values of leaves together."""
    return sum(value_cents(component) or 0 for component in components)


@st.composite
def trees(draw: st.DrawFn, leaf_lines: Sequence[ComponentInput]) -> tuple[ComponentInput, ...]:
    """The leaves in any order, some under a node, with a value where all of them have one; nodes may nest."""
    under = draw(st.integers(0, len(leaf_lines)))
    lines = list(leaf_lines)
    if under:
        lines[:under] = [replace(leaf, parent_key="node") for leaf in lines[:under]]
        is_whole = all(leaf.unit_value is not None for leaf in lines[:under])
        value = Fraction(known_cents(lines[:under]), 100) if is_whole and draw(st.booleans()) else None
        nests = draw(st.booleans())
        lines.append(ComponentInput("node", "Node", Fraction(1), "top" if nests else None, value, "no such group"))
        lines += [ComponentInput("top", "Top", Fraction(1), country_of_manufacture="CN")] if nests else []
    return tuple(draw(st.permutations(lines)))


@st.composite
def declared_dimensions(draw: st.DrawFn) -> tuple[Dimension, ...]:
    """Some dimensions, each once, those that a profile lacks included."""
    names = draw(st.lists(st.sampled_from(DimensionName), max_size=5, unique=True))
    dependences = st.sampled_from((Dependence.NONE, Dependence.NONE, Dependence.PARTIAL, Dependence.DECISIVE, None))
    return tuple(Dimension(name, draw(dependences), draw(countries), draw(evidences)) for name in names)


authorities = st.builds(
    DesignAuthority,
    st.sampled_from((AuthorityLevel.BOTH, AuthorityLevel.BOTH, AuthorityLevel.ONE, AuthorityLevel.NEITHER, None)),
    st.sampled_from(("NL", "NL", "DE", "NO", "US", None)),
    evidences,
)
residuals = st.sampled_from((0, 0, 0, 1, 5_00, 1_000_00))


@st.composite
def totals(draw: st.DrawFn, known: int) -> int | None:
    """A total that the values fit in: exactly, with a residual just at or over its limit, or none at all."""
    kind = draw(
        st.sampled_from(("residual", "residual", "residual", "at the limit", "over the limit", "missing", "zero"))
    )
    if kind == "missing":
        return None
    if kind == "zero" and known == 0:
        return 0
    if kind in ("at the limit", "over the limit"):
        at_limit = known * 100 // 95
        return at_limit + (kind == "over the limit")
    return known + draw(residuals)


@st.composite
def systems(draw: st.DrawFn, profile: Profile, *, most: int = 6) -> System:
    """A valid system for a profile; it need not be one that can be assessed."""
    keys = [f"part-{letter}" for letter in "abcdefghijklmnop"[: draw(st.integers(0, most))]]
    names = [group.name for group in profile.function_groups]
    lines = [draw(leaves(key, names)) for key in keys]
    return System(
        total_cents=draw(totals(known_cents(lines))),
        components=draw(trees(lines)),
        dimensions=draw(declared_dimensions()),
        design_authority=draw(authorities),
        final_assembly_country=draw(st.sampled_from(("NL", "NL", "NO", "US", None))),
    )


@st.composite
def waivers(draw: st.DrawFn) -> WaiverInput:
    """A waiver that may be for something in the system, and may have expired."""
    key = draw(st.sampled_from((None, "part-a", "part-b", "part-c")))
    return WaiverInput(
        code=draw(st.sampled_from(("KO-1", "KO-1", "KO-2", "KO-3"))),
        authority="Commander",
        reason="no other source",
        expires_on=draw(st.sampled_from((date(2026, 11, 20), REFERENCE_DATE, date(2027, 11, 21)))),
        alternative_trajectory="second source in 2027",
        component_key=key,
        dimension=draw(st.sampled_from(DimensionName)) if key is None else None,
    )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A valid case of any kind, not assessable ones included."""
    profile = draw(profiles())
    return Case(
        profile=profile,
        system=draw(systems(profile)),
        price_cents=draw(st.sampled_from((None, 0, 1, 99_999_99, 1_000_000_00))),
        waivers=tuple(draw(st.lists(waivers(), max_size=3))),
    )


@st.composite
def assessable(draw: st.DrawFn, *, fewest: int = 1, whole_cents: bool = False) -> Case:
    """A case with a total over 0, and leaves only; with `whole_cents`, every value is an even number of whole cents."""
    profile = draw(profiles())
    names = [group.name for group in profile.function_groups]
    values = st.sampled_from((None, *WHOLE_CENTS)) if whole_cents else unit_values
    keys = [f"part-{letter}" for letter in "abcdef"[: draw(st.integers(fewest, 6))]]
    lines = [draw(leaves(key, names, values)) for key in keys]
    lines = [replace(line, quantity=Fraction(2)) for line in lines] if whole_cents else lines
    system = System(
        total_cents=known_cents(lines) + draw(st.sampled_from((0, 1, 5_00, 10_000_00))) or 1,
        components=tuple(lines),
        dimensions=draw(declared_dimensions()),
        design_authority=draw(authorities),
        final_assembly_country="NL",
    )
    return Case(profile, system)
