"""The languages (talen) that scores are explained in; English by default.

A language has texts for every cause, knock-out and improvement. No figure depends on it.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum

from domain.scoring.texts import causes, causes_nl
from domain.scoring.texts.advice import Sentences
from domain.scoring.texts.advice_en import ENGLISH
from domain.scoring.texts.advice_nl import DUTCH


class Language(StrEnum):
    """A language, by its code in ISO 639."""

    EN = "en"
    NL = "nl"


CAUSES: Mapping[Language, Callable[[str, Mapping[str, str]], str]] = {
    Language.EN: causes.text_of,
    Language.NL: causes_nl.text_of,
}
"""The functions that give the text of a cause."""
SENTENCES: Mapping[Language, Sentences] = {Language.EN: ENGLISH, Language.NL: DUTCH}
"""The sentences of knock-outs and improvements."""
