"""The declared tree (stuklijst): its leaves, which carry value, and what makes a tree invalid.

A leaf is a component that no other names as parent; the others are nodes, whose function group and origin are not used. A
leaf's value is its quantity in one delivered system times its unit value. Scoring a leaf does not belong here.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache

from domain.errors import Fault, refuse
from domain.scoring.inputs import NO_COUNTRY, ComponentInput, Profile, System
from domain.scoring.profiles import CAP_LIMIT_PERCENT, profile_faults

RESIDUAL = "residual"
_COUNTRY = re.compile(r"[A-Z]{2}")
_NO_COUNTRY_CODE = "is not a country code of two capitals, such as NL"


@dataclass(frozen=True, slots=True)
class Leaf:
    """A component that no other names as parent, with its value in cents, None if it is missing."""

    component: ComponentInput
    cents: int | None


def value_cents(component: ComponentInput) -> int | None:
    """Quantity times unit value, rounded half up to the cent; None if the unit value is missing."""
    if component.unit_value is None:
        return None
    quantity, unit = component.quantity, component.unit_value
    cents, parts = 100 * quantity.numerator * unit.numerator, quantity.denominator * unit.denominator
    return (2 * cents + parts) // (2 * parts)


def leaves_of(system: System) -> tuple[Leaf, ...]:
    """The leaves of a declared tree, sorted by key."""
    parents = {component.parent_key for component in system.components}
    found = [Leaf(component, value_cents(component)) for component in system.components if component.key not in parents]
    return tuple(sorted(found, key=lambda leaf: leaf.component.key))


def refuse_invalid(*, profile: Profile, system: System, cap_limit_percent: Fraction = CAP_LIMIT_PERCENT) -> None:
    """Raises BrokenRule with everything wrong in a profile and a declared system, in that order."""
    faults = [
        *profile_faults(profile=profile, cap_limit_percent=cap_limit_percent),
        *system_faults(system=system, profile=profile),
    ]
    refuse(faults)


def system_faults(*, system: System, profile: Profile | None = None, at: str = "") -> list[Fault]:
    """Everything that makes a declared system invalid.

    Without a profile function groups are not checked. `at` is the pointer to the declaration in the body. A total of 0
    counts as missing: the sum of values is compared only with a total over 0.
    """
    tree = DeclaredTree.of(system.components)
    checks = [
        *line_faults(system.components),
        *tree_faults(tree=tree),
        *([] if profile is None else group_faults(tree=tree, profile=profile)),
        *total_faults(total_cents=system.total_cents, known_cents=tree.known_cents()),
        *statement_faults(system=system),
    ]
    return [Fault(at + fault.pointer, fault.detail) for fault in checks]


@dataclass(slots=True)
class DeclaredTree:
    """What the checks that compare components with each other need of each of them: two fifths of what they take.

    Components are added in order, a few at a time. `cents` are values that may be added up, None if missing or invalid.
    """

    keys: list[str] = field(default_factory=list)
    parent_keys: list[str | None] = field(default_factory=list)
    function_groups: list[str | None] = field(default_factory=list)
    cents: list[int | None] = field(default_factory=list)
    _texts: dict[str | None, str | None] = field(default_factory=dict)

    @classmethod
    def of(cls, components: Sequence[ComponentInput]) -> "DeclaredTree":
        """The tree of these components."""
        tree = cls()
        tree.add(components)
        return tree

    def add(self, components: Sequence[ComponentInput]) -> None:
        """Adds components."""
        text = self._texts.setdefault
        self.keys += [component.key for component in components]
        self.parent_keys += [text(component.parent_key, component.parent_key) for component in components]
        self.function_groups += [text(component.function_group, component.function_group) for component in components]
        self.cents += map(_valid_cents, components)

    def known_cents(self) -> int:
        """The sum of the known values of the leaves, in cents."""
        parents = set(self.parent_keys)
        return sum(cents or 0 for key, cents in zip(self.keys, self.cents, strict=True) if key not in parents)


def component_faults(*, components: Sequence[ComponentInput]) -> list[Fault]:
    """Everything wrong in the components alone: their values, keys and tree."""
    return [*line_faults(components), *tree_faults(tree=DeclaredTree.of(components))]


def line_faults(components: Sequence[ComponentInput], first: int = 0) -> list[Fault]:
    """Everything wrong in each component by itself; the first of them is component number `first`, from 0."""
    return [Fault(*found) for found in _line_faults(components, first)]


def tree_faults(*, tree: DeclaredTree, unreadable_keys: Collection[str] | None = None) -> list[Fault]:
    """Everything wrong in the keys of components and in the tree that they form.

    `unreadable_keys` are the keys of other lines of the same file that could not be read, None if all could. Components may
    name them as parent, and the values of nodes are then not compared with their leaves, some of which may be missing.
    """
    parents = _parent_places(tree)
    order = _children_first(parents)
    is_circular = len(order) < len(parents)
    circular = set(range(len(parents))).difference(order) if is_circular else set[int]()
    found = [*_key_faults(tree, unreadable_keys or (), circular)]
    return [Fault(*one) for one in (*found, *(_node_faults(tree, parents, order) if unreadable_keys is None else ()))]


def group_faults(*, tree: DeclaredTree, profile: Profile) -> list[Fault]:
    """The leaves with a function group that the profile does not have. The group of a node is not used, so not checked."""
    groups = {None, *(group.name for group in profile.function_groups)}
    parents = set(tree.parent_keys)
    return [
        Fault(f"/components/{index}/functionGroup", f"the profile has no function group {group}")
        for index, (key, group) in enumerate(zip(tree.keys, tree.function_groups, strict=True))
        if group not in groups and key not in parents
    ]


def total_faults(*, total_cents: int | None, known_cents: int) -> list[Fault]:
    """What is wrong with the total component cost, compared with the sum of the leaves' values."""
    if total_cents is not None and total_cents < 0:
        return [Fault("/totalComponentCost", "cannot be negative")]
    if total_cents and total_cents < known_cents:
        return [Fault("/totalComponentCost", "the components are together worth more than the total component cost")]
    return []


def statement_faults(*, system: System) -> list[Fault]:
    """Everything wrong in what is declared about the system as a whole: dimensions and countries."""
    return [Fault(*found) for check in (_dimension_faults, _place_faults) for found in check(system)]


def known_cents(components: Sequence[ComponentInput]) -> int:
    """The sum of the known values of the leaves, in cents."""
    return DeclaredTree.of(components).known_cents()


_Faults = Iterator[tuple[str, str]]


def _line_faults(components: Sequence[ComponentInput], first: int) -> _Faults:
    for index, component in enumerate(components, first):
        if not _is_valid_line(component):
            at = f"/components/{index}"
            yield from _amount_faults(component, at)
            yield from _country_faults(component, at)


def _is_valid_line(component: ComponentInput) -> bool:
    """Whether nothing is wrong with a line by itself. A fast check, because nearly all lines are valid."""
    unit, stock, lead = component.unit_value, component.stock_weeks, component.lead_time_weeks
    return (
        component.quantity.numerator > 0
        and (unit is None or unit.numerator >= 0)
        and (stock is None or stock.numerator >= 0)
        and (lead is None or lead.numerator >= 0)
        and _is_country(component.country_of_manufacture)
        and _is_country(component.country_of_control)
        and _is_country(component.second_source_country)
        and _is_country_or_none(component.licence_country)
        and _is_country_or_none(component.export_regime)
    )


def _amount_faults(component: ComponentInput, at: str) -> _Faults:
    if component.quantity.numerator <= 0:
        yield f"{at}/quantity", "the quantity must be over 0"
    amounts = {
        "unitValue": component.unit_value,
        "stockWeeks": component.stock_weeks,
        "leadTimeWeeks": component.lead_time_weeks,
    }
    for name, amount in amounts.items():
        if amount is not None and amount.numerator < 0:
            yield f"{at}/{name}", "cannot be negative"


def _country_faults(component: ComponentInput, at: str) -> _Faults:
    whole = {
        "countryOfManufacture": component.country_of_manufacture,
        "countryOfControl": component.country_of_control,
        "secondSourceCountry": component.second_source_country,
    }
    yield from ((f"{at}/{name}", _NO_COUNTRY_CODE) for name, code in whole.items() if not _is_country(code))
    or_none = {"licenceCountry": component.licence_country, "exportRegime": component.export_regime}
    yield from ((f"{at}/{name}", _NO_COUNTRY_CODE) for name, code in or_none.items() if not _is_country_or_none(code))


def _key_faults(tree: DeclaredTree, unreadable_keys: Collection[str], circular: Collection[int]) -> _Faults:
    keys = {*unreadable_keys, *tree.keys}
    seen: set[str] = set()
    for index, (key, parent_key) in enumerate(zip(tree.keys, tree.parent_keys, strict=True)):
        if key in seen:
            yield f"/components/{index}/key", f"{key} is listed twice; give each component its own key"
        elif key == RESIDUAL:
            yield (
                f"/components/{index}/key",
                f"{RESIDUAL} is the name of what no component accounts for; choose another key",
            )
        seen.add(key)
        if parent_key is not None and parent_key not in keys:
            yield (
                f"/components/{index}/parentKey",
                f"component {parent_key} does not exist; give the key of another component",
            )
        elif index in circular:
            yield f"/components/{index}/parentKey", f"{key} would be a part of itself"


@dataclass(slots=True)
class _LeafTotals:
    """The leaves under a node: their number, the sum of their known values, and whether a value is missing."""

    leaves: int = 0
    cents: int = 0
    is_missing: bool = False


def _node_faults(tree: DeclaredTree, parents: Sequence[int | None], order: Sequence[int]) -> _Faults:
    for index, under in _sums(tree, parents, order).items():
        key, cents = tree.keys[index], tree.cents[index]
        if cents is None or not under.leaves:
            continue
        # Each leaf's value is rounded to the cent, so the sum may be off by one cent per leaf.
        if under.cents - cents > under.leaves:
            yield f"/components/{index}/unitValue", f"the leaves under {key} are worth more than it is"
        elif cents - under.cents > under.leaves and not under.is_missing:
            yield f"/components/{index}/unitValue", f"the leaves under {key} are worth less than it is"


def _sums(tree: DeclaredTree, parents: Sequence[int | None], order: Sequence[int]) -> dict[int, _LeafTotals]:
    """The leaves under each node that is not in a cycle, by the node's index."""
    sums: dict[int, _LeafTotals] = defaultdict(_LeafTotals)
    for index in order:
        cents, above = tree.cents[index], parents[index]
        own = sums.get(index)
        if above is not None:
            total = sums[above]
            total.leaves += own.leaves if own else 1
            total.cents += own.cents if own else cents or 0
            total.is_missing |= own.is_missing if own else cents is None
    return sums


def _parent_places(tree: DeclaredTree) -> list[int | None]:
    """The index of each component's parent; of several with the same key, the first."""
    places: dict[str, int] = {}
    for index, key in enumerate(tree.keys):
        places.setdefault(key, index)
    return [None if parent_key is None else places.get(parent_key) for parent_key in tree.parent_keys]


def _children_first(parents: Sequence[int | None]) -> list[int]:
    """The indexes of all components not in a cycle, each after its children. Not recursive, because trees can be deep."""
    waiting = [0] * len(parents)
    for place in parents:
        if place is not None:
            waiting[place] += 1
    order = [index for index, parts in enumerate(waiting) if not parts]
    for index in order:
        above = parents[index]
        if above is not None:
            waiting[above] -= 1
            if not waiting[above]:
                order.append(above)
    return order


def _valid_cents(component: ComponentInput) -> int | None:
    """A value that may be added; None if negative, which is a fault of its own and should not cause others."""
    cents = value_cents(component)
    return cents if cents is not None and cents >= 0 and component.quantity.numerator > 0 else None


def _dimension_faults(system: System) -> _Faults:
    seen = set()
    for index, declared in enumerate(system.dimensions):
        if declared.dimension in seen:
            yield (
                f"/dimensions/{index}/dimension",
                f"{declared.dimension} is listed twice; declare each dimension only once",
            )
        seen.add(declared.dimension)


def _place_faults(system: System) -> _Faults:
    places = {
        "/system/finalAssemblyCountry": system.final_assembly_country,
        "/designAuthority/country": system.design_authority.country,
        **{f"/dimensions/{index}/country": declared.country for index, declared in enumerate(system.dimensions)},
    }
    yield from ((at, _NO_COUNTRY_CODE) for at, country in places.items() if not _is_country(country))


@lru_cache(maxsize=1024)
def _is_country(code: str | None) -> bool:
    return code is None or _COUNTRY.fullmatch(code) is not None


def _is_country_or_none(code: str | None) -> bool:
    return code == NO_COUNTRY or _is_country(code)
