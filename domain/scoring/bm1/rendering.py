"""A score of BM-1 as JSON, with texts in a language for its causes, knock-outs and improvements."""

from collections.abc import Iterable, Mapping
from typing import Any

from domain.scoring.rendering import rendered_improvement, rendered_score
from domain.scoring.results import Score, ScoreImprovement
from domain.scoring.texts.advice import improvement_text, knock_out_text
from domain.scoring.texts.languages import CAUSES, SENTENCES, Language


def shown(score: Score, language: Language = Language.EN) -> dict[str, Any]:
    """The JSON body of a score.

    Raises ValueError if the adjustment has no finite decimal form, because the cap has none.
    """
    return rendered_score(score, CAUSES[language])


def shown_advice(
    knock_outs: Iterable[Mapping[str, Any]], improvements: Iterable[ScoreImprovement], language: Language
) -> dict[str, Any]:
    """What is shown next to a score: its knock-outs with a text, and what would raise it most."""
    sentences = SENTENCES[language]
    return {
        "knockOuts": [{**entry, "text": knock_out_text(sentences, entry)} for entry in knock_outs],
        "improvements": [
            rendered_improvement(improvement, improvement_text(sentences, improvement)) for improvement in improvements
        ],
    }
