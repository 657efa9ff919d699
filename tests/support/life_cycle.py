"""A naive model of lots, challenges and their milestones: what GOVERNANCE.md 2 says, worked out anew from all of it each time.

It shares no code with the service. A write is described by a function that gives the statuses with which it may be refused,
empty where it must be done; where several rules refuse it, any of their statuses will do.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

Days = tuple[date, date]
LOT_STEPS = {
    "exploring": {"marketDialogue", "terminated"},
    "marketDialogue": {"approved", "terminated"},
    "approved": {"running", "terminated"},
    "running": {"paused", "phasingOut", "terminated"},
    "paused": {"running", "terminated"},
    "phasingOut": {"completed", "terminated"},
}
CHALLENGE_STEPS = {
    "announced": {"open", "cancelled"},
    "open": {"running", "cancelled"},
    "running": {"trial", "cancelled"},
    "trial": {"cancelled"},
}
STEPS = {"lots": LOT_STEPS, "challenges": CHALLENGE_STEPS}
RUNS = {"running", "paused", "phasingOut", "completed", "trial"}
ENDINGS = {"completed", "terminated", "cancelled"}
WORSE = ("grey", "green", "amber", "red")
AMBER_UP_TO_DAYS = 90


@dataclass
class Assessed:
    """An assessment, and whether another corrects it."""

    id: str
    outcome: str
    on: date
    achieved_on: date | None
    is_corrected: bool = False


@dataclass
class Judged:
    """A milestone."""

    id: str
    parent: "Parent"
    is_published: bool
    is_critical: bool
    has_criterion: bool
    window: Days | None
    original: Days | None = None
    forecast: Days | None = None
    assessments: list[Assessed] = field(default_factory=list)
    withdrawn: tuple[str, date] | None = None

    @property
    def counts(self) -> Assessed | None:
        """The assessment that counts: the latest that no other corrects, of one day the one that was recorded last."""
        valid = [each for each in self.assessments if not each.is_corrected]
        return max(enumerate(valid), key=lambda pair: (pair[1].on, pair[0]))[1] if valid else None

    @property
    def status(self) -> str:
        return self.counts.outcome if self.counts else "scheduled"

    @property
    def dropped_on(self) -> date | None:
        return self.withdrawn[1] if self.withdrawn and self.withdrawn[0] == "dropped" else None

    @property
    def is_mistake(self) -> bool:
        return self.withdrawn is not None and self.dropped_on is None

    def baseline(self, side: str) -> date | None:
        """The last day of the window of a side, by which it is judged."""
        if side == "current" and self.dropped_on:
            return None
        window = self.original if side == "original" else self.window
        return window and window[1]

    def judged(self, side: str, today: date) -> tuple[str, int | None]:
        """Colour and slip on a day."""
        end, counts = self.baseline(side), self.counts
        if end is None:
            return "grey", None
        if self.dropped_on:
            return "red", max(0, (self.dropped_on - end).days)
        if counts and counts.achieved_on:
            slip = (counts.achieved_on - end).days
        else:
            reached = max([today, *([self.forecast[1]] if self.forecast else [])])
            slip = max(0, (reached - end).days)
        colour = "green" if slip <= 0 else "amber" if slip <= AMBER_UP_TO_DAYS else "red"
        if counts and counts.outcome == "notMet":
            colour = "red"
        if counts and counts.outcome == "partiallyMet" and today >= counts.on and colour == "green":
            colour = "amber"
        return colour, slip

    def _final(self) -> set[int]:
        """What refuses every write that shows in colours."""
        return {409} if self.withdrawn or self.parent.ended_on else set()

    def refuses_assessment(
        self, *, outcome: str, on: date, achieved_on: date | None, corrects: Assessed | None, proof: bool, today: date
    ) -> set[int]:
        """Statuses that refuse it."""
        refused = self._final()
        if (
            on > today
            or (outcome == "met") != (achieved_on is not None)
            or (achieved_on is not None and achieved_on > on)
        ):
            refused |= {400}
        if corrects is not None and corrects.is_corrected:
            refused |= {409}
        if outcome == "met" and self.is_critical and not self.has_criterion and not proof:
            refused |= {409}
        return refused

    def refuses_forecast(self, forecast: Days | None) -> set[int]:
        """Statuses that refuse it; what changes nothing is done, unless it was withdrawn."""
        return {409} if self.withdrawn or (self.parent.ended_on and forecast != self.forecast) else set()

    def refuses_window(self, window: Days | None) -> set[int]:
        """Statuses that refuse to edit the window: once it was agreed it changes by a rebaseline only."""
        fixed = self.original is not None or self.parent.ended_on is not None
        return {409} if self.withdrawn or (fixed and window != self.window) else set()

    def refuses_rebaseline(self, window: Days) -> set[int]:
        """Statuses that refuse it."""
        refused = self._final() | ({409} if self.original is None or self.status == "met" else set())
        return refused | ({400} if window == self.window else set())

    def refuses_withdrawal(self, kind: str, on: date, today: date) -> set[int]:
        """Statuses that refuse it. What was entered in error is taken back from what has ended too."""
        refused = {400} if on > today else set()
        if self.withdrawn or (kind == "enteredInError" and self.is_published):
            refused |= {409}
        if kind == "dropped" and (self.status == "met" or self.original is None or self.parent.ended_on):
            refused |= {409}
        return refused


@dataclass
class Parent:
    """A lot or challenge."""

    id: str
    noun: str
    status: str
    since: date
    has_run: bool = False
    ended_on: date | None = None
    milestones: list[Judged] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.has_run = self.status in RUNS

    def agree(self, milestone: Judged) -> None:
        """Fixes the original baseline of a milestone where it is agreed by now."""
        if milestone.original is None and (milestone.is_published or self.has_run) and not milestone.is_mistake:
            milestone.original = milestone.window

    def refuses_step(self, *, to: str, since: date | None, cancels: bool, today: date) -> set[int]:
        """Statuses that refuse a status."""
        refused = {400} if since is not None and since > today else set()
        if (to == "cancelled") != (cancels or self.status == "cancelled"):
            refused |= {400}
        if to != self.status and to not in STEPS[self.noun].get(self.status, set()):
            refused |= {409}
        if self.ended_on is not None and since not in (None, self.since):
            refused |= {409}
        return refused

    def step(self, *, to: str, since: date | None, today: date) -> None:
        """Takes a status."""
        if self.ended_on is None:
            self.since = since or (self.since if to == self.status else today)
        self.status, self.has_run = to, self.has_run or to in RUNS
        if to in ENDINGS and self.ended_on is None:
            self.ended_on = self.since
        if self.has_run:
            for milestone in self.milestones:
                self.agree(milestone)

    @property
    def listed(self) -> list[Judged]:
        """All but what was entered in error."""
        return [each for each in self.milestones if not each.is_mistake]

    def judged(self, side: str, today: date) -> tuple[str, int | None]:
        """Colour and slip on a day: the worst of what is critical or due next, and dropped ones against the original."""
        live = [each for each in self.listed if not each.dropped_on]
        unmet = [each for each in live if each.status != "met"]
        ends = [end for each in unmet if (end := each.baseline(side)) is not None]
        due = [each for each in unmet if each.baseline(side) == min(ends, default=None)]
        judged = [each for each in live if each.is_critical or each in due] or live
        if side == "original":
            judged = judged + [each for each in self.listed if each.dropped_on]
        found = [each.judged(side, self.ended_on or today) for each in judged]
        colour = max((colour for colour, _ in found), key=WORSE.index, default="grey")
        return colour, max((slip for _, slip in found if slip is not None), default=None)

    def line(self, today: date) -> dict[str, Any]:
        """What the status says of it."""
        both = {side: self.judged(side, today) for side in ("original", "current")}
        live = [each.status for each in self.listed if not each.dropped_on]
        return {
            "id": self.id,
            "status": self.status,
            "statusSince": self.since.isoformat(),
            "endedOn": self.ended_on and self.ended_on.isoformat(),
            "colours": {side: colour for side, (colour, _) in both.items()},
            "slipDays": {side: slip for side, (_, slip) in both.items()},
            "milestones": {name: live.count(name) for name in ("scheduled", "met", "partiallyMet", "notMet")},
            "withdrawn": {
                "enteredInError": len(self.milestones) - len(self.listed),
                "dropped": len(self.listed) - len(live),
            },
        }


def totals(parents: list[Parent], today: date) -> dict[str, Any]:
    """What the totals of the status say of these: what has ended is counted apart."""
    lines = [(each, each.line(today)) for each in parents]
    goes_on = [(parent, line) for parent, line in lines if parent.ended_on is None]
    ended = [(parent, line) for parent, line in lines if parent.ended_on is not None]
    return {
        **_counted(goes_on),
        "milestones": {
            name: sum(line["milestones"][name] for _, line in goes_on)
            for name in ("scheduled", "met", "partiallyMet", "notMet")
        },
        "ended": _counted(ended),
    }


def _counted(lines: list[tuple[Parent, dict[str, Any]]]) -> dict[str, Any]:
    return {
        **{noun: sum(parent.noun == noun for parent, _ in lines) for noun in STEPS},
        "colours": {
            side: {colour: sum(line["colours"][side] == colour for _, line in lines) for colour in WORSE}
            for side in ("original", "current")
        },
    }
