"""Which encoding the text of a file is in, and which others give another text that is as likely.

UTF-8 and UTF-16 are certain. Of the older encodings, charset-normalizer proposes those that can be it, and the spelling of
the words decides between them. What stays open is told as rivals, so that nothing is guessed.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from charset_normalizer import from_bytes

from api.intake.encodings.letters import fit_of, tokens_of

PIECE = 1 << 16
SAMPLE = 24_000
"""Bytes of lines with other characters than ASCII that an encoding is recognised by."""
_LONG_LINE = SAMPLE // 4
_NOT_ASCII = bytes(range(0x80, 0x100))
MARGIN = 5.0
"""How much likelier a text must be than the others, as the difference of logarithms."""
_MAX_ODD = 4
"""One token in so many may be odd."""
_MESS = 0.45
_LINES = re.compile(rb"[^\r\n]+")
_WESTERN = ("nl", "de", "fr", "es", "it", "pt", "da", "sv", "nb_NO", "fi", "is")
_CENTRAL = ("pl", "cs", "sk", "hu", "sl", "hr", "ro", "de")
_CYRILLIC = ("ru", "uk", "bg", "sr")
_BALTIC = ("lt", "lv", "et")
_SIMPLIFIED, _TRADITIONAL, _JAPANESE, _KOREAN, _GREEK, _TURKISH = (
    ("zh_CN",),
    ("zh_TW",),
    ("ja",),
    ("ko",),
    ("el",),
    ("tr",),
)
_KANA = frozenset(map(chr, (*range(0x3041, 0x30FF), *range(0xFF66, 0xFFA0))))
_NO_KANA = -8.0
"""For a text in Japanese without any sign of a syllable, which is rare."""
_CELL_ENDS = frozenset(",;\t|\r\n")


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding: the name for people, that of its codec, the languages it is used for, and where its common signs begin."""

    label: str
    codec: str
    languages: tuple[str, ...] = ()
    common: tuple[int, int] | None = None


UTF_8 = Encoding("UTF-8", "utf-8-sig")
UTF_16_LE, UTF_16_BE = Encoding("UTF-16LE", "utf-16-le"), Encoding("UTF-16BE", "utf-16-be")
UTF_16 = Encoding("UTF-16", "utf-16")
OLDER = (
    Encoding("Windows-1252", "cp1252", _WESTERN),
    Encoding("Windows-1250", "cp1250", _CENTRAL),
    Encoding("Mac Roman", "mac_roman", _WESTERN),
    Encoding("DOS 850", "cp850", _WESTERN),
    Encoding("DOS 852", "cp852", _CENTRAL),
    Encoding("ISO 8859-2", "iso8859_2", _CENTRAL),
    Encoding("Windows-1251", "cp1251", _CYRILLIC),
    Encoding("KOI8-U", "koi8_u", _CYRILLIC),
    Encoding("Mac Cyrillic", "mac_cyrillic", _CYRILLIC),
    Encoding("DOS 866", "cp866", _CYRILLIC),
    Encoding("Windows-1253", "cp1253", _GREEK),
    Encoding("Windows-1254", "cp1254", _TURKISH),
    Encoding("Windows-1255", "cp1255", ("he",)),
    Encoding("Windows-1256", "cp1256", ("ar", "fa")),
    Encoding("Windows-1257", "cp1257", _BALTIC),
    Encoding("GB18030", "gb18030", _SIMPLIFIED, (0xB0A1, 0xD7F9)),
    Encoding("Big5", "cp950", _TRADITIONAL, (0xA440, 0xC67E)),
    Encoding("Shift-JIS", "cp932", _JAPANESE, (0x889F, 0x9872)),
    Encoding("EUC-JP", "euc_jp", _JAPANESE, (0xB0A1, 0xCFD3)),
    Encoding("EUC-KR", "cp949", _KOREAN),
)
"""The encodings before Unicode that are recognised. The order says nothing: which of them it is, the text says."""


class UnknownEncoding(Exception):
    """The text is in no encoding that is recognised."""


@dataclass(frozen=True, slots=True)
class Detected:
    """The encoding of a file. `rivals` are others in which its text is another one, and about as likely."""

    encoding: Encoding
    rivals: tuple[Encoding, ...] = ()


def utf_8_damage(raw: bytes) -> tuple[int, int]:
    """The number of characters beyond ASCII that are valid UTF-8, and the number of bytes that are not."""
    valid = damaged = 0
    for line in _special_lines(raw):
        text = line.decode("utf-8", "surrogateescape")
        escaped = sum("\udc80" <= char <= "\udcff" for char in text)
        damaged += escaped
        valid += sum(char > "\x7f" for char in text) - escaped
    return valid, damaged


def utf_16_without_mark(raw: bytes) -> Encoding | None:
    """UTF-16 in the order of bytes that its ASCII characters show; None where the text is not that."""
    even, odd = raw[: 2 * SAMPLE : 2].count(0), raw[1 : 2 * SAMPLE : 2].count(0)
    found = UTF_16_LE if odd > even else UTF_16_BE
    units = min(len(raw), 2 * SAMPLE) // 2
    if max(even, odd) < units // 20 or min(even, odd) > max(even, odd) // 20 or not decodes(raw, found):
        return None
    text = raw[: 2 * units].decode(found.codec, "replace")
    return found if "\0" not in text and not _CELL_ENDS.isdisjoint(text) else None


def decodes(raw: bytes, encoding: Encoding) -> bool:
    """Whether a whole file is valid in an encoding; decoded in pieces, because the text may take twice the memory."""
    decoder = codecs.getincrementaldecoder(encoding.codec)()
    try:
        for start in range(0, len(raw), PIECE):
            decoder.decode(raw[start : start + PIECE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def detect_older(raw: bytes) -> Detected:
    """The encoding of text that is not Unicode. Raises UnknownEncoding where none of `OLDER` fits it."""
    sample = sample_of(raw)
    ranked = sorted(_fitting(sample), key=lambda fitting: -fitting[0])
    ranked = [fitting for fitting in ranked if decodes(raw, fitting[1])]
    if not ranked:
        raise UnknownEncoding
    best_fit, best, best_text = ranked[0]
    rivals = [other for fit, other, text in ranked[1:] if best_fit - fit < MARGIN and text != best_text]
    return Detected(best, tuple(rivals))


def sample_of(raw: bytes) -> bytes:
    """Different lines with other characters than ASCII, from all of the file."""
    lines = list(dict.fromkeys(_beginning(line) for line in _special_lines(raw)))
    step = max(1, sum(map(len, lines)) // SAMPLE)
    return b"\n".join(lines[::step])[: 2 * SAMPLE]


def _beginning(line: bytes) -> bytes:
    """A line, or its beginning where it is very long, without a character that may have been cut in two."""
    return line if len(line) <= _LONG_LINE else line[:_LONG_LINE].rstrip(_NOT_ASCII)


def _special_lines(raw: bytes) -> Iterator[bytes]:
    """The lines with other characters than ASCII."""
    return (line[0] for line in _LINES.finditer(raw) if not line[0].isascii())


def _fitting(sample: bytes) -> Iterator[tuple[float, Encoding, str]]:
    """The encodings in which the sample is text, each with how well it fits."""
    codec_names = [each.codec for each in OLDER]
    proposed = {
        codecs.lookup(name).name
        for match in from_bytes(sample, cp_isolation=codec_names, threshold=_MESS, language_threshold=0.0)
        for name in (match.encoding, *match.could_be_from_charset)
    }
    for encoding in OLDER:
        if codecs.lookup(encoding.codec).name not in proposed:
            continue
        try:
            text = sample.decode(encoding.codec)
        except UnicodeDecodeError:
            continue
        fits = [fit_of(token, encoding.languages, common_of(encoding)) for token in tokens_of(text)]
        odd = sum(fit.oddities for fit in fits)
        if fits and odd * _MAX_ODD <= len(fits):
            lacks_kana = encoding.languages == _JAPANESE and _KANA.isdisjoint(text)
            yield sum(fit.likelihood for fit in fits) + (_NO_KANA if lacks_kana else 0.0), encoding, text


@lru_cache(maxsize=len(OLDER))
def common_of(encoding: Encoding) -> frozenset[str]:
    """The ideographs and syllables that are in the part of an encoding for common ones."""
    if encoding.common is None:
        return frozenset()
    first, last = encoding.common
    found = set[str](_KANA) if encoding.languages == _JAPANESE else set()
    for code in range(first, last + 1):
        char = code.to_bytes(2, "big").decode(encoding.codec, "ignore")
        if len(char) == 1:
            found.add(char)
    return frozenset(found)
