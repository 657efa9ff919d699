"""A score of BM-1 in words, in a language: its causes, its knock-outs and what would raise it."""

from collections.abc import Iterable, Mapping
from typing import Any

from domain.scoring.rendering import rendered_improvement, rendered_score
from domain.scoring.results import Score, ScoreImprovement
from domain.scoring.texts.advice import improvement_text, knock_out_text
from domain.scoring.texts.languages import CAUSES, SENTENCES, Language


def shown(score: Score, language: Language = Language.EN) -> dict[str, Any]:
    """The body of a score. Raises ValueError where a cap without a finite decimal form leaves no exact adjustment."""
    return rendered_score(score, CAUSES[language])


def shown_advice(
    knock_outs: Iterable[Mapping[str, Any]], improvements: Iterable[ScoreImprovement], language: Language
) -> dict[str, Any]:
    """What is shown with a score and is no part of it: its knock-outs in words too, and what would raise it most."""
    sentences = SENTENCES[language]
    return {
        "knockOuts": [{**entry, "text": knock_out_text(sentences, entry)} for entry in knock_outs],
        "improvements": [
            rendered_improvement(improvement, improvement_text(sentences, improvement)) for improvement in improvements
        ],
    }
