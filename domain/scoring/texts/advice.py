"""What knock-outs and improvements say, in the words of a language: they are rendering and enter no figure.

A knock-out is told by its reason, an improvement by a code of what is done to which field. The sentences of a language
stand in a module of its own. A code, a reason or a value that a language does not know raises KeyError.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

COMPONENT, DIMENSION, AUTHORITY = "component", "dimension", "authority"


@dataclass(frozen=True, slots=True)
class Sentences:
    """The sentences of a language by code, and the words that are filled in.

    `whose` says what a statement is about; `weeks` a number of weeks; `dependences` and `levels` what is declared.
    """

    knock_outs: Mapping[str, str]
    improvements: Mapping[str, str]
    whose: Mapping[str, str]
    dimensions: Mapping[str, str]
    dependences: Mapping[str, str]
    levels: Mapping[str, str]
    weeks: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Advice:
    """What an improvement says, as codes: what is done, whose statement it is, and what it is and would be."""

    code: str
    about: str
    key: str
    before: str | None
    after: str


def knock_out_text(sentences: Sentences, entry: Mapping[str, str]) -> str:
    """One line on a knock-out, as it is shown."""
    named = {name: entry[name] for name in ("componentKey", "functionGroup") if name in entry}
    if "dimension" in entry:
        named["dimension"] = sentences.dimensions[entry["dimension"]]
    return sentences.knock_outs[entry["reason"]].format(**named)


def improvement_text(sentences: Sentences, advice: Advice) -> str:
    """One line on a change that raises a score."""
    key = sentences.dimensions[advice.key] if advice.about == DIMENSION else advice.key
    words = {"key": key, "what": sentences.whose[advice.about].format(key=key)}
    for name, value in (("before", advice.before), ("after", advice.after)):
        if value is not None:
            words[name] = _worded(sentences, advice.code, value)
    return sentences.improvements[advice.code].format(**words)


def _worded(sentences: Sentences, code: str, value: str) -> str:
    """A value in words; a country stays the code that it is."""
    field = code.partition(".")[2]
    if field in ("stockWeeks", "leadTimeWeeks"):
        return sentences.weeks(value)
    tables = {"dependence": sentences.dependences, "level": sentences.levels}
    return tables[field][value] if field in tables else value
