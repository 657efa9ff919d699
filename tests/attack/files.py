"""Files that are made to take much: each is read or refused in little time and memory, while another supplier reads on."""

import json
from collections.abc import Callable, Sequence

from api.http.negotiation import CSV, CYCLONEDX, JSON, XLSX
from tests.api.intake.books import book, cell, heads, packed, parts, plain, row, sheet
from tests.attack.scene import Scene, Seen
from tests.attack.sending import request

READ_OR_REFUSED = {"200", "400", "413", "415", "422"}
SECONDS = 60
"""As long as a file may take by its limit of processor time."""
STYLED = '<cellXfs><xf numFmtId="0"/><xf numFmtId="200"/></cellXfs>'
LINE = row(2, cell("A2", "a"), cell("B2", "b"), cell("C2", "1", "n", 1))
Made = tuple[str, Callable[[], bytes]]
"""A media type, and what makes a file of it."""


def formatted(code: str) -> bytes:
    """A workbook with a number in this format."""
    return book(heads(), LINE, styles=f'<numFmts><numFmt numFmtId="200" formatCode="{code}"/></numFmts>{STYLED}')


def many_formats() -> bytes:
    """A workbook with a hundred thousand long number formats."""
    made = "".join(f'<numFmt numFmtId="{number}" formatCode="{"0-" * 99}"/>' for number in range(200, 100_200))
    return book(heads(), LINE, styles=f"<numFmts>{made}</numFmts>{STYLED}")


def nested_elements(count: int) -> bytes:
    """A workbook with so many elements within each other."""
    return packed(parts(sheet(heads(), plain(2), after="<a>" * count + "</a>" * count)))


def runs(count: int) -> bytes:
    """A workbook with a cell of so many runs of text."""
    made = f'<c r="A2" t="inlineStr"><is>{"<r><t>a</t></r>" * count}</is></c>'
    return book(heads(), row(2, made, cell("B2", "b"), cell("C2", "1", "n")))


def shared_runs(count: int) -> bytes:
    """A workbook with a shared text of so many runs."""
    cells = cell("A2", "0", "s"), cell("B2", "b"), cell("C2", "1", "n")
    return book(heads(), row(2, *cells), shared=f"<si>{'<r><t>a</t></r>' * count}</si>")


def merged(areas: int, rows: int) -> bytes:
    """A workbook with so many merged areas, and rows."""
    made = "".join(f'<mergeCell ref="D{number}:D1048576"/>' for number in range(1, areas + 1))
    body = (plain(number, f"k{number}") for number in range(2, rows + 2))
    return book(heads(), *body, after=f"<mergeCells>{made}</mergeCells>")


def unfolding(megabytes: int) -> bytes:
    """A workbook whose sheet is so many megabytes of spaces."""
    return packed(parts(sheet(heads(), plain(2), after=" " * (megabytes << 20))))


def spans() -> bytes:
    """A table with a cell of 3,500 spans of designators."""
    return f'ref des,name,quantity\n"{"R1-R9999 " * 3_500}",b,1\n'.encode()


def nested_assemblies(depth: int) -> bytes:
    """A CycloneDX document of so many components within each other."""
    head = '{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"components":'
    one = '[{"type":"device","name":"x","components":'
    return (head + one * depth + "[]" + "}]" * depth + "}").encode()


WHOLE: dict[str, Sequence[Made]] = {
    "nested number formats": [
        (XLSX, lambda: formatted("[" * 240_000)),
        (XLSX, lambda: formatted("_(" * 120_000)),
        (XLSX, lambda: formatted("[&lt;1]0;" * 30_000)),
        (XLSX, many_formats),
    ],
    "30 million nested elements": [(XLSX, lambda: nested_elements(30_000_000))],
    "100,000 runs in a cell": [(XLSX, lambda: runs(100_000)), (XLSX, lambda: shared_runs(100_000))],
    "20,000 merged areas": [(XLSX, lambda: merged(20_000, 20_000))],
    "16 MB of blank lines": [
        (CSV, lambda: b"key,name,quantity\na,b,1\n" + b"\n" * (16 << 20)),
        (CSV, lambda: b"\r\n" * (8 << 20)),
    ],
    "files that unfold": [(XLSX, lambda: unfolding(600)), (CSV, spans)],
    "JSON without end": [
        (JSON, lambda: b"[" * 2_000_000),
        (JSON, lambda: b"[" + b"1," * 5_000_000 + b"1]"),
        (JSON, lambda: b'{"a":' * 1_000_000),
        (CYCLONEDX, lambda: nested_assemblies(20_000)),
    ],
}
SHORT: dict[str, Sequence[Made]] = {
    "files that take much": [
        (XLSX, lambda: formatted("[" * 240_000)),
        (XLSX, lambda: nested_elements(300_000)),
        (XLSX, lambda: runs(100_000)),
        (JSON, lambda: b"[" * 200_000),
        (CYCLONEDX, lambda: nested_assemblies(5_000)),
    ],
}


async def large_files(scene: Scene) -> list[Seen]:
    """Each kind of file, one after the other."""
    found = []
    for name, files in (SHORT if scene.short else WHOLE).items():
        seen = Seen(name)
        made = [_upload(scene, media, make()) for media, make in files]
        async with scene.watching(seen):
            for number, sent in enumerate(made, 1):
                seen.saw(await scene.send(sent, SECONDS), READ_OR_REFUSED, f"file {number}")
        found.append(seen)
    return found


async def damaged_files(scene: Scene) -> list[Seen]:
    """Good files of which some bytes were changed, lost or doubled, as `scene.draw` says."""
    seen = Seen("damaged files")
    good = [
        (XLSX, book(heads(), *(plain(number, f"k{number}") for number in range(2, 30)))),
        (CSV, b"key,name,quantity\n" + b"".join(b"k%d,n\xc3\xa9,%d\n" % (n, n) for n in range(1, 30))),
        (JSON, json.dumps([{"key": f"k{n}", "name": "é", "quantity": n} for n in range(1, 30)]).encode()),
        (CYCLONEDX, nested_assemblies(3)),
    ]
    made = [_upload(scene, media, _damaged(scene, raw)) for _ in range(5 if scene.short else 40) for media, raw in good]
    async with scene.watching(seen):
        for sent in made:
            seen.saw(await scene.send(sent, SECONDS), READ_OR_REFUSED)
    return [seen]


def _upload(scene: Scene, media: str, raw: bytes) -> bytes:
    return request("POST", "/v1/intake-previews", scene.attacker, raw, Content_Type=media)


def _damaged(scene: Scene, raw: bytes) -> bytes:
    made = bytearray(raw)
    for _ in range(scene.draw.randint(1, 8)):
        place = scene.draw.randrange(len(made))
        match scene.draw.randrange(3):
            case 0:
                made[place] = scene.draw.randrange(256)
            case 1:
                del made[place : place + scene.draw.randint(1, 20)]
            case _:
                made[place:place] = made[place : place + scene.draw.randint(1, 200)]
        made = made or bytearray(b"\0")
    return bytes(made)
