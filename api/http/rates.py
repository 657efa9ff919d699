"""How often a key may ask within a minute, and an address may fail to sign in: counted here, and on PostgreSQL by all together.

Counts are of whole minutes, so that several processes can share them; at the turn of a minute a caller may so ask twice as often.
"""

from datetime import datetime

from fastapi import Request

from api.http.problems import HttpProblem
from api.http.service import Service
from api.queries.access import request_counts as queries
from domain.access.request_counts import MAX_SUBJECT, minute_of, seconds_left

MOST_SUBJECTS = 10_000
"""Subjects that are remembered within a minute; beyond it, those of one address more are not told apart."""
OTHERS = "others"


async def check_rate(service: Service, subject: str, limit: int, now: datetime, what: str) -> None:
    """Counts one more of a subject. Raises 429 where that is more than `limit` within a minute; 0: no limit.

    What is refused is known here until the minute is over, and asks no database: a flood costs no more than its requests.
    """
    if limit == 0:
        return
    minute = minute_of(now)
    known = service.counts.at(minute)
    if subject not in known and len(known) >= MOST_SUBJECTS:
        subject = OTHERS
    if known.get(subject, 0) <= limit:
        known[subject] = known.get(subject, 0) + 1
        if not service.database.is_sqlite:
            async with service.database.writing() as session:
                counted = await session.execute(queries.count_one(subject, minute))
            known[subject] = counted.scalar_one()
    if known[subject] > limit:
        wait = {"Retry-After": str(seconds_left(now))}
        raise HttpProblem(
            429, f"at most {limit} {what} a minute are allowed; wait as long as Retry-After says", headers=wait
        )


async def delete_past(service: Service) -> None:
    """Deletes what was counted in minutes that are over; this one and the last are kept, for clocks that differ."""
    if not service.database.is_sqlite:
        async with service.database.writing() as session:
            await session.execute(queries.delete_before(minute_of(service.clock()) - 1))


def address_of(request: Request) -> str:
    """The address that asks: of the client, or as a proxy on this machine says it is."""
    return request.client.host if request.client is not None else "unknown"


def subject_of_address(address: str) -> str:
    """What an address is counted under."""
    return f"address:{address}"[:MAX_SUBJECT]
