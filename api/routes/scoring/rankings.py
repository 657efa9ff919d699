"""Rankings of the declarations for a lot or challenge, for the programme office; as JSON or CSV."""

import hashlib
from collections.abc import Sequence
from fractions import Fraction
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from api.actions.scoring import rankings as actions
from api.actions.scoring.rankings import Contender, Tally
from api.exports.tables import CsvTable, decimals_of, headers_of
from api.http.auth import Read, RequiresRead
from api.http.csv_answers import DialectParameter, csv_answer, dialect_for
from api.http.negotiation import CSV, csv_example, offers
from api.http.paths import ChallengeId, LotId
from api.http.route import Route
from api.schemas.bodies import DECIMAL, Day, ExactAmount, FictitiousPrice, View
from domain.declarations.origin_declarations import DeclarationStatus
from domain.permissions import Permission
from domain.portfolio.challenges import Challenge
from domain.portfolio.lots import Lot
from domain.scoring.exact import decimals
from domain.scoring.rankings import Mode, Unranked
from domain.scoring.results import KnockOutCode, Reason, Verdict

router = APIRouter(route_class=Route)
Reads = Annotated[Read, RequiresRead(Permission.READ_RANKINGS)]
MediaType = Annotated[str, offers({CSV: csv_example("rank,unranked,declarationId\r\n")})]


class RankingQuery(BaseModel):
    """The day to score on, and how a table is written."""

    model_config = ConfigDict(extra="forbid")

    reference_date: Day | None = Field(
        default=None,
        alias="referenceDate",
        description="Score all on this day, each under the scheme of its stored score; left out: by the stored scores",
    )
    dialect: DialectParameter = None


class KnockOutCount(View):
    """How many knock-outs of a kind there are; the score of the declaration lists each of them."""

    code: KnockOutCode
    reason: Reason
    count: int


class KnockOutCounts(View):
    """The knock-outs that count, and those that are waived."""

    standing: list[KnockOutCount]
    waived: list[KnockOutCount]


class PriceByMode(View):
    """The fictitious price in both modes: adjusted by a percentage of the own price, or of the reference amount if any."""

    own_price: FictitiousPrice | None
    reference_amount: FictitiousPrice | None


class RankedDeclaration(View):
    """A declaration and its rank; `unranked` says why it has none."""

    rank: int | None = Field(description="The lowest fictitious price is first; equal ones share a rank")
    unranked: Unranked | None
    declaration_id: UUID
    supplier_id: UUID
    supplier_name: str
    status: DeclarationStatus
    revision: int
    scheme_version: str = Field(examples=["BM-1.0"])
    reference_date: Day
    score: Annotated[str, DECIMAL] | None = Field(examples=["68.1"])
    adjustment_percent: Annotated[str, DECIMAL] = Field(examples=["3.62"])
    price: ExactAmount | None
    fictitious_price: PriceByMode
    knock_outs: KnockOutCounts
    edip_verdict: Verdict


_COUNT_HEADERS = ("knockOuts.standing", "knockOuts.waived")
HEADERS = [
    *(header for header in headers_of(RankedDeclaration) if not header.startswith(_COUNT_HEADERS)),
    *_COUNT_HEADERS,
]
"""The headers of the table; the kinds of knock-outs share a cell."""


class Ranking(View):
    """The active declarations for a lot or challenge, in order; those without a rank are last.

    Where the scoring profile has a reference amount, the second mode decides: a percentage of one's own price rewards the
    dearer offer.
    """

    decided_by: Mode
    reference_amount: ExactAmount | None
    reference_date: Day | None = Field(description="null: each by its stored score")
    items: list[RankedDeclaration]


@router.get(
    "/lots/{lotId}/ranking",
    response_model=Ranking,
    tags=["lots"],
)
async def get_lot_ranking(
    lot_id: LotId, query: Annotated[RankingQuery, Query()], read: Reads, media_type: MediaType
) -> Ranking | Response:
    """What was declared for a lot, in the order of fictitious prices.

    Submitted and accepted declarations, the newest of each series. As CSV: a row each, nested keys as dotted headers.
    """
    return await _answer(await read.load(Lot, lot_id), query, read, media_type)


@router.get(
    "/challenges/{challengeId}/ranking",
    response_model=Ranking,
    tags=["challenges"],
)
async def get_challenge_ranking(
    challenge_id: ChallengeId, query: Annotated[RankingQuery, Query()], read: Reads, media_type: MediaType
) -> Ranking | Response:
    """What was declared for a challenge, in the order of fictitious prices.

    Submitted and accepted declarations, the newest of each series. As CSV: a row each, nested keys as dotted headers.
    """
    return await _answer(await read.load(Challenge, challenge_id), query, read, media_type)


async def _answer(parent: Lot | Challenge, query: RankingQuery, read: Read, media_type: str) -> Ranking | Response:
    dialect = dialect_for(media_type, query.dialect)
    ranked = await actions.ranking_of(read.session, read.context, parent, query.reference_date)
    document = _ranking(ranked, query)
    if media_type != CSV:
        return document
    digest = hashlib.sha256(document.model_dump_json().encode()).hexdigest()
    table = CsvTable(HEADERS, numbers=decimals_of(RankedDeclaration), dialect=dialect)
    return csv_answer(table.documents(map(_cells, document.items)), digest, dialect)


def _ranking(ranked: actions.RankedParent, query: RankingQuery) -> Ranking:
    columns = {"reference_amount_cents": ranked.reference_amount_cents}
    return Ranking(
        decided_by=ranked.mode,
        reference_amount=ExactAmount.from_columns("reference_amount", columns),
        reference_date=query.reference_date,
        items=[_item(contender) for contender in ranked.contenders],
    )


def _item(contender: Contender) -> RankedDeclaration:
    return RankedDeclaration(
        rank=contender.rank,
        unranked=contender.unranked,
        declaration_id=contender.row["id"],
        edip_verdict=contender.figures["origin_shares"]["edip"]["verdict"],
        knock_outs=KnockOutCounts(
            standing=_knock_out_counts(contender.standing), waived=_knock_out_counts(contender.waived)
        ),
        price=ExactAmount.from_columns("price", contender.row),
        fictitious_price=PriceByMode(
            own_price=_price(None if contender.prices is None else contender.prices.own_price_cents),
            reference_amount=_price(None if contender.prices is None else contender.prices.reference_amount_cents),
        ),
        **{
            name: contender.row[name]
            for name in ("supplier_id", "supplier_name", "status", "revision", "scheme_version")
        },
        **{name: contender.figures[name] for name in ("reference_date", "score", "adjustment_percent")},
    )


def _knock_out_counts(tallies: Sequence[Tally]) -> list[KnockOutCount]:
    return [KnockOutCount(code=code, reason=reason, count=count) for code, reason, count in tallies]


def _price(cents: int | None) -> FictitiousPrice | None:
    return None if cents is None else FictitiousPrice(amount=decimals(Fraction(cents, 100), 2))


def _cells(item: RankedDeclaration) -> dict[str, Any]:
    """A row of the CSV; within a cell, kinds of knock-outs are separated by semicolons: `KO-2 unknownOrigin x3; ...`."""
    cells = {
        name: "; ".join(f"{kind.code} {kind.reason} x{kind.count}" for kind in kinds)
        for name, kinds in (("standing", item.knock_outs.standing), ("waived", item.knock_outs.waived))
    }
    return {**item.model_dump(mode="json", by_alias=True), "knockOuts": cells}
