"""Envelopes (budgetruimte): what the lots and challenges of a programme may reserve together, in one fund.

The envelope is that of the programme's settings in force, or else the programme's budget. Lots and challenges reserve their
budgets in its fund, ended ones too: what they spent is known when contracts are recorded. A minimum counts as its printed
figure, because no more was promised, and so does a maximum, because all of it may be used. What a budget in another fund is
paid from is no affair of this envelope.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.errors import BrokenRule, Conflict, Fault
from domain.money import Money, Qualifier, to_euros, total
from domain.portfolio.programmes import FundAmount, fund_amount

MOST_NAMED = 10
"""The most lots and challenges that a refusal lists."""


@dataclass(frozen=True, slots=True)
class Reservation:
    """The published budget of a lot or challenge, which is named by its code."""

    code: str
    budget: FundAmount


@dataclass(frozen=True, slots=True)
class EnvelopeUse:
    """What is reserved of an envelope, and what is left, in cents; `left` is below 0 where an envelope has shrunk.

    `qualifier` says how sure the figures are: that of the sum of everything that enters them.
    """

    fund: str
    envelope_cents: int
    reserved_cents: int
    left_cents: int
    qualifier: Qualifier


def envelope_of(settings: Mapping[str, Any] | None, programme: Mapping[str, Any]) -> FundAmount | None:
    """The envelope of the settings in force (None: there are none), or else the budget of the programme; None without both."""
    own = settings and fund_amount(*(settings[f"envelope_{part}"] for part in ("cents", "qualifier", "fund")))
    return own or fund_amount(*(programme[f"budget_{part}"] for part in ("cents", "qualifier", "fund")))


def check_fund(*, envelope: FundAmount | None, pointer: str) -> None:
    """Refuses an envelope, or a budget that serves as one, without a fund; `pointer` is the field of its fund."""
    if envelope is not None and envelope.fund is None:
        raise BrokenRule.at(Fault(pointer, "an envelope names its fund, such as strategic-cooperation; give it"))


def check_reservation(
    *, envelope: FundAmount | None, reserved: Iterable[Money | None], wanted: FundAmount | None
) -> None:
    """Refuses the budget of a lot or challenge that does not fit in the envelope with what is reserved in its fund.

    `reserved` are the budgets of the programme's other lots and challenges in that fund. In a programme with an envelope a
    budget names its fund; a budget of another fund is not limited. An envelope that has no fund, as some had before it was
    asked for, lets nothing be reserved until it names one.
    """
    if envelope is None or wanted is None:
        return
    if wanted.fund is None:
        advice = f"; give {envelope.fund} to reserve from it, or the fund that it is paid from" if envelope.fund else ""
        raise BrokenRule.at(Fault("/budget/fund", f"a budget in a programme with an envelope names its fund{advice}"))
    if envelope.fund is None:
        raise Conflict(
            "the programme's envelope names no fund, so nothing can be reserved; give the envelope its fund first",
            [Fault("/budget/fund", "cannot be compared with an envelope that names no fund")],
        )
    if wanted.fund != envelope.fund:
        return
    left = envelope.money.cents - sum(money.cents for money in reserved if money is not None)
    if wanted.money.cents > left:
        raise Conflict(
            f"the programme's envelope has {to_euros(max(left, 0))} EUR left in fund {envelope.fund}",
            [Fault("/budget/amount", f"at most {to_euros(max(left, 0))} can still be reserved")],
        )


def reserves_more(before: FundAmount | None, after: FundAmount | None) -> bool:
    """Whether a change of a budget reserves more; one that does not is allowed, even where an envelope has shrunk.

    A budget that loses its fund, or comes to another one, is a new reservation there.
    """
    if after is None:
        return False
    return before is None or before.fund != after.fund or after.money.cents > before.money.cents


def check_envelope(
    *, before: FundAmount | None, after: FundAmount | None, reservations: Sequence[Reservation], field: str
) -> None:
    """Refuses an envelope that is smaller than what is reserved already, or that finds budgets without a fund.

    `reservations` are the published budgets of the programme's lots and challenges, `field` is where the envelope stands in
    the body. One that was too small before may stay as it is or grow. An envelope that had no fund may be given one while
    there are budgets without: those were recorded before a fund was asked for.
    """
    if after is None or after == before:
        return
    without = [each.code for each in reservations if each.budget.fund is None]
    if without and (before is None or before.fund is not None):
        raise Conflict(
            f"these budgets of the programme name no fund, so they may or may not be in its envelope: {_named(without)}",
            [Fault(f"/{field}", "give those budgets a fund first")],
        )
    reserved = sum(each.budget.money.cents for each in reservations if each.budget.fund == after.fund)
    grows = before is not None and before.fund == after.fund and before.money.cents <= after.money.cents
    if reserved > after.money.cents and not grows:
        raise Conflict(
            f"lots and challenges of the programme reserve {to_euros(reserved)} EUR in fund {after.fund}",
            [Fault(f"/{field}/amount", f"give at least {to_euros(reserved)}, or reduce what is reserved first")],
        )


def use_of(envelope: FundAmount, budgets: Iterable[FundAmount]) -> EnvelopeUse | None:
    """What these budgets reserve of an envelope; None for an envelope without a fund, from which nothing is reserved."""
    if envelope.fund is None:
        return None
    reserved = [budget.money for budget in budgets if budget.fund == envelope.fund]
    cents = sum(money.cents for money in reserved)
    certainty = total([envelope.money, *reserved]).money
    assert certainty is not None
    left = envelope.money.cents - cents
    return EnvelopeUse(envelope.fund, envelope.money.cents, cents, left, certainty.qualifier)


def _named(codes: Sequence[str]) -> str:
    more = len(codes) - MOST_NAMED
    return ", ".join(codes[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
