"""References to parliamentary papers (Kamerstukken) and letters of the ministry, in any spelling.

The letters spell references in many ways: `36 800 K, D`, `36800-X, nr.78`, `27 830, nr. 489`, `36 800-X34`,
`MINDEF20260046308`. The printed text is stored, together with one normal form: dossier-chapter-number, as the official
publications number them (36800-X-78). An unknown form or a probable misprint is flagged, never refused.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

MAX_REFERENCE_KEY = 320
_MINISTRY = re.compile(r"MINDEF-?(\d{11})", re.ASCII)
_PAPER = re.compile(
    r"(?:(?:KAMERSTUK(?:KEN)?(?: I{1,2})?|(?:EERSTE|TWEEDE) KAMER|[ET]K),? "
    r"(?:(?:VERGADERJAAR )?\d{4}[/-](?:\d{4}|\d{2}),? )?|KST-)?"
    r"(?P<dossier>\d{2}[ .]?\d{3})"
    r"(?:[ ,-]*(?P<chapter>(?:II|IX)[AB]|[IVX]{1,6}|[A-N])(?![A-Z]))?"
    r"(?:[ ,-]*(?:N[RO](?![A-Z])\.? ?|NUMMER )?(?P<number>\d{1,4}|(?!N[RO])[A-Z]{1,2}))?",
    re.ASCII,
)
_PROBABLY = re.compile(r"\b(?:probably|waarschijnlijk)\s+([^;()]+)", re.IGNORECASE)
_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
_DOSSIER = re.compile(r"\d{5}")


class ReferenceFlag(StrEnum):
    """What a reader of a reference is warned of."""

    UNKNOWN_FORM = "unknownForm"
    PROBABLE_MISPRINT = "probableMisprint"


@dataclass(frozen=True, slots=True)
class ParsedReference:
    """A parsed reference: its normal form, the form that was probably meant, and what to warn of."""

    normalised: str | None
    probably: str | None = None
    flag: ReferenceFlag | None = None


def normalise(printed: str) -> str | None:
    """The normal form of a reference (36800-X-78, 27830-489, MINDEF20260046308), None if it is in no known form."""
    text = _DASHES.sub("-", " ".join(printed.upper().split())).rstrip(".")
    ministry = _MINISTRY.fullmatch(text.replace(" ", ""))
    if ministry:
        return f"MINDEF{ministry[1]}"
    paper = _PAPER.fullmatch(text)
    if paper is None or _runs_together(paper):
        return None
    number = paper["number"]
    parts = (
        re.sub(r"\D", "", paper["dossier"]),
        paper["chapter"],
        str(int(number)) if number and number.isdecimal() else number,
    )
    return "-".join(part for part in parts if part)


def _runs_together(paper: re.Match[str]) -> bool:
    """Whether the number follows without a separator, so that it is unclear where it begins: 27830489, 36800XVD."""
    between = paper.string[paper.end("chapter" if paper["chapter"] else "dossier") : paper.start("number")]
    return bool(paper["number"]) and not between and not (paper["chapter"] and paper["number"].isdecimal())


def parse_reference(printed: str, note: str | None) -> ParsedReference:
    """Parses a reference. A note such as "probably 27 830" marks it as a probable misprint."""
    normalised = normalise(printed)
    probably = _meant(normalised, note)
    if probably is not None and probably != normalised:
        return ParsedReference(normalised, probably, ReferenceFlag.PROBABLE_MISPRINT)
    return ParsedReference(normalised, None, None if normalised else ReferenceFlag.UNKNOWN_FORM)


def _meant(normalised: str | None, note: str | None) -> str | None:
    """The reference that a note says was meant. If it names only a dossier, chapter and number stay as printed."""
    found = _PROBABLY.search(note or "")
    meant = normalise(found[1].strip(" .,")) if found else None
    if meant is None or not _DOSSIER.fullmatch(meant) or normalised is None:
        return meant
    return "-".join([meant, *normalised.split("-")[1:]])


def search_key(reference: str) -> str:
    """The key to search for, the same for every spelling of a reference: its normal form, or else its text without spaces."""
    return normalise(reference) or "".join(reference.casefold().split())[:MAX_REFERENCE_KEY]


def search_keys(printed: str, note: str | None) -> set[str]:
    """The keys that find a reference: as printed and as probably meant, each also by dossier and by dossier and chapter.

    36800-X-78 is found by 36800, 36800-X and 36800-X-78.
    """
    reading = parse_reference(printed, note)
    keys = {search_key(printed)}
    for form in (reading.normalised, reading.probably):
        parts = form.split("-") if form else []
        keys |= {"-".join(parts[:length]) for length in range(1, len(parts) + 1)}
    return keys


def search_keys_of_all(references: Iterable[Mapping[str, Any]]) -> set[str]:
    """The keys that find a row with these references, each an object with `asPrinted` and optionally a `note`."""
    return {key for one in references for key in search_keys(one["asPrinted"], one.get("note"))}
