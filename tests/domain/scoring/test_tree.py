"""The declared tree and the profile: what is a leaf, what it is worth, and everything that is refused."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from domain.errors import BrokenRule
from domain.scoring import bm1
from domain.scoring.inputs import ComponentInput, DesignAuthority, Dimension, FunctionGroup, Profile, System
from domain.scoring.profiles import profile_faults
from domain.scoring.tree import leaves_of, refuse_invalid, system_faults, value_cents
from tests.domain.scoring.examples import PROFILE, REFERENCE_DATE, SOFTWARE, USE, a_leaf, a_system, bm_1_0, example_1


def line(key: str, parent: str | None = None, euros: str | None = None, **fields: Any) -> ComponentInput:
    """A line of a tree."""
    values: dict[str, Any] = {
        "quantity": Fraction(1),
        "unit_value": None if euros is None else Fraction(euros),
        **fields,
    }
    return ComponentInput(key=key, name=key, parent_key=parent, **values)


def pointers(*lines: ComponentInput, total: int | None = None, **fields: Any) -> list[str]:
    """Where a tree is at fault."""
    system = System(total_cents=total, components=lines, **fields)
    return [fault.pointer for fault in system_faults(system=system, profile=PROFILE)]


@pytest.mark.parametrize(
    ("quantity", "unit_value", "cents"),
    [
        pytest.param("2", "10.50", 2100, id="quantity times unit value"),
        pytest.param("1", "0.005", 1, id="half a cent goes up"),
        pytest.param("1", "0.004999", 0, id="less than half a cent goes down"),
        pytest.param("3", "0.333333", 100, id="rounded after multiplying"),
        pytest.param("0.5", "0.01", 1, id="a fraction of a unit"),
        pytest.param("1", None, None, id="a missing value"),
        pytest.param("1", "0", 0, id="a value of 0 is not missing"),
    ],
)
def test_the_value_of_a_leaf_is_rounded_half_up_to_the_cent(quantity: str, unit_value: str | None, cents: int) -> None:
    assert value_cents(line("a", euros=unit_value, quantity=Fraction(quantity))) == cents


def test_a_leaf_is_what_no_other_names_as_parent_in_the_order_of_keys() -> None:
    lines = (line("z"), line("top"), line("mid", "top"), line("b", "mid", "1"), line("a", "top", "2"))
    found = leaves_of(System(total_cents=None, components=lines))
    assert [(leaf.component.key, leaf.cents) for leaf in found] == [("a", 200), ("b", 100), ("z", None)]


def test_the_quantity_of_a_parent_does_not_multiply() -> None:
    lines = (line("top", quantity=Fraction(4)), line("a", "top", "2", quantity=Fraction(3)))
    assert leaves_of(System(total_cents=None, components=lines))[0].cents == 600


def test_the_group_and_origin_of_a_node_are_not_used() -> None:
    node = line("top", function_group="no such group", country_of_manufacture="CN", licence_country=None)
    parts = [replace(leaf, parent_key="top") for leaf in example_1().components]
    system = replace(example_1(), components=(node, *parts))
    assert bm1.score(bm_1_0(), PROFILE, system, reference_date=REFERENCE_DATE) == bm1.score(
        bm_1_0(), PROFILE, example_1(), reference_date=REFERENCE_DATE
    )


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param([line("a", "b")], ["/components/0/parentKey"], id="unknown parent"),
        pytest.param([line("a", "a")], ["/components/0/parentKey"], id="its own parent"),
        pytest.param(
            [line("a", "b"), line("b", "c"), line("c", "a"), line("d", "a")],
            ["/components/0/parentKey", "/components/1/parentKey", "/components/2/parentKey"],
            id="a circle, and not what hangs from it",
        ),
        pytest.param([line("a"), line("b"), line("a")], ["/components/2/key"], id="a key twice"),
        pytest.param([line("residual")], ["/components/0/key"], id="residual as key"),
        pytest.param([line("a", quantity=Fraction(0))], ["/components/0/quantity"], id="quantity 0"),
        pytest.param([line("a", quantity=Fraction(-1))], ["/components/0/quantity"], id="quantity under 0"),
        pytest.param([line("a", euros="-0.01")], ["/components/0/unitValue"], id="negative value"),
        pytest.param([line("a", stock_weeks=Fraction(-1))], ["/components/0/stockWeeks"], id="negative stock"),
        pytest.param(
            [line("a", lead_time_weeks=Fraction(-1))], ["/components/0/leadTimeWeeks"], id="negative lead time"
        ),
        pytest.param([line("a", function_group="wings")], ["/components/0/functionGroup"], id="unknown function group"),
        pytest.param([line("a", country_of_manufacture="nl")], ["/components/0/countryOfManufacture"], id="no country"),
        pytest.param([line("a", country_of_control="NONE")], ["/components/0/countryOfControl"], id="NONE in control"),
        pytest.param([line("a", licence_country="NONE", export_regime="NONE")], [], id="NONE in licence and export"),
        pytest.param(
            [line("a", second_source_country="N")], ["/components/0/secondSourceCountry"], id="no second source"
        ),
        pytest.param(
            [line("a", "x", "-1", quantity=Fraction(0)), line("residual", stock_weeks=Fraction(-1))],
            [
                "/components/0/quantity",
                "/components/0/unitValue",
                "/components/1/stockWeeks",
                "/components/0/parentKey",
                "/components/1/key",
            ],
            id="all of them at once",
        ),
    ],
)
def test_a_tree_is_refused_where_it_is_at_fault(lines: list[ComponentInput], expected: list[str]) -> None:
    assert pointers(*lines) == expected


@pytest.mark.parametrize(
    ("node", "leaves", "is_refused"),
    [
        pytest.param("3.00", ["1", "2"], False, id="equal"),
        pytest.param("3.02", ["1", "2"], False, id="more by a cent a leaf"),
        pytest.param("3.03", ["1", "2"], True, id="more than a cent a leaf"),
        pytest.param("2.98", ["1", "2"], False, id="less by a cent a leaf"),
        pytest.param("2.97", ["1", "2"], True, id="less by more than a cent a leaf"),
        pytest.param("9.00", ["1", "2", None], False, id="a value missing: it may be worth more"),
        pytest.param("2.97", ["1", "2", None], False, id="a value missing: the known ones exceed it by a cent a leaf"),
        pytest.param("2.96", ["1", "2", None], True, id="a value missing: the known ones exceed it by more"),
        pytest.param(None, ["1", "2"], False, id="not given"),
    ],
)
def test_the_value_of_a_node_is_that_of_its_leaves(
    node: str | None, leaves: list[str | None], is_refused: bool
) -> None:
    lines = [line("top", euros=node), line("mid", "top")]
    lines += [line(f"leaf-{number}", "mid", euros) for number, euros in enumerate(leaves)]
    assert pointers(*lines) == (["/components/0/unitValue"] if is_refused else [])


def test_every_node_is_held_against_all_leaves_under_it() -> None:
    lines = [line("a", "mid", "1"), line("mid", "top", "5"), line("b", "top", "1"), line("top", euros="5")]
    assert pointers(*lines) == ["/components/1/unitValue", "/components/3/unitValue"]


def test_a_deep_tree_needs_no_recursion() -> None:
    lines = [line("0"), *(line(str(depth), str(depth - 1)) for depth in range(1, 5000))]
    assert pointers(*lines) == []
    assert len(leaves_of(System(total_cents=None, components=tuple(lines)))) == 1


@pytest.mark.parametrize(
    ("total", "expected"),
    [
        pytest.param(299, ["/totalComponentCost"], id="values over the total"),
        pytest.param(300, [], id="values equal to the total"),
        pytest.param(None, [], id="no total"),
        pytest.param(0, [], id="a total of 0 is as good as none"),
        pytest.param(-1, ["/totalComponentCost"], id="a negative total"),
    ],
)
def test_the_values_fit_in_the_total(total: int | None, expected: list[str]) -> None:
    assert pointers(line("top", euros="3"), line("a", "top", "1"), line("b", "top", "2"), total=total) == expected


def test_a_dimension_is_declared_once_and_countries_are_countries() -> None:
    declared = (Dimension(USE), Dimension(SOFTWARE, country="USA"), Dimension(USE))
    found = pointers(dimensions=declared, design_authority=DesignAuthority(country="EU1"), final_assembly_country="nl")
    assert found == [
        "/dimensions/2/dimension",
        "/system/finalAssemblyCountry",
        "/designAuthority/country",
        "/dimensions/1/country",
    ]


def test_without_a_profile_function_groups_are_not_checked() -> None:
    system = System(total_cents=None, components=(line("a", function_group="wings"),))
    assert system_faults(system=system) == []


def test_faults_point_to_where_the_declaration_stands_in_the_body() -> None:
    system = System(total_cents=-1)
    assert system_faults(system=system, at="/declaration")[0].pointer == "/declaration/totalComponentCost"


def a_profile(**fields: Any) -> Profile:
    """The profile of the examples, with something changed."""
    return replace(PROFILE, **fields)


ONE_GROUP = FunctionGroup("control", Fraction(1))


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        pytest.param(a_profile(), [], id="valid"),
        pytest.param(a_profile(function_groups=()), ["/profile/functionGroups"], id="no group"),
        pytest.param(
            a_profile(function_groups=(ONE_GROUP, ONE_GROUP)), ["/profile/functionGroups/1/name"], id="a name twice"
        ),
        pytest.param(
            a_profile(function_groups=(replace(ONE_GROUP, weight=Fraction(0)),)),
            ["/profile/functionGroups/0/weight"],
            id="weight 0",
        ),
        pytest.param(a_profile(dimensions=()), ["/profile/dimensions"], id="no dimension"),
        pytest.param(a_profile(dimensions=(USE, SOFTWARE, USE)), ["/profile/dimensions/2"], id="a dimension twice"),
        pytest.param(a_profile(cap_percent=Fraction(0)), ["/profile/capPercent"], id="cap 0"),
        pytest.param(a_profile(cap_percent=Fraction(50)), [], id="cap 50"),
        pytest.param(a_profile(cap_percent=Fraction("50.01")), ["/profile/capPercent"], id="cap over 50"),
        pytest.param(
            a_profile(reference_amount_cents=-1), ["/profile/referenceAmount"], id="negative reference amount"
        ),
        pytest.param(
            a_profile(function_groups=(), dimensions=(), cap_percent=Fraction(-1)),
            ["/profile/functionGroups", "/profile/dimensions", "/profile/capPercent"],
            id="all of them at once",
        ),
    ],
)
def test_a_profile_is_refused_where_it_is_at_fault(profile: Profile, expected: list[str]) -> None:
    assert [fault.pointer for fault in profile_faults(profile=profile)] == expected


def test_a_score_is_refused_with_every_fault_of_profile_and_declaration() -> None:
    system = a_system(1, [a_leaf("control", 2), a_leaf("wings", -1)])
    with pytest.raises(BrokenRule, match="4 things are wrong; see errors") as refused:
        bm1.score(bm_1_0(), a_profile(cap_percent=Fraction(51)), system, reference_date=REFERENCE_DATE)
    assert [fault.pointer for fault in refused.value.faults] == [
        "/profile/capPercent",
        "/components/1/unitValue",
        "/components/1/functionGroup",
        "/totalComponentCost",
    ]


def test_a_single_fault_is_told_in_its_own_words() -> None:
    with pytest.raises(BrokenRule, match="the quantity must be over 0"):
        refuse_invalid(profile=PROFILE, system=System(None, (line("a", quantity=Fraction(0)),)))
