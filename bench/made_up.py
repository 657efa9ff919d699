"""A made-up portfolio in the form of a portfolio file: thousands of lots, ten milestones each, spread around today."""

from datetime import date, timedelta
from typing import Any

MILESTONES = 10
"""Milestones of each lot."""
FIRST = date(2025, 3, 1)
SPREAD, APART, LENGTH = 400, 60, 30
"""Days over which the first windows of lots spread, between two windows of a lot, and that a window is long."""
KINDS = ("marketDialogue", "research", "start", "trial", "delivery")
WORDS = "Zeer wendbare onbemenste systemen voor verkenning en ondersteuning, in Nederland ontworpen en gebouwd"


def portfolio(lots: int) -> dict[str, Any]:
    """A portfolio of `lots` running lots. The windows of a lot end on different days, so one milestone is due next."""
    return {
        "programmes": [{"key": "made-up", "code": "MADE-UP", "title": "Verzonnen programma"}],
        "lots": [_lot(number) for number in range(lots)],
        "milestones": [_milestone(number, place) for number in range(lots) for place in range(MILESTONES)],
    }


def _lot(number: int) -> dict[str, Any]:
    return {
        "key": f"lot-{number}",
        "programme": "made-up",
        "code": f"VK-{number:05}",
        "title": f"Verzonnen kavel {number}",
        "effect": f"{WORDS}: kavel {number}",
        "domain": ("land", "sea", "air")[number % 3],
        "status": "running",
        "period": {"start": date(2025, 1, 1), "end": date(2029, 12, 31)},
        "budget": {
            "amountEur": 1_000_000 + number,
            "amountQualifier": "exact",
            "fund": ("dmf", "cooperation")[number % 2],
        },
        "containsAi": number % 4 == 0,
        "principles": ["Open standaarden", "Europese herkomst"],
    }


def _milestone(number: int, place: int) -> dict[str, Any]:
    start = FIRST + timedelta(days=number * 7 % SPREAD + place * APART)
    return {
        "key": f"lot-{number}-m{place}",
        "lot": f"lot-{number}",
        "title": f"Mijlpaal {place} van kavel {number}",
        "kind": KINDS[place % len(KINDS)],
        "critical": (number + place) % 4 == 0,
        "window": {"start": start, "end": start + timedelta(days=LENGTH)},
        "acceptanceCriterion": "Aantoonbaar volgens het beproevingsplan",
    }
