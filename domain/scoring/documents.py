"""The document of a scheme: the part that all schemes share, and how documents are parsed and checked.

Every scheme has a version, a status, the name of its algorithm, and country lists; the rest depends on its algorithm.
Parsing gives typed values. A new document is also checked for unknown names and wrong texts, because a weight under a
misspelt name would be ignored silently; stored schemes are not checked again.
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
"""The names that every document has, each with the kind of its value.

A kind is a name (`code`, `text`, `day`, `countries`), a mapping of names within an object (`*` is any name), or a function
that gives the text of a fault, None if nothing is wrong. None: parsing checks the value.
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
    """The unknown names in a new document, and the values of the wrong kind.

    `names` are those of its algorithm, in addition to `HEADER`; `countries` are all existing country codes.
    """
    return list(_Examination(countries).of(document, {**HEADER, **names}, ""))


def header_faults(document: Mapping[str, Any], *, countries: Set[str]) -> list[Fault]:
    """Everything wrong in the part of a new document that all schemes share."""
    header = {name: value for name, value in document.items() if name in HEADER}
    read = SchemeDocument(header)
    read.text("version")
    read.text("countryLists", "version")
    country_lists_of(read)
    named = name_faults(header, {}, countries=countries)
    known = {fault.pointer for fault in named}
    return [*named, *(fault for fault in read.faults if fault.pointer not in known)]


def is_text(document: Mapping[str, Any]) -> bool:
    """Whether a document can be encoded as UTF-8. Half a surrogate pair cannot, not even in the message of a refusal."""
    try:
        json.dumps(document, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


class SchemeDocument:
    """A document being parsed. Gives typed values, and collects faults instead of stopping at the first one."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._faults: list[Fault] = []

    @property
    def faults(self) -> list[Fault]:
        """The faults so far, without duplicates."""
        return list(dict.fromkeys(self._faults))

    def fault(self, pointer: str, detail: str) -> None:
        """Records a fault."""
        self._faults.append(Fault(pointer, detail))

    def refuse_if_wrong(self) -> None:
        """Raises BrokenRule if there are any faults."""
        if self._faults:
            raise BrokenRule.at(*self.faults)

    def value(self, *path: str) -> Any:
        """The value at a path, None if there is none."""
        found: Any = self._document
        for step in path:
            found = found.get(step) if isinstance(found, Mapping) else None
        return found

    def text(self, *path: str) -> str:
        """The text at a path; records a fault and gives an empty one if it is missing or blank."""
        found = self.value(*path)
        if isinstance(found, str) and found.strip():
            return found
        self.fault("/" + "/".join(path), "give a text")
        return ""

    def number(self, *path: str, most: Fraction) -> Fraction:
        """The number at a path, from 0 to `most`: whole, a decimal text or a fraction text such as "4/5".

        Records a fault and gives 0 if it is anything else.
        """
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
        """The list of texts at a path; records a fault and gives none if it is anything else or has duplicates."""
        found = self.value(*path)
        if isinstance(found, list | tuple) and all(isinstance(item, str) for item in found):
            if len(set(found)) == len(found):
                return tuple(found)
            self.fault("/" + "/".join(path), "lists something twice; list each only once")
        else:
            self.fault("/" + "/".join(path), 'give a list of texts; write "NO" between quotation marks')
        return ()

    def rising(self, pointer: str, numbers: list[Fraction]) -> None:
        """Records a fault if numbers, worst first, are not in ascending order."""
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
    """Checks every value of a document. Of missing values only texts are faults here; parsing reports the others."""

    countries: Set[str]

    def of(self, node: Mapping[str, Any], known: Mapping[str, Any], at: str) -> Iterator[Fault]:
        """The faults of an object; `at` is its pointer."""
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
