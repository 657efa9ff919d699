"""The document of a scheme: what every one of them says, and how a document is read and examined.

Every scheme has a version, a status, the name of its algorithm, and country lists; the rest is its algorithm's. Reading
gives typed values. A new document is examined for its names and texts too, because a weight under a misspelt name would
count for nothing without a word; schemes that are stored already are not held against that.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from domain.errors import BrokenRule, Fault

CODE = "code"
_LIST = {"title": "text", "asOf": "day", "countries": "countries"}
HEADER: Mapping[str, Any] = {
    "version": CODE,
    "algorithm": None,
    "status": CODE,
    "countryLists": {"version": CODE, "compiledOn": "day", "lists": {"*": _LIST}},
}
"""The names that every document has, and what kind of text stands there.

None is what reading it refuses by itself; a function gives the words of its refusal, None where nothing is wrong.
"""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_TEXT = re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff]{1,300}")
_NUMBER = re.compile(r"(0|[1-9][0-9]{0,17})(\.[0-9]{1,18}|/[1-9][0-9]{0,17})?")
_COUNTRY = re.compile(r"[A-Z]{2}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_EXPECTED = {
    "code": "give at most 40 letters, digits, dots, hyphens and underscores, such as BM-1.1",
    "text": "give a text of at most 300 characters on one line",
    "day": 'give a date as "2026-11-21"',
}


def name_faults(document: Mapping[str, Any], names: Mapping[str, Any], *, countries: Set[str]) -> list[Fault]:
    """Everything in a new document that is not known, or of which another kind of text belongs there.

    `names` are those of its algorithm, beside those that every document has; `countries` are those that there are.
    """
    return list(_Examination(countries).of(document, {**HEADER, **names}, ""))


def header_faults(document: Mapping[str, Any], *, countries: Set[str]) -> list[Fault]:
    """Everything wrong in what every new document says, whatever its algorithm looks at."""
    header = {name: value for name, value in document.items() if name in HEADER}
    read = SchemeDocument(header)
    read.text("version")
    read.text("countryLists", "version")
    country_lists_of(read)
    named = name_faults(header, {}, countries=countries)
    known = {fault.pointer for fault in named}
    return [*named, *(fault for fault in read.faults if fault.pointer not in known)]


def is_text(document: Mapping[str, Any]) -> bool:
    """Whether all of a document can be written as text; half a surrogate pair cannot, nor be named in a refusal."""
    try:
        json.dumps(document, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


class SchemeDocument:
    """A document under examination: gives typed values, and remembers what is wrong instead of stopping at it."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._faults: list[Fault] = []

    @property
    def faults(self) -> list[Fault]:
        """What is wrong so far, each thing once."""
        return list(dict.fromkeys(self._faults))

    def fault(self, pointer: str, detail: str) -> None:
        """Remembers that something is wrong."""
        self._faults.append(Fault(pointer, detail))

    def refuse_if_wrong(self) -> None:
        """Raises BrokenRule where anything was wrong, each thing once."""
        if self._faults:
            raise BrokenRule.at(*self.faults)

    def value(self, *path: str) -> Any:
        """What stands at a path, None where nothing does."""
        found: Any = self._document
        for step in path:
            found = found.get(step) if isinstance(found, Mapping) else None
        return found

    def text(self, *path: str) -> str:
        """The text at a path."""
        found = self.value(*path)
        if isinstance(found, str) and found.strip():
            return found
        self.fault("/" + "/".join(path), "give a text")
        return ""

    def number(self, *path: str, most: Fraction) -> Fraction:
        """The number at a path, from 0 to `most`: whole, a decimal text or a fraction text."""
        found = self.value(*path)
        is_whole = isinstance(found, int) and not isinstance(found, bool)
        if is_whole or (isinstance(found, str) and _NUMBER.fullmatch(found)):
            number = Fraction(found)
            if 0 <= number <= most:
                return number
        self.fault("/" + "/".join(path), f'give a number from 0 to {most}, whole or as a text such as "4/5"')
        return Fraction(0)

    def table(self, name: str, keys: Iterable[str], *, most: Fraction) -> dict[str, Fraction]:
        """A number for each of these keys."""
        return {key: self.number(name, key, most=most) for key in keys}

    def strings(self, *path: str) -> tuple[str, ...]:
        """The list of texts at a path, each once."""
        found = self.value(*path)
        if isinstance(found, list | tuple) and all(isinstance(item, str) for item in found):
            if len(set(found)) == len(found):
                return tuple(found)
            self.fault("/" + "/".join(path), "lists something twice; list each only once")
        else:
            self.fault("/" + "/".join(path), 'give a list of texts; write "NO" between quotation marks')
        return ()

    def rising(self, pointer: str, numbers: list[Fraction]) -> None:
        """What is better is never worth less."""
        if numbers != sorted(numbers):
            self.fault(pointer, "a better one may not be worth less than a worse one")


def country_lists_of(read: SchemeDocument) -> dict[str, frozenset[str]]:
    """The country lists by name."""
    read.text("countryLists", "compiledOn")
    named = read.value("countryLists", "lists")
    if not isinstance(named, Mapping):
        read.fault("/countryLists/lists", "give the country lists by name")
        return {}
    found = {}
    for name in named:
        read.text("countryLists", "lists", name, "asOf")
        countries = read.strings("countryLists", "lists", name, "countries")
        for country in countries:
            if not _COUNTRY.fullmatch(country):
                read.fault(f"/countryLists/lists/{name}/countries", f"{country} is not a country code in capitals")
        found[name] = frozenset(countries)
    return found


@dataclass(frozen=True, slots=True)
class _Examination:
    """A look at every value of a document; what is missing is said by reading it, but for texts."""

    countries: Set[str]

    def of(self, node: Mapping[str, Any], known: Mapping[str, Any], at: str) -> Iterator[Fault]:
        """What is wrong with an object."""
        for name, value in node.items():
            if "*" in known and not _NAME.fullmatch(name):
                yield Fault(at, f"names of lists: {_EXPECTED['code']}")
            elif "*" in known or name in known:
                yield from self._value(value, known.get(name, known.get("*")), f"{at}/{name}")
            else:
                yield Fault(f"{at}/{_escaped(name)}", "is not known here; leave it out or correct its name")
        for name, kind in known.items():
            if name not in node and isinstance(kind, str) and kind in _EXPECTED:
                yield Fault(f"{at}/{name}", _EXPECTED[kind])

    def _value(self, value: object, kind: Any, at: str) -> Iterator[Fault]:
        if isinstance(kind, Mapping):
            if isinstance(value, Mapping):
                yield from self.of(value, kind, at)
            else:
                yield Fault(at, "give an object")
        elif kind == "countries":
            yield from self._unknown_countries(value, at)
        elif callable(kind):
            words = kind(value)
            yield from () if words is None else (Fault(at, words),)
        elif kind is not None and not _is_text(value, kind):
            yield Fault(at, _EXPECTED[kind])

    def _unknown_countries(self, value: object, at: str) -> Iterator[Fault]:
        for index, country in enumerate(value if isinstance(value, list | tuple) else ()):
            if not isinstance(country, str) or country not in self.countries:
                yield Fault(f"{at}/{index}", "is not an ISO 3166-1 alpha-2 country code in capitals, such as NL")


def _is_text(value: object, kind: str) -> bool:
    if not isinstance(value, str):
        return False
    if kind == "day":
        return bool(_DAY.fullmatch(value)) and _is_day(value)
    return bool((_NAME if kind == "code" else _TEXT).fullmatch(value))


def _is_day(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
