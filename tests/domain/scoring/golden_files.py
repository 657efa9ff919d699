"""Golden files: a case with the exact bytes of its score, so that a frozen algorithm stays frozen.

A file holds input and output. Run as a module it writes the files that are not there yet, and never touches one that is:
a score that was once given must come out the same for ever.
"""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from domain.scoring import bm1
from domain.scoring.inputs import DesignAuthority, Dimension, EvidenceInput, FunctionGroup, Profile, System, WaiverInput
from tests.domain.scoring.examples import (
    AMMUNITION,
    AUDITED,
    CLOUD,
    DECISIVE,
    DOCUMENT,
    NONE,
    ONE,
    PARTIAL,
    PROFILE,
    REFERENCE_DATE,
    SELF,
    SOFTWARE,
    USE,
    a_leaf,
    a_system,
    a_waiver,
    bm_1_0,
    dimensions,
    example_1,
    example_3,
    example_4,
    hong_kong_leaf,
)
from tests.domain.scoring.systems import Case

FOLDER = Path(__file__).parent / "golden"


def plain(value: Any) -> Any:
    """An input as JSON holds it: fractions and dates as text."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return str(value) if isinstance(value, Fraction | date | StrEnum) else value


def typed(kind: Any, value: Any) -> Any:
    """An input read back from JSON as this type."""
    if isinstance(kind, UnionType):
        return None if value is None else typed(next(k for k in get_args(kind) if k is not NoneType), value)
    if get_origin(kind) is tuple:
        return tuple(typed(get_args(kind)[0], item) for item in value)
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{name: typed(hints[name], item) for name, item in value.items()})  # type: ignore[operator]
    if kind is date:
        return date.fromisoformat(value)
    return kind(value) if kind is Fraction or issubclass(kind, StrEnum) else value


def content(given: Mapping[str, Any]) -> bytes:
    """The bytes of a golden file for this input."""
    score = bm1.score(
        bm_1_0(),
        typed(Profile, given["profile"]),
        typed(System, given["system"]),
        price_cents=given["priceCents"],
        reference_date=date.fromisoformat(given["referenceDate"]),
        waivers=typed(tuple[WaiverInput, ...], given["waivers"]),
    )
    body = {"input": given, "output": bm1.shown(score)}
    return (json.dumps(body, indent=1, ensure_ascii=False) + "\n").encode()


def cases() -> dict[str, Case]:
    """The cases by the name of their file."""
    price = 100_000_000
    knocked_out = example_1(AUDITED, hong_kong_leaf())
    waiver = a_waiver(component_key="chip")
    return {
        "example-1": Case(PROFILE, example_1(), price),
        "example-2": Case(PROFILE, example_1(SELF), price),
        "example-3": Case(PROFILE, example_3(), price),
        "example-4": Case(PROFILE, example_4(), 125_000_000),
        "concern": Case(PROFILE, knocked_out, price),
        "concern-waived": Case(PROFILE, knocked_out, price, (waiver,)),
        "reference-amount": Case(
            replace(PROFILE, reference_amount_cents=110_000_000, cap_percent=Fraction("7.5")), example_4(), 125_000_001
        ),
        "total-missing": Case(PROFILE, replace(example_3(), total_cents=None), price),
        "nothing-declared": Case(replace(PROFILE, require_eu_prime=True), System(total_cents=100_00), price),
        "expired": Case(PROFILE, expired()),
        "tree": Case(replace(PROFILE, dimensions=(USE, AMMUNITION)), tree(), price),
        "minimum": Case(MANY_GROUPS, minimum(), price),
        "ukraine": Case(PROFILE, ukraine(), price),
    }


def expired() -> System:
    """Evidence that has expired, expires today and never does."""
    yesterday, today = date(2026, 11, 20), REFERENCE_DATE
    return a_system(
        1_000,
        [
            a_leaf("control", 500, second="DE", evidence=EvidenceInput(AUDITED, yesterday)),
            a_leaf("power", 300, "DE/US/-/US", evidence=EvidenceInput(DOCUMENT, today)),
            a_leaf("airframe", 150, "BR/BR/BR/BR", "UA", "3/7", evidence=EvidenceInput(NONE, yesterday)),
        ],
        dimensions=dimensions(DOCUMENT, (CLOUD, PARTIAL, "GB")),
        design_authority=DesignAuthority(ONE, "FR", EvidenceInput(DOCUMENT, yesterday)),
    )


def tree() -> System:
    """Nodes over leaves, fractions of cents, a residual over its limit, a dimension that the profile lacks."""
    under = {"parent_key": "autopilot", "function_group": "control"}
    return a_system(
        2_500,
        [
            a_leaf("drone", None, "CN/CN/CN/CN", function_group="none at all"),
            a_leaf("autopilot", "1333.33", parent_key="drone"),
            a_leaf("board", "333.335", weeks="1/3", quantity=Fraction(2), level=DOCUMENT, **under),
            a_leaf("gyroscope", "0.333333", "CH/US/-/US", None, "2.5/7", DOCUMENT, quantity=Fraction(2000), **under),
            a_leaf("power", "250", "KR/KR/-/-", "JP", "13/26", parent_key="drone"),
            a_leaf("airframe", "99.995", "?/NL/-/-", "PL", "0/0", SELF, parent_key="drone"),
            a_leaf("screws", "10", "AQ/?/?/?", None, "?/?", NONE, parent_key="drone", function_group=None),
        ],
        dimensions=(
            Dimension(SOFTWARE, DECISIVE, "CN", EvidenceInput(AUDITED)),
            Dimension(AMMUNITION, DECISIVE, "US", EvidenceInput(DOCUMENT)),
            Dimension(USE, PARTIAL, None, EvidenceInput(SELF)),
        ),
        final_assembly_country="NO",
    )


MANY_GROUPS = Profile(
    function_groups=(
        FunctionGroup("radio", Fraction("2.5"), critical=True),
        FunctionGroup("camera", Fraction("0.5")),
        FunctionGroup("motor", Fraction(7), critical=True),
        FunctionGroup("warhead", Fraction(1), critical=True),
    ),
    dimensions=(AMMUNITION, USE, CLOUD),
    cap_percent=Fraction("12.5"),
    require_eu_prime=True,
)


def minimum() -> System:
    """Groups that go by their lowest leaf: values of 0, missing values, a tie; and an empty critical group."""
    return a_system(
        10_000,
        [
            a_leaf("radio-b", None, "US/NL/-/US", "DE", function_group="radio", level=DOCUMENT),
            a_leaf("radio-a", 4_000, "US/DE/US/-", None, function_group="radio", level=DOCUMENT),
            a_leaf("lens", 0, "JP/JP/-/-", "CN", "1/4", function_group="camera"),
            a_leaf("motor-2", 3_000, "NL/NL/-/-", "NL", "26/13", function_group="motor", level=SELF),
            a_leaf("motor-1", 2_999, "CN/?/-/-", "NL", "1/52", function_group="motor"),
        ],
        dimensions=(Dimension(USE, DECISIVE, "RU", EvidenceInput(DOCUMENT)),),
        design_authority=DesignAuthority(None, "NL"),
    )


def ukraine() -> System:
    """Made in Ukraine: outside for EDIP, inside for SAFE."""
    return a_system(
        900,
        [
            a_leaf("control", 450, "NL/UA/UA/-", "EE", "6/6", DOCUMENT),
            a_leaf("power", 300, "UA/UA/-/-", "PL", "5/9", DOCUMENT),
            a_leaf("airframe", 150, "UA/UA/-/-", None, "1/9", SELF),
        ],
        dimensions=dimensions(DOCUMENT, (USE, DECISIVE, "UA"), (SOFTWARE, PARTIAL, "UA")),
        design_authority=DesignAuthority(ONE, "UA", EvidenceInput(AUDITED)),
        final_assembly_country="PL",
    )


def given(case: Case) -> dict[str, Any]:
    """A case as the input of a golden file."""
    return {
        "scheme": bm_1_0().version,
        "profile": plain(case.profile),
        "system": plain(case.system),
        "priceCents": case.price_cents,
        "referenceDate": REFERENCE_DATE.isoformat(),
        "waivers": plain(case.waivers),
    }


if __name__ == "__main__":
    for name, case in cases().items():
        path = FOLDER / f"{name}.json"
        if not path.exists():
            path.write_bytes(content(given(case)))
