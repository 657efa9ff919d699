"""The texts of knock-outs and improvements in a language. They are made when a score is shown and affect no figure.

The text of a knock-out depends on its reason, that of an improvement on a code such as `replace.countryOfControl`. Each
language has its sentences in a module of its own. Raises KeyError for a code, reason or value that a language lacks.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from domain.scoring.results import ScoreImprovement

COMPONENT, DIMENSION, AUTHORITY = "component", "dimension", "authority"
LEAD_TIME = "leadTimeWeeks"
"""Instead of a number of weeks: a stock as large as the lead time."""


@dataclass(frozen=True, slots=True)
class Sentences:
    """The sentences of a language by code, and the words to fill in.

    `subjects` names what a statement is about, `weeks` writes a number of weeks, and `dependences` and `levels` name what is
    declared.
    """

    knock_outs: Mapping[str, str]
    improvements: Mapping[str, str]
    subjects: Mapping[str, str]
    dimensions: Mapping[str, str]
    dependences: Mapping[str, str]
    levels: Mapping[str, str]
    weeks: Callable[[str], str]


def knock_out_text(sentences: Sentences, entry: Mapping[str, str]) -> str:
    """One line of text on a knock-out, given in JSON."""
    named = {name: entry[name] for name in ("componentKey", "functionGroup") if name in entry}
    if "dimension" in entry:
        named["dimension"] = sentences.dimensions[entry["dimension"]]
    return sentences.knock_outs[entry["reason"]].format(**named)


def improvement_text(sentences: Sentences, improvement: ScoreImprovement) -> str:
    """One line of text on a change that raises a score."""
    about, key = _subject(improvement)
    named = sentences.dimensions[key] if about == DIMENSION else key
    words = {"key": named, "what": sentences.subjects[about].format(key=named)}
    code = improvement_code(improvement)
    for name, value in (("before", improvement.before), ("after", improvement.after)):
        if value is not None:
            words[name] = _value_text(sentences, code, value)
    return sentences.improvements[code].format(**words)


def improvement_code(improvement: ScoreImprovement) -> str:
    """The code of the sentence for a change: what is done to which field, such as `answer.licenceCountry`."""
    if improvement.field == "evidence":
        return f"{improvement.kind}.{improvement.after}"
    if improvement.after == LEAD_TIME:
        return f"{improvement.kind}.supply"
    if (_subject(improvement)[0], improvement.field) == (AUTHORITY, "country"):
        return f"{improvement.kind}.primeCountry"
    return f"{improvement.kind}.{improvement.field}"


def _subject(improvement: ScoreImprovement) -> tuple[str, str]:
    """What the change is about, and its key or name."""
    if improvement.component_key is not None:
        return COMPONENT, improvement.component_key
    return (AUTHORITY, "") if improvement.dimension is None else (DIMENSION, improvement.dimension.value)


def _value_text(sentences: Sentences, code: str, value: str) -> str:
    """A value in words. A country remains a code."""
    field = code.partition(".")[2]
    if field in ("stockWeeks", "leadTimeWeeks"):
        return sentences.weeks(value)
    tables = {"dependence": sentences.dependences, "level": sentences.levels}
    return tables[field][value] if field in tables else value
