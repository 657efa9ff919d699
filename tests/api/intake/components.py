"""Components as suppliers declare them, any of them, for what must hold of all."""

from datetime import date

from hypothesis import strategies as st

from api.schemas.bodies import COUNTRIES
from domain.declarations.component_columns import FIELDS
from domain.scoring.inputs import NO_COUNTRY, EvidenceLevel
from domain.texts import plain_text

Stored = tuple[str | None, ...]


def is_plain(text: str) -> bool:
    """Whether a text is stored as it is given: composed, and without anything that cannot be seen."""
    try:
        return plain_text(text) == text
    except ValueError:
        return False


texts = (
    st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40).map(str.strip)
    | st.sampled_from(
        ["=1+1", "-", "'-", "''=x", "'", "unknown", "'unknown", "N/A", "+5 V", "@home", '"', "a,b;c", "_x0041_"]
    )
).filter(lambda text: text.strip() == text != "" and is_plain(text))
numbers = st.decimals(0, 999_999_999, places=6).map(lambda value: f"{value:f}") | st.sampled_from(
    ["0", "1", "1.148", "12.500", "0.125", "999999999.999999", "12.50"]
)
values = numbers | st.sampled_from(["123456789012.345678", "999999999999"])
countries = st.sampled_from(sorted(COUNTRIES))
others = countries | st.just(NO_COUNTRY)
uris = st.sampled_from(["https://example.org/a.pdf", "https://example.org/a,b;c", "https://example.org/" + "b" * 1000])
KINDS: dict[str, st.SearchStrategy[str]] = {
    "quantity": numbers,
    "unitValue": values,
    "countryOfManufacture": countries,
    "countryOfControl": countries,
    "licenceCountry": others,
    "exportRegime": others,
    "secondSourceCountry": countries,
    "stockWeeks": numbers,
    "leadTimeWeeks": numbers,
    "evidence.level": st.sampled_from([level.value for level in EvidenceLevel]),
    "evidence.expiresOn": st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 12, 31)).map(str),
    "evidence.uri": uris,
    "evidence.sha256": st.text("0123456789abcdef", min_size=64, max_size=64),
    "statementId": st.uuids().map(str),
}
lines = st.tuples(
    *(
        KINDS.get(field, texts)
        if field in ("key", "name", "quantity", "evidence.level")
        else st.none() | KINDS.get(field, texts)
        for field in FIELDS
    )
)
"""A line in storage form: a text for each field, or None where it is unknown."""
tables = st.lists(lines, min_size=1, max_size=8)
