"""Text as people look for it, and in Dutch order."""

from itertools import pairwise

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from domain.text_order import dutch_order, folded
from tests.support.databases import Postgres
from tests.support.engines import plain_engine
from tests.support.properties import holds

IN_ORDER = [
    *("", " ruimte", "_x", "-x", "\u2013y", "'s-Hertogenbosch", "\u2019t Harde", "(proef)", "1", "10", "2"),
    *(
        "aardappel",
        "Ångström",
        "coöperatie",
        "cooperatief",
        "de facto",
        "de-facto",
        "defacto",
        "een",
        "Een",
        "eën",
        "één",
    ),
    *(
        "Één",
        "eenheid",
        "Eenheid",
        "éénpersoons",
        "eerst",
        "ei",
        "IJsland",
        "ijzer",
        "Łódź",
        "naief",
        "naïef",
        "naïeve",
    ),
    *("Öresund", "østers", "stras", "Straße", "strast", "Zee", "zeef", "Ωmega", "Дрон"),
]
"""Texts in the order in which a Dutch reader looks for them."""


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Éénpersoons", "eenpersoons"), ("ÖRESUND", "oresund"), ("Straße", "strasse"), ("ẞ", "ss"), ("Łódź", "lodz"),
        ("Ærø", "aero"), ("Œuvre", "oeuvre"), ("ĳs", "ijs"), ("naïef", "naief"), ("e\u0301e\u0301n", "een"),
        ("ΣΊΣΥΦΟΣ", "σισυφοσ"), ("σίσυφος", "σισυφοσ"), ("ДРОН", "дрон"), ("100 %", "100 %"), ("a_b", "a_b"), ("中文", "中文"),
        ("\u0301", ""),
    ],
)  # fmt: skip
def test_text_is_folded(text: str, plain: str) -> None:
    assert folded(text) == plain


def test_texts_are_in_dutch_order() -> None:
    for before, after in pairwise(IN_ORDER):
        assert dutch_order(before) < dutch_order(after), (before, after)


@holds
@given(st.text(max_size=20), st.text(max_size=20))
def test_the_order_tells_texts_apart_unless_unicode_holds_them_to_be_the_same(one: str, other: str) -> None:
    assert folded(one.upper().lower()) == folded(folded(one).upper().lower()) or not one.isascii()
    if one.isascii() and other.isascii() and one != other:
        assert dutch_order(one) != dutch_order(other)


def test_postgresql_has_the_same_functions(postgres: Postgres) -> None:
    characters = [chr(code) for code in range(1, 0x3100) if not 0xD800 <= code < 0xE000]
    texts = [*IN_ORDER, *characters, "".join(characters[:0x600]), "\U0001f6e9 drone", "1,5 % a_b", "한" * 300]
    url = postgres.empty()
    with plain_engine(url).connect() as connection:
        asked = sa.text("SELECT t, folded(t), dutch_order(t) FROM unnest(cast(:texts AS text[])) AS t")
        found = connection.execute(asked, {"texts": texts}).all()
    postgres.drop(url)
    assert len(found) == len(texts)
    differing = [text for text, plain, order in found if (plain, bytes(order)) != (folded(text), dutch_order(text))]
    assert differing == []
