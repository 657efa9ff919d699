"""What knock-outs and improvements say, in the words of a language: they are rendering and enter no figure.

A knock-out is explained by its reason, an improvement by a code of what is done to which field. The sentences of a
language are in a module of its own. A code, a reason or a value that a language does not know raises KeyError.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from domain.scoring.results import ScoreImprovement

COMPONENT, DIMENSION, AUTHORITY = "component", "dimension", "authority"
LEAD_TIME = "leadTimeWeeks"
"""In the place of a value, a stock as large as the lead time."""


@dataclass(frozen=True, slots=True)
class Sentences:
    """The sentences of a language by code, and the words that are filled in.

    `subjects` says what a statement is about; `weeks` a number of weeks; `dependences` and `levels` what is declared.
    """

    knock_outs: Mapping[str, str]
    improvements: Mapping[str, str]
    subjects: Mapping[str, str]
    dimensions: Mapping[str, str]
    dependences: Mapping[str, str]
    levels: Mapping[str, str]
    weeks: Callable[[str], str]


def knock_out_text(sentences: Sentences, entry: Mapping[str, str]) -> str:
    """One line on a knock-out, as it is shown."""
    named = {name: entry[name] for name in ("componentKey", "functionGroup") if name in entry}
    if "dimension" in entry:
        named["dimension"] = sentences.dimensions[entry["dimension"]]
    return sentences.knock_outs[entry["reason"]].format(**named)


def improvement_text(sentences: Sentences, improvement: ScoreImprovement) -> str:
    """One line on a change that raises a score."""
    about, key = _subject(improvement)
    named = sentences.dimensions[key] if about == DIMENSION else key
    words = {"key": named, "what": sentences.subjects[about].format(key=named)}
    code = improvement_code(improvement)
    for name, value in (("before", improvement.before), ("after", improvement.after)):
        if value is not None:
            words[name] = _value_text(sentences, code, value)
    return sentences.improvements[code].format(**words)


def improvement_code(improvement: ScoreImprovement) -> str:
    """The code of what is done to which field, by which a sentence is found."""
    if improvement.field == "evidence":
        return f"{improvement.kind}.{improvement.after}"
    if improvement.after == LEAD_TIME:
        return f"{improvement.kind}.supply"
    if (_subject(improvement)[0], improvement.field) == (AUTHORITY, "country"):
        return f"{improvement.kind}.primeCountry"
    return f"{improvement.kind}.{improvement.field}"


def _subject(improvement: ScoreImprovement) -> tuple[str, str]:
    """Whose statement it is, and its key or name."""
    if improvement.component_key is not None:
        return COMPONENT, improvement.component_key
    return (AUTHORITY, "") if improvement.dimension is None else (DIMENSION, improvement.dimension.value)


def _value_text(sentences: Sentences, code: str, value: str) -> str:
    """A value in words; a country stays the code that it is."""
    field = code.partition(".")[2]
    if field in ("stockWeeks", "leadTimeWeeks"):
        return sentences.weeks(value)
    tables = {"dependence": sentences.dependences, "level": sentences.levels}
    return tables[field][value] if field in tables else value
