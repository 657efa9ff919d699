"""What lists of titles and names are sorted and searched by on PostgreSQL: the functions `folded` and `dutch_order`.

They give what `domain.text_order` gives, which is what SQLite calls. Most texts are ASCII, for which the short way is taken.
"""

import unicodedata

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

MARKS = "".join(map(chr, range(0x300, 0x370)))
LETTERS = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ŋ": "n", "ŧ": "t", "ı": "i", "ς": "σ", "ẞ": "ß"}
SIGNS = " _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$€§°"
ALIKE = {"‐": "-", "–": "-", "—": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "„": '"'}  # noqa: RUF001  # as they are typed


def upgrade() -> None:
    """SQLite has no stored functions; the service gives it its own."""
    if op.get_bind().dialect.name == "postgresql":
        for name, result, body in (("folded", "text", _folded()), ("dutch_order", "bytea", _dutch_order())):
            op.get_bind().exec_driver_sql(
                f"CREATE FUNCTION {name}(t text) RETURNS {result} LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE"
                f" AS $body$ {body} $body$".replace("%", "%%")
            )


def downgrade() -> None:
    """Removes them."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION dutch_order(text)")
        op.execute("DROP FUNCTION folded(text)")


def _folded() -> str:
    lower = _lower()
    letters = {**{each: LETTERS.get(small, small) for each, small in lower.items()}, **LETTERS}
    plain = _translated("normalize(t, NFKD)", letters, removed=MARKS)
    for letter, pair in (("ß", "ss"), ("æ", "ae"), ("œ", "oe"), ("þ", "th")):
        plain = f"replace({plain}, '{letter}', '{pair}')"
    # In the locale C only ASCII letters change, in any other all might, by rules of their own.
    return f"""SELECT CASE WHEN octet_length(t) = length(t) THEN lower(t COLLATE "C") ELSE {plain} END"""


def _dutch_order() -> str:
    lower = _lower()
    places = {each: chr(place) for place, each in enumerate(SIGNS, 2)}
    places |= {each: places[plain] for each, plain in ALIKE.items()}
    swapped = {**lower, **{small: each for each, small in lower.items()}}
    letters = {each: small for each, small in swapped.items() if each.isascii()}
    is_ascii, apart = "octet_length(t) = length(t)", "normalize(t, NFKD)"
    small = f"""CASE WHEN {is_ascii} THEN lower(t COLLATE "C") ELSE {_translated(apart, lower)} END"""
    other = f"CASE WHEN {is_ascii} THEN {_translated('t', letters)} ELSE {_translated(apart, swapped)} END"
    first = _translated("folded(t)", places)
    return f"SELECT convert_to({first} || chr(1) || {small} || chr(1) || {other}, 'UTF8')"


def _lower() -> dict[str, str]:
    capitals = (chr(code) for code in range(0x41, 0x590) if len(chr(code).lower()) == 1)
    return {
        each: each.lower()
        for each in capitals
        if each.lower() != each and unicodedata.normalize("NFKD", each) == each
    }


def _translated(text: str, letters: dict[str, str], removed: str = "") -> str:
    """SQL that replaces letters by others; those that have none in the second text are removed."""
    before, after = ("".join(part).replace("'", "''") for part in (letters, letters.values()))
    return f"translate({text}, '{before}{removed}', '{after}')"
