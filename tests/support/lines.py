"""Lines of components in storage form."""

from typing import Any

from domain.declarations.component_columns import LINE

ROW = {
    "key": "radio", "parent_key": "avionics", "name": "Radio", "part_number": "R-1", "manufacturer": "Voorbeeld B.V.",
    "function_group": "control", "quantity": "2", "unit_value": "12.345678", "country_of_manufacture": "NL",
    "country_of_control": "US", "licence_country": "NONE", "export_regime": "US", "second_source_country": "DE",
    "stock_weeks": "1.5", "lead_time_weeks": "0", "evidence_level": "document", "evidence_expires_on": "2027-01-31",
    "evidence_uri": "https://example.org/a", "evidence_sha256": "0" * 64, "statement_id": None,
}  # fmt: skip


def a_line(**fields: Any) -> tuple[Any, ...]:
    """A line in storage form."""
    return tuple({**ROW, **fields}[name] for name in LINE)


def a_bare_line(key: str = "bare", **fields: Any) -> tuple[Any, ...]:
    """A line of which only the key, the name and the quantity are known."""
    nothing = dict.fromkeys(LINE)
    return tuple(
        {**nothing, "name": key, "quantity": "1", "evidence_level": "none", **fields, "key": key}[n] for n in LINE
    )
