"""docs/security.md answers every point that it should, and every test that it names exists."""

import re

import pytest

from tests.architecture.modules import ROOT

PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
POINTS = [*(f"API{number}" for number in range(1, 11)), *(f"V{number}" for number in range(1, 18))]
"""The OWASP API Security Top 10 of 2023, and the chapters of the ASVS 5.0."""
NOT_ASKED = "Does not apply: "
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def answers(page: str) -> dict[str, str]:
    """What is said of each point, by its number."""
    return dict(re.findall(r"^### (\w+) (.*?)(?=^##|\Z)", page, re.MULTILINE | re.DOTALL))


def missing(page: str) -> list[str]:
    """The tests that a page names and that do not exist."""
    return [
        f"{path}::{name}"
        for path, name in NAMED.findall(page)
        if not (ROOT / path).is_file()
        or not re.search(rf"^(async )?def {name}\(", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)
    ]


def without_test(page: str) -> list[str]:
    """The points that apply and name no test."""
    return [point for point, text in answers(page).items() if NOT_ASKED not in text and not NAMED.search(text)]


def test_every_point_is_answered_in_order() -> None:
    assert list(answers(PAGE)) == POINTS


def test_every_point_that_applies_names_a_test() -> None:
    assert without_test(PAGE) == []


def test_every_test_that_is_named_exists() -> None:
    assert missing(PAGE) == []


@pytest.mark.parametrize(
    "named",
    [
        "tests/architecture/test_security_page.py::test_that_is_gone",
        "tests/gone.py::test_every_point_is_answered_in_order",
    ],
)
def test_a_test_that_is_gone_is_seen(named: str) -> None:
    assert missing(f"- `{named}`") == [named]


def test_a_point_without_a_test_is_seen() -> None:
    page = f"### V1 Files\n\nAll is well.\n\n### V2 Tokens\n\n{NOT_ASKED}there are none.\n"
    assert without_test(page) == ["V1"]
