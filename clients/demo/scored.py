"""Shows a score: what it rests on, what costs most, what would raise it most, its knock-outs and its origin shares."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from apos_client import Amount, ExplanationLine, KnockOut, Score
from local_service import Failed
from screen import Screen, in_plain_words

CODES = {
    "KO-1": "a country of concern where it is critical",
    "KO-2": "an answer is missing; it can be given",
    "KO-3": "the prime is not in the EU",
}


class Scored:
    """Shows one score on a screen; `names` gives the name of each component by its key."""

    def __init__(self, screen: Screen, score: Score, names: Mapping[str, str]) -> None:
        self._screen = screen
        self._score = score
        self._names = names

    def show_outcome(self) -> None:
        """The score, and what it does to the price."""
        price, knock_outs = self._score.fictitious_price, len(self._score.knock_outs)
        self._screen.facts(
            ("score", f"{self._score.score} of 100"),
            ("adjustment", f"{Decimal(self._score.adjustment_percent):+} % (bonus over 0, malus below)"),
            ("fictitious price", euros(price) if price else f"none, because {knock_outs} knock-outs stand in the way"),
            ("scheme", f"{self._score.scheme_version}, countries {self._score.country_list_version}; a proposal"),
        )

    def show_basis(self) -> None:
        """What the score rests on: points by criterion, and how much of it is proven."""
        won, lost = defaultdict[str, Decimal](Decimal), defaultdict[str, Decimal](Decimal)
        for line in self._score.explanation:
            won[line.criterion] += Decimal(line.won)
            lost[line.criterion] += Decimal(line.lost)
        rows = [(in_plain_words(name), _points(won[name]), _points(won[name] + lost[name])) for name in won]
        total = sum(won.values(), Decimal())
        # Each line is rounded, so their sum may differ from the score a little, but never by a tenth.
        if abs(total - Decimal(self._score.score or 0)) > Decimal("0.1"):
            raise Failed("the lines of the explanation should add up to the score, and do not")
        self._screen.rows(("Criterion", "Won", "Of"), [*rows, ("together", _points(total), "100.00")])
        self._screen.sentence(
            f"Of the cost, {_share(self._score.completeness)} is answered in full, and the proof that was given counts for "
            f"{_share(self._score.confidence)}. What is only declared earns half, what has no evidence nothing."
        )

    def show_costliest(self) -> None:
        """The three lines of the explanation that lose the most points, and what would raise the score most."""
        self._screen.sentence("The three costliest lines of its explanation:")
        lines = self._score.costliest(3)
        rows = [
            (in_plain_words(line.criterion), self._place(line), _points(line.lost), line.cause.text) for line in lines
        ]
        self._screen.rows(("Criterion", "Where", "Lost", "Why"), rows)
        self._screen.sentence("What would raise it most:")
        self._show_largest_loss("Of all, ", self._score.explanation)
        self._show_largest_loss("Of the components, ", [line for line in self._score.explanation if line.component_key])

    def show_knock_outs(self) -> None:
        """What stands in the way, whatever the score is."""
        if not self._score.knock_outs:
            self._screen.sentence("Nothing knocks it out.")
            return
        self._screen.sentence("Knock-outs, whatever the score is:")
        rows = [(each.code, self._place(each), in_plain_words(each.reason)) for each in self._score.knock_outs]
        self._screen.rows(("Code", "Where", "Reason"), rows)
        for code in sorted({each.code for each in self._score.knock_outs}):
            self._screen.sentence(f"{code}: {CODES.get(code, 'see the scheme')}.")

    def show_shares(self) -> None:
        """The origin shares as intervals, their verdicts, and the components that would decide them."""
        shares = self._score.origin_shares
        self._screen.sentence("Made inside, in percent of the component cost; 65 is needed:")
        rows = [
            (name, inside, _points(each.proven), _points(each.declared), _points(each.upper_bound), each.verdict)
            for name, inside, each in (("EDIP", "EU and EEA", shares.edip), ("SAFE", "and Ukraine", shares.safe))
        ]
        self._screen.rows(("Rule", "Inside is", "Proven", "Declared", "At most", "Verdict"), rows)
        deciding = [self._names.get(key, key) for key in shares.edip.decided_by[:3]]
        self._screen.sentence(
            "A part from a country of concern fails EDIP whatever the share is. Not proven to be made inside, the costliest "
            f"first: {', '.join(deciding)}."
        )

    def _show_largest_loss(self, where: str, lines: Sequence[ExplanationLine]) -> None:
        """The component, dimension or group that loses most points over all its lines, and the cause of its worst line."""
        together = defaultdict[str, Decimal](Decimal)
        for line in lines:
            together[self._place(line)] += Decimal(line.lost)
        place = max(together, key=together.__getitem__)
        worst = max((line for line in lines if self._place(line) == place), key=lambda line: Decimal(line.lost))
        self._screen.sentence(
            f"- {where}{place}: up to {_points(together[place])} points. {_sentence(worst.cause.text)}"
        )

    def _place(self, line: ExplanationLine | KnockOut) -> str:
        if line.component_key is not None:
            return self._names.get(line.component_key, line.component_key)
        if line.dimension is not None:
            return in_plain_words(line.dimension)
        return line.function_group or "the system"


def euros(amount: Amount) -> str:
    """An amount for people."""
    return f"{amount.currency} {Decimal(amount.amount):,.2f}"


def _points(figure: Decimal | str | None) -> str:
    return "-" if figure is None else str(Decimal(figure).quantize(Decimal("0.01"), ROUND_HALF_UP))


def _share(figure: str | None) -> str:
    return "an unknown part" if figure is None else f"{Decimal(figure).quantize(Decimal(1), ROUND_HALF_UP)} %"


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."
