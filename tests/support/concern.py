"""BM-1.0 with another list of countries of concern."""

from dataclasses import replace

from domain.scoring.bm1 import BonusMalusScheme
from tests.domain.scoring.examples import bm_1_0


def concern(*countries: str) -> BonusMalusScheme:
    """BM-1.0 with these countries of concern too."""
    groups = {name: members - set(countries) for name, members in bm_1_0().country_groups.items()}
    return replace(bm_1_0(), country_groups={**groups, "D": groups["D"] | set(countries)})
