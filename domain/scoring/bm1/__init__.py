"""The algorithm of BM-1.0 (bonus-malus), frozen by golden files: a stored score replays to the same bytes.

`score` gives exact figures, `shown` the body that the API answers, in a language. `advise` finds what would raise a score
most, and `shown_beside` tells it; `follow` follows a score as statements change. Nothing here changes once a score is
stored; a changed rule is a new package beside this one.
"""

from domain.scoring.bm1.rendering import shown, shown_beside
from domain.scoring.bm1.scoring import advise, follow, score
from domain.scoring.results import Score

__all__ = ["Score", "advise", "follow", "score", "shown", "shown_beside"]
