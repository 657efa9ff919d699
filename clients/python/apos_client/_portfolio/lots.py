"""Lots (kavels): operational effects on which Defence works for years with several companies."""

from collections.abc import Iterator
from typing import Unpack

from apos_client._keywords import LotFilters
from apos_client._models import Lot
from apos_client._scoring.scoring_profiles import ScoredParents


class Lots(ScoredParents[Lot]):
    """The lots you may see: a supplier sees those it takes part in, a viewer what is public."""

    _path, _model = "/lots", Lot

    def each(self, **filters: Unpack[LotFilters]) -> Iterator[Lot]:
        """Every lot you may see, through all pages."""
        return self._each(filters)
