"""Which media type a client prefers, from its Accept header."""

import pytest

from api.http.negotiation import CSV, JSON, XLSX, preferred_media_type

OFFERED = (JSON, CSV, XLSX)


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", JSON),
        ("text/csv", CSV),
        ("TEXT/CSV", CSV),
        ("text/*", CSV),
        ("application/*", JSON),
        ("text/csv, application/json", JSON),
        ("application/json;q=0.5, text/csv", CSV),
        ("application/json; q=0.5, text/csv; q=0.6", CSV),
        ("*/*, application/json;q=0", CSV),
        ("application/json;q=0, */*;q=0.1", CSV),
        ("text/csv;Q=0.2, application/json;q=0.1", CSV),
        ("text/csv;q=high, application/json;q=0.9", CSV),
        ("text/csv;q=0", None),
        ("application/xml", None),
        ("", None),
    ],
)
def test_the_preferred_media_type(accept: str, media_type: str | None) -> None:
    assert preferred_media_type(accept, OFFERED) == media_type
