"""The encoding in which a file is read: the one that is stated with it, or the one that its bytes show."""

import codecs

from api.intake.encodings.detection import (
    OLDER,
    UTF_8,
    UTF_16,
    Detected,
    Encoding,
    UnknownEncoding,
    decodes,
    detect_older,
    utf_8_damage,
    utf_16_without_mark,
)

_SYNONYMS = {"iso8859-1": "cp1252", "ascii": "utf-8", "gbk": "gb18030", "gb2312": "gb18030", "big5": "cp950"}
_SYNONYMS |= {"shift_jis": "cp932", "euc_kr": "cp949", "koi8-r": "koi8_u", "utf-16-le": "utf-16-le"}
_OTHERS = ("iso8859-15", "iso8859-5", "iso8859-7", "iso8859-9", "cp1258", "cp437", "cp874", "utf-16-le", "utf-16-be")
_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class RefusedEncoding(Exception):
    """A file that cannot be decoded. `encoding` is what it is in apart from some bytes, None where that is not known."""

    def __init__(self, detail: str, encoding: Encoding | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.encoding = encoding


def stated_encoding(charset: str) -> Encoding | None:
    """The encoding that the parameter `charset` of a content type names; None where it is not read here."""
    try:
        name = codecs.lookup(charset).name
    except (LookupError, ValueError):
        return None
    name = codecs.lookup(_SYNONYMS.get(name, name)).name
    if name in ("utf-8", "utf-8-sig"):
        return UTF_8
    if name == "utf-16":
        return UTF_16
    known = next((each for each in OLDER if codecs.lookup(each.codec).name == name), None)
    return known or (Encoding(charset, name) if name in _OTHERS else None)


def choose(raw: bytes, charset: str | None) -> Detected:
    """The encoding of a file, with its rivals. Raises RefusedEncoding where the file is not text, or damaged."""
    stated = stated_encoding(charset) if charset else None
    if raw.startswith(_MARKS):
        return Detected(_valid(raw, UTF_16))
    if stated is not None:
        return Detected(_valid(raw, stated))
    if decodes(raw, UTF_8) and b"\0" not in raw:
        return Detected(UTF_8)
    unmarked = utf_16_without_mark(raw) if b"\0" in raw else None
    if unmarked is not None:
        return Detected(unmarked)
    if b"\0" in raw:
        raise RefusedEncoding("the file holds zero bytes, so it is no text in an encoding that is read here")
    return _older(raw)


def _valid(raw: bytes, encoding: Encoding) -> Encoding:
    if decodes(raw, encoding):
        return encoding
    detail = f"holds bytes that are not {encoding.label}, which the file is said or marked to be"
    raise RefusedEncoding(*((detail, encoding) if encoding is not UTF_16 else (f"the file {detail}", None)))


def _older(raw: bytes) -> Detected:
    valid, damaged = utf_8_damage(raw)
    if valid >= damaged:
        detail = (
            "holds a byte that is not UTF-8, as the rest of the file is, so a character was cut or damaged; correct it"
        )
        raise RefusedEncoding(detail, UTF_8)
    try:
        return detect_older(raw)
    except UnknownEncoding:
        raise RefusedEncoding(
            "the file is not UTF-8, and its text is not readable in any of the other encodings that are recognised"
        ) from None
