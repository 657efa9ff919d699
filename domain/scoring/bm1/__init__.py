"""The algorithm of BM-1 (bonus-malus), frozen by golden files: a stored score replays to the same bytes.

`BonusMalus` is the algorithm with a scheme; the other names are its parts. Nothing in this package changes once a score is
stored: a changed rule needs a new package.
"""

from domain.scoring.bm1.algorithm import BonusMalus
from domain.scoring.bm1.rendering import shown, shown_advice
from domain.scoring.bm1.scheme import BonusMalusScheme, scheme_of
from domain.scoring.bm1.scoring import advise, incremental_score, score

__all__ = [
    "BonusMalus",
    "BonusMalusScheme",
    "advise",
    "incremental_score",
    "scheme_of",
    "score",
    "shown",
    "shown_advice",
]
