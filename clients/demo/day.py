"""A day at the programme office and with a supplier, on the real portfolio: what `make demo` shows.

Only the portfolio is real. What is recorded during the day is an example, and the supplier is made up; the demo says so.
Everything is made in one folder (build/demo), from an empty database, with the client and the commands that anybody can
use.
"""

import argparse
import json
import os
import signal
import sys
from contextlib import ExitStack
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console

from apos_client import (
    Apos,
    AposError,
    Conflict,
    Evidence,
    NotFound,
    NotPermitted,
    NotSignedIn,
    PortfolioStatus,
    Window,
)
from concern import Concern
from drone import made_up_drone
from local_service import LOG, Failed, LocalService
from prepare import prepare
from screen import Screen, both_colours, relative_path
from supplier import BILL, SCORE_JSON, Journey, SignIn

FOLDER = Path(__file__).resolve().parents[2] / "build" / "demo"
DATABASE, REPORT, STATUS_JSON, STATUS_CSV = "day.sqlite", "trial-report.txt", "status.json", "status.csv"
OUTPUT_FILES = (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", REPORT, STATUS_JSON, STATUS_CSV, SCORE_JSON, BILL, LOG)
TRIAL, CHALLENGE = "m-c15-trial", "challenge-15"
SUPPLIER, OWN_LOT, OTHER_LOT = "intelic", "drone-software", "long-range"
FIRST_SUMMER = 2027
COLOURS = "Two colours: against what was first agreed (original), and against what holds now (current)."
REPORT_TEXT = """Report of the trial of APOS Industry Challenge 15 miljoen.
This report is an example for a demonstration. No such trial took place.

Range: shown on four of four flights.
Endurance: not shown; the test range closed before the long flights.
"""


class Day:
    """One day of the programme office; `office` is the client with its key."""

    def __init__(self, screen: Screen, folder: Path, office: Apos, today: date) -> None:
        self._screen = screen
        self._folder = folder
        self._office = office
        self._today = today

    def run(self, sign_in: SignIn, colleague: Apos, supplier: Apos, viewer: Apos, stranger: Apos) -> None:
        """The whole day, step by step."""
        self.show_portfolio()
        self.show_commitments()
        self.show_status("How it stands this morning", f"{COLOURS} +60d: 60 days late.")
        self.assess()
        self.forecast()
        self.rebaseline()
        self.explain(self.show_status("How it stands at noon", "The forecast made the trial late; look at APOS-IC-15."))
        self.withdraw()
        drone = made_up_drone()
        concern = Concern(self._screen, self._office, colleague, drone)
        Journey(self._screen, self._folder, self._office, drone).run(sign_in, supplier, concern, self._today)
        self.export(self.show_shares())
        self.show_supplier(supplier)
        self.show_viewer(viewer)
        self.show_stranger(stranger)

    def show_portfolio(self) -> None:
        """What lots and challenges there are."""
        self._screen.step(
            "The portfolio", "A lot is an effect that Defence works on for years; a challenge, a contest."
        )
        lots = [("lot", lot.code, lot.title) for lot in self._office.lots.each(sort="code")]
        contests = [("challenge", each.code, each.title) for each in self._office.challenges.each(sort="code")]
        self._screen.rows(("Kind", "Code", "Title"), [*lots, *contests])

    def show_commitments(self) -> None:
        """What parliament still waits for, the earliest day first."""
        self._screen.step("What was promised", "Promises and motions that are still open, with the day they are due.")
        waiting = list(self._office.commitments.each(status="open", sort="due"))
        late = [each.key for each in waiting if each.due is not None and each.due < self._today]
        self._screen.rows(
            ("Due", "Kind", "Text"), [(str(each.due or "no day"), each.kind, each.text) for each in waiting]
        )
        self._screen.sentence(f"Overdue: {len(late)} of {len(waiting)}.")

    def show_status(self, title: str, words: str) -> PortfolioStatus:
        """Every lot and challenge with both colours."""
        self._screen.step(title, words)
        status = self._office.portfolio_status.read()
        lines = (*status.lots, *status.challenges)
        self._screen.rows(
            ("Code", "Title", "Original", "Current"), [(line.code, line.title, *both_colours(line)) for line in lines]
        )
        return status

    def assess(self) -> None:
        """The trial is found to be met in part, with a report as evidence."""
        self._screen.step("A trial is assessed", f"The trial of APOS-IC-15 ({TRIAL}) was met in part.")
        report = self._folder / REPORT
        report.write_text(REPORT_TEXT, encoding="utf-8")
        evidence = Evidence.of_file(report, title="Report of the trial", uri=f"https://example.org/apos/{REPORT}")
        assessment = self._office.milestones.record_assessment(
            TRIAL,
            outcome="partiallyMet",
            assessed_on=self._today,
            narrative="Range was shown, endurance was not. (An example: no such trial took place.)",
            evidence=[evidence],
        )
        self._screen.facts(
            ("outcome", assessment.outcome),
            ("assessed on", str(assessment.assessed_on)),
            ("evidence", f"{evidence.title}, {evidence.uri}"),
            ("its SHA-256", evidence.sha256),
        )

    def forecast(self) -> None:
        """The office says when it expects the rest."""
        trial = self._office.milestones.find(TRIAL)
        summer = summer_after(self._today, trial.original)
        self._screen.step("A forecast", f"The office expects the rest in the summer of {summer.end.year}.")
        after = self._office.milestones.forecast(TRIAL, summer, etag=trial.etag, reason="Endurance is flown again")
        slip = after.slip_days.current if after.slip_days else None
        self._screen.facts(
            ("agreed", _words(after.window)), ("expected", _words(after.forecast)), ("late by", f"{slip} days")
        )
        self._screen.sentence("A forecast moves no baseline, so the trial is now late against both.")

    def rebaseline(self) -> None:
        """The steering group agrees to a new window."""
        self._screen.step("A rebaseline", "The steering group agrees to a new window, with a reason and an authority.")
        done = self._office.milestones.rebaseline(
            TRIAL,
            summer_after(self._today, self._office.milestones.find(TRIAL).original),
            reason="Endurance can only be flown again when the test range is open.",
            authority=f"Stuurgroep APOS, {self._today} (an example)",
        )
        self._screen.facts(
            ("window before", _words(done.previous)),
            ("window now", _words(done.window)),
            ("reason", done.reason),
            ("authority", done.authority),
        )

    def explain(self, status: PortfolioStatus) -> None:
        """Why the challenge has another colour against each baseline."""
        line = next(line for line in status.challenges if line.key == CHALLENGE)
        trial = self._office.milestones.find(TRIAL)
        if line.colours.original == line.colours.current or not (trial.original and trial.forecast and trial.window):
            raise Failed(f"{line.code} should stand differently against its two baselines, and does not")
        self._screen.sentence(
            f"{line.code} is {line.colours.original} against the original baseline, which never moves, because its trial "
            f"was promised by {trial.original.end} and is expected on {trial.forecast.end}, {line.slip_days.original} "
            f"days later; it is {line.colours.current} against the current one, which the rebaseline put at "
            f"{trial.window.end}."
        )

    def withdraw(self) -> None:
        """A milestone that was entered in error is taken back; what a letter says is not."""
        lot = self._office.lots.find(OWN_LOT)
        self._screen.step(
            "A mistake is withdrawn", f"Somebody entered a milestone with {lot.code} that is of another lot."
        )
        mistake = self._office.lots.add_milestone(
            lot.id, title="Beproeving (an example)", kind="trial", window=summer_after(self._today, None)
        )
        done = self._office.milestones.withdraw(
            mistake.id, on=self._today, reason="Entered with the wrong lot.", authority="Programme office (an example)"
        )
        self._screen.facts(
            ("withdrawn", f"{mistake.title}, {done.kind}, on {done.on}"),
            ("reason", done.reason),
            ("by", done.authority),
        )
        left = [each.id for each in self._office.milestones.each(lot_id=lot.id)]
        if mistake.id in left or self._office.milestones.find(mistake.id).withdrawn is None:
            raise Failed("what was withdrawn should leave the list and still be read by its id, and does not")
        self._screen.sentence(
            "It leaves lists, colours and counts; by its id it is still read, with who withdrew it and why."
        )
        self._screen.expect_refusal(
            Conflict,
            f"It withdraws {TRIAL}, which a letter names",
            lambda: self._office.milestones.withdraw(TRIAL, on=self._today, reason="-", authority="-"),
        )

    def show_shares(self) -> PortfolioStatus:
        """What the accepted declaration changes in the status."""
        self._screen.step(
            "How it stands this evening",
            "Beside the colours, the share made in the EU and EEA, as declared and accepted.",
        )
        status = self._office.portfolio_status.read()
        shares = {line.code: line.declared_share for line in status.challenges}
        self._screen.rows(
            ("Code", "Original", "Current", "Declared share"),
            [(line.code, *both_colours(line), _percent(line.declared_share)) for line in status.challenges],
        )
        line = next(line for line in status.challenges if line.key == CHALLENGE)
        if line.declared_share is None or any(share for code, share in shares.items() if code != line.code):
            raise Failed(f"{line.code}, and no other challenge, should have a declared share")
        self._screen.sentence(
            f"{line.code} has the share of the made-up drone, because it is accepted. - is: none yet."
        )
        return status

    def export(self, status: PortfolioStatus) -> None:
        """The status as files."""
        self._screen.step("Exports", "The same status, for other programs.")
        document = json.dumps(status.document(), indent=2, ensure_ascii=False)
        (self._folder / STATUS_JSON).write_text(f"{document}\n", encoding="utf-8")
        (self._folder / STATUS_CSV).write_text(self._office.portfolio_status.csv(), encoding="utf-8", newline="")
        self._screen.facts(("JSON", STATUS_JSON), ("CSV", STATUS_CSV), ("score", f"{SCORE_JSON}, of the made-up drone"))

    def show_supplier(self, supplier: Apos) -> None:
        """A supplier sees its own lot and nothing else."""
        self._screen.step("What a supplier sees", "Intelic takes part in one lot; its key opens that lot alone.")
        seen = list(supplier.lots.each())
        self._screen.rows(("Code", "Title"), [(lot.code, lot.title) for lot in seen])
        if [lot.key for lot in seen] != [OWN_LOT]:
            raise Failed("the supplier should see its own lot and nothing else")
        other = self._office.lots.find(OTHER_LOT)
        self._screen.expect_refusal(
            NotFound, f"It asks for {other.code} by its id", lambda: supplier.lots.find(other.id)
        )

    def show_viewer(self, viewer: Apos) -> None:
        """A viewer sees what is public."""
        self._screen.step("What the public sees", "A viewer reads what is published, in the words of the letters.")
        lot = viewer.lots.find(OTHER_LOT)
        self._screen.facts((lot.code, lot.title), ("in the letter", lot.effect_published or "-"))
        self._screen.expect_refusal(NotPermitted, "It asks for the status", viewer.portfolio_status.read)

    def show_stranger(self, stranger: Apos) -> None:
        """Without a key there is nothing to see."""
        self._screen.step("Without a key", "Nothing is shown to a stranger.")
        self._screen.expect_refusal(NotSignedIn, "A request without a key", lambda: list(stranger.lots.each()))


def summer_after(today: date, agreed: Window | None) -> Window:
    """The first summer from 2027 on that begins after today and after the agreed window; so the demo works on any day."""
    earliest = max(today, agreed.end) if agreed else today
    start = date(max(FIRST_SUMMER, earliest.year), 6, 21)
    start = start if start > earliest else start.replace(year=start.year + 1)
    return Window(start=start, end=start.replace(month=8, day=31))


def run_demo(screen: Screen, folder: Path) -> None:
    """Starts a service, runs the whole day on it, and leaves the exports in the folder."""
    for name in OUTPUT_FILES:
        (folder / name).unlink(missing_ok=True)
    screen.heading("A day at the programme office of APOS, and with a supplier.")
    screen.sentence("The portfolio is the real one, from published letters. What happens today is an example.")
    screen.sentence("The supplier that declares a drone is made up, and so are its drone and its scoring profile.")
    screen.sentence("Making an empty database, filling it and starting the service ...")
    service = LocalService(folder, DATABASE)
    service.migrate()
    service.fill()
    keys = service.make_keys(["programmeOffice"], ["programmeOffice"], ["supplier", SUPPLIER], ["viewer"])
    today = datetime.now(ZoneInfo("Europe/Amsterdam")).date()
    with service.serving(keys[0]) as url, ExitStack() as opened:
        office, *others = [opened.enter_context(Apos(url, key)) for key in (*keys, None)]

        def sign_in(supplier: str) -> Apos:
            [key] = service.make_keys(["supplier", supplier])
            return opened.enter_context(Apos(url, key))

        Day(screen, folder, office, today).run(sign_in, *others)
    screen.heading("\nDone, and the service is stopped. Look at:")
    screen.lines(*(relative_path(folder / name) for name in (STATUS_JSON, STATUS_CSV, SCORE_JSON, REPORT)))


def _percent(share: str | None) -> str:
    return "-" if share is None else f"{Decimal(share):.2f} %"


def _words(window: Window | None) -> str:
    return "no window" if window is None else f"{window.start} to {window.end}"


def main() -> int:
    """Runs the demo. Exit code 0 when all went well, 1 when a step failed, 130 when it was stopped."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--prepare-only", action="store_true", help="only make a database to serve, and a key for it")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where everything is made; build/demo by default")
    arguments = parser.parse_args()
    folder: Path = arguments.folder.resolve()
    os.umask(0o077)  # exports are for their owner alone
    # These signals end the demo as Ctrl-C does, so that its service is stopped too.
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.default_int_handler)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (prepare if arguments.prepare_only else run_demo)(Screen(Console()), folder)
    except (Failed, AposError, OSError) as error:
        print(f"\nThe demo stopped: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped, and so is the service.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
