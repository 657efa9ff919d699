"""A CycloneDX file that is scanned a window at a time has the outcome of the same file scanned at once."""

from typing import Any
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from api.intake.checking import check
from api.intake.cyclonedx import pieces
from api.intake.cyclonedx.file import read_cyclonedx
from api.intake.large_bytes import LargeBytes
from api.intake.parsed import UnreadableFile
from tests.api.intake.boms import a_bom, a_drone, a_part, raw
from tests.support.mapped import mapped
from tests.support.properties import holds

WINDOWS = (1, 2, 3, 5, 8, 13, 64, 400)
FILES = [
    raw(a_drone("1.6")),
    raw(a_bom(*(a_part(f"p{number}", components=[a_part(f"q{number}", "2.5")]) for number in range(5)))),
    raw(a_bom(a_part("weight", x=[1, -2.5, 1e-7, 12345678901234567890, True, None], name='Zoë \\ " \u00e9 é'))),
    b'{ "bomFormat" : "CycloneDX" , "specVersion" : "1.6" , "components" : [ ] , "x" : 12.5e+3 }',
    b'\xef\xbb\xbf{"bomFormat":"CycloneDX","specVersion":"1.6",\n"comp\\u006fnents":[{"type":"device","name":"x"}],"n":-0.5E1}',
]
INSERTED = [
    *(b'"', b"{", b"}", b"[", b"]", b",", b":", b"\\", b" ", b"\n", b"\r\n\t ", b"\x00", b"\xff", b"7", b"-", b"e+"),
    *(b"null", b"NaN", b"-Infinity", b'"a":1,', b'"name":"x",', b'"components":[', b"[" * 60, b"[" * 3000, b" " * 900),
    *(b'"' + b"long" * 300 + b'"', b'"\\u0061":1,', b"\xef\xbb\xbf"),
]


def outcome(file: LargeBytes, window: int) -> Any:
    """What comes of a file: its lines, report and digest, or why it cannot be read."""
    with patch.object(pieces, "WINDOW", window), patch.object(pieces, "_LONG_NAME", min(window, pieces._LONG_NAME)):
        try:
            checked = check(read_cyclonedx(file))
        except UnreadableFile as error:
            return error.detail
    return checked.report(), checked.lines.columns["components_digest"], list(checked.lines.rows)


@holds
@given(
    file=st.sampled_from(FILES),
    window=st.sampled_from(WINDOWS),
    changes=st.lists(st.tuples(st.integers(0, 5_000), st.integers(0, 9), st.sampled_from(INSERTED)), max_size=2),
)
def test_any_file_has_the_same_outcome_whatever_the_window(
    file: bytes, window: int, changes: list[tuple[int, int, bytes]]
) -> None:
    for place, removed, inserted in changes:
        at = place % (len(file) + 1)
        file = file[:at] + inserted + file[at + removed :]
    assert outcome(mapped(file), window) == outcome(file, len(file) + 1)
