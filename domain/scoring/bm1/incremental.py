"""The incremental score (tussenstand): the exact S of a system while its statements are replaced one after another.

Origin, evidence, supply and dependence may change. Values and function groups may not, because they fix how much of the score
a leaf carries. So a change needs the work of one leaf, plus the scores of its group if that counts by its lowest leaf. S is
exactly the same as if the whole changed system had been scored.
"""

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from heapq import nsmallest

from domain.scoring.bm1.points import points_of, score_of
from domain.scoring.bm1.valued import HUNDRED, StatementValuer, ValuedLeaf, ValuedSystem
from domain.scoring.inputs import ComponentInput, Dimension, Statement
from domain.scoring.results import LEAF_CRITERIA
from domain.scoring.tree import Leaf, value_cents

_ALL = Fraction(1)


class _Lowest:
    """The scores of the leaves of a group in one criterion, of which the lowest counts for the whole group."""

    def __init__(self, scores: Iterable[Fraction]) -> None:
        self._counts = Counter(scores)
        self._two = nsmallest(2, self._counts)

    def rise(self, own: Fraction, new: Fraction) -> Fraction:
        """The change in the lowest score if one score changes from `own` to `new`."""
        lowest = self._two[0]
        others = lowest if own != lowest or self._counts[own] > 1 else self._second
        return (new if others is None else min(new, others)) - lowest

    def room(self, own: Fraction) -> Fraction:
        """The most that the lowest could rise if one score, now `own`, rose."""
        return self.rise(own, HUNDRED) if own == self._two[0] else Fraction(0)

    def replace(self, own: Fraction, new: Fraction) -> None:
        """Changes one score from `own` to `new`."""
        self._counts[own] -= 1
        if not self._counts[own]:
            del self._counts[own]
        self._counts[new] += 1
        self._two = nsmallest(2, self._counts)

    @property
    def _second(self) -> Fraction | None:
        return self._two[1] if len(self._two) > 1 else None


class IncrementalScore:
    """The exact S of a system while its statements are replaced. Without a total there is no S, and every difference is 0."""

    def __init__(self, valued: ValuedSystem) -> None:
        self._system = valued
        self._values = StatementValuer(valued.scheme, valued.reference_date)
        self._leaves = {leaf.key: leaf for leaf in valued.leaves}
        self._dimensions = {dimension.name: dimension for dimension in valued.dimensions}
        self._authority = valued.authority
        self._parts = _parts_by_minimum(valued)
        self._per_cent = _parts_per_cent(valued)
        self._members = {group.group.name: group.leaves for group in valued.groups}
        self._lowest: dict[tuple[str, str], _Lowest] = {}
        self._initial: Fraction | None = None
        self._change_so_far = Fraction(0)

    @property
    def exact(self) -> Fraction | None:
        """S with all replacements so far; None if the system cannot be assessed."""
        if self._initial is None:
            self._initial = score_of(points_of(self._system))[0]
        return None if self._initial is None else self._initial + self._change_so_far

    def difference(self, statement: Statement) -> Fraction:
        """The change in S if this statement replaced the current one.

        It is 0 for a component that is not a leaf, or a dimension that the profile lacks. Raises ValueError if a leaf would
        get another value or function group.
        """
        if self._system.total is None:
            return Fraction(0)
        if isinstance(statement, ComponentInput):
            return self._difference_of_leaf(statement)
        if isinstance(statement, Dimension):
            return self._difference_of_dimension(statement)
        authority, before = self._values.authority(statement), self._authority
        rise = authority.base * authority.proof.factor - before.base * before.proof.factor
        return self._system.scheme.authority_weight * rise / HUNDRED

    def replace(self, statement: Statement) -> Fraction:
        """Replaces the current statement by this one, and gives the change in S."""
        difference = self.difference(statement)
        if isinstance(statement, ComponentInput):
            self._replace_leaf(statement)
        elif isinstance(statement, Dimension):
            if statement.dimension in self._dimensions:
                self._dimensions[statement.dimension] = self._values.dimension(statement.dimension, statement)
        else:
            self._authority = self._values.authority(statement)
        self._change_so_far += difference
        return difference

    def share_by_value(self, leaf: ValuedLeaf) -> Fraction:
        """The part of each leaf criterion that a leaf carries by its value."""
        return leaf.cents * self._per_cent.get(leaf.component.function_group, self._per_cent[None])

    def room_as_lowest(self, leaf: ValuedLeaf) -> Fraction:
        """The most points that a leaf could win as the lowest of its group, in addition to those by value."""
        group = leaf.component.function_group
        if group is None or group not in self._parts:
            return Fraction(0)
        weights = self._system.scheme.leaf_weights
        room = sum(
            (weights[name] * self._lowest_of(group, name).room(leaf.scores[name]) for name in LEAF_CRITERIA),
            Fraction(0),
        )
        return self._parts[group] * room / HUNDRED

    def _difference_of_leaf(self, component: ComponentInput) -> Fraction:
        before = self._leaves.get(component.key)
        if before is None:
            return Fraction(0)
        after, group = self._valued(component, before), component.function_group
        by_value = by_lowest = Fraction(0)
        for criterion, weight in self._system.scheme.leaf_weights.items():
            own, new = before.scores[criterion], after.scores[criterion]
            if own == new:
                continue
            by_value += weight * (new - own)
            if group is not None and group in self._parts:
                by_lowest += weight * self._lowest_of(group, criterion).rise(own, new)
        of_group = by_lowest * self._parts[group] if group is not None and by_lowest else 0
        return (by_value * self.share_by_value(before) + of_group) / HUNDRED

    def _difference_of_dimension(self, declared: Dimension) -> Fraction:
        before = self._dimensions.get(declared.dimension)
        if before is None:
            return Fraction(0)
        rise = self._values.dimension(declared.dimension, declared).score - before.score
        return self._system.scheme.dimensions_weight * rise / len(self._system.dimensions) / HUNDRED

    def _replace_leaf(self, component: ComponentInput) -> None:
        before, group = self._leaves.get(component.key), component.function_group
        if before is None:
            return
        after = self._valued(component, before)
        if group is not None and group in self._parts:
            for criterion in LEAF_CRITERIA:
                self._lowest_of(group, criterion).replace(before.scores[criterion], after.scores[criterion])
        self._leaves[component.key] = after

    def _valued(self, component: ComponentInput, before: ValuedLeaf) -> ValuedLeaf:
        cents = before.cents if before.has_value else None
        if value_cents(component) != cents or component.function_group != before.component.function_group:
            raise ValueError(f"{component.key} would have another value or function group")
        return self._values.leaf(Leaf(component, cents))

    def _lowest_of(self, group: str, criterion: str) -> _Lowest:
        """The scores of a group in a criterion, collected from the current leaves on first use."""
        key = group, criterion
        if key not in self._lowest:
            keys = (leaf.key for leaf in self._members[group])
            self._lowest[key] = _Lowest(self._leaves[key].scores[criterion] for key in keys)
        return self._lowest[key]


def _parts(valued: ValuedSystem) -> dict[str, Fraction]:
    """The part of each leaf criterion that a function group carries."""
    weights = sum((group.group.weight for group in valued.groups), Fraction(0))
    return {
        group.group.name: (_ALL - valued.scheme.value_part) * group.group.weight / weights for group in valued.groups
    }


def _parts_by_minimum(valued: ValuedSystem) -> dict[str, Fraction]:
    """The parts of the groups that count by their lowest leaf."""
    parts = _parts(valued)
    return {group.group.name: parts[group.group.name] for group in valued.groups if group.by_minimum}


def _parts_per_cent(valued: ValuedSystem) -> dict[str | None, Fraction]:
    """The part of a leaf criterion that one cent carries, by function group. None: leaves that count by value only."""
    if valued.total is None:
        return {None: Fraction(0)}
    parts, by_total = _parts(valued), valued.scheme.value_part / valued.total
    in_groups: dict[str | None, Fraction] = {
        group.group.name: by_total + parts[group.group.name] / group.cents
        for group in valued.groups
        if not group.by_minimum
    }
    return {None: by_total, **in_groups}
