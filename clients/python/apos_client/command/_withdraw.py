"""`apos withdraw`: take back what was entered in error, and drop a milestone that is given up."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from apos_client._keywords import WithdrawalKind
from apos_client.command._options import day
from apos_client.command._session import AsJson, print_json, service, show_text

if TYPE_CHECKING:
    from apos_client._lists import WithdrawableList
    from apos_client._models import Withdrawal

Noun = Literal[
    "milestones",
    "trials",
    "commitments",
    "budget-lines",
    "test-sites",
    "targets",
    "dependencies",
    "critical-components",
]
OPTIONS = {
    "key": "NAME",
    "on": "--on",
    "reason": "--reason",
    "authority": "--authority",
    "kind": "--dropped",
}


On = Annotated[date, typer.Option("--on", parser=day, metavar="DATE", help="The day, today or earlier")]
Why = Annotated[str, typer.Option("--reason", help="Why")]
Authority = Annotated[str, typer.Option("--authority", help="Who decided so")]


def withdraw(
    context: typer.Context,
    noun: Annotated[Noun, typer.Argument(help="What kind of thing it is")],
    name: Annotated[str, typer.Argument(metavar="NAME", help="Its id, or its key")],
    *,
    on: On,
    reason: Why,
    authority: Authority,
    dropped: Annotated[
        bool, typer.Option("--dropped", help="A milestone that was agreed and is given up, not one entered in error")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Withdraw what was entered in error, or with --dropped a milestone that is given up. It is final.

    What comes from a published source was not entered in error. A part in a lot or challenge is withdrawn by `apos lots
    withdraw-partner` and `apos challenges withdraw-entrant`.
    """
    with service(context, OPTIONS) as apos:
        lists: dict[Noun, WithdrawableList[Any]] = {
            "milestones": apos.milestones,
            "trials": apos.trials,
            "commitments": apos.commitments,
            "budget-lines": apos.budget_lines,
            "test-sites": apos.test_sites,
            "targets": apos.targets,
            "dependencies": apos.dependencies,
            "critical-components": apos.critical_components,
        }
        kind: WithdrawalKind = "dropped" if dropped else "enteredInError"
        done = lists[noun].withdraw(name, kind=kind, on=on, reason=reason, authority=authority)
    print_withdrawal(name, done, as_json=as_json)


def print_withdrawal(name: str, done: Withdrawal, *, as_json: bool) -> None:
    """Prints what was withdrawn: a sentence with its id, or all of it."""
    if as_json:
        print_json(done)
        return
    how = "was dropped" if done.kind == "dropped" else "was withdrawn as entered in error"
    show_text(f"{name} {how} on {done.on}, on the authority of {done.authority}.\nIts id: {done.id}")
