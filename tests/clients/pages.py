"""Pages of the documentation, followed as a reader does: every command is run, and its output is compared.

Blocks that are run, in the order of the page, in one folder and one environment, as in one terminal:

    ```sh        a script; it must end well
    ```console   lines that begin with `$ ` are commands (`> ` goes on with one), what follows is what they print
    ```python    a program

A command must end well, unless the next command is `echo $?`. What is shown is compared with all that is printed, except for ids
and digests; `...` matches anything, and a line of it any lines. A command without output on the page may print anything.
A block that cannot be run says why, in a comment before it: `<!-- not run: it needs the network -->`.
"""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

RUN = ("sh", "console", "python")
BLOCK = re.compile(r"^```(?P<kind>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
NOT_RUN = re.compile(r"<!-- not run: .+ -->")
ID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
DIGEST = r"\b[0-9a-f]{64}\b"
STATUS = "echo $?"
SECONDS = 120


class Differs(AssertionError):
    """A page that shows something else than what happens; the text says where, what it shows and what was printed."""


@dataclass(frozen=True)
class Command:
    """A command of a page, and the lines that the page shows after it."""

    line: int
    text: str
    shown: str = ""


@dataclass(frozen=True)
class Block:
    """A block of a page that is to be run."""

    kind: str
    line: int
    text: str


def blocks_of(page: str) -> list[Block]:
    """The blocks of a page that are to be run."""
    found = []
    for match in BLOCK.finditer(page):
        before = page[: match.start()].rstrip().rpartition("\n")[2]
        if match["kind"] in RUN and not NOT_RUN.fullmatch(before.strip()):
            found.append(Block(match["kind"], page.count("\n", 0, match.start("text")) + 1, match["text"]))
    return found


def commands_of(block: Block) -> list[Command]:
    """The commands of a console block, each with what is shown after it."""
    commands: list[Command] = []
    for number, line in enumerate(block.text.splitlines()):
        if line.startswith("$ "):
            commands.append(Command(block.line + number, line[2:]))
        elif not commands:
            raise Differs(f"line {block.line + number}: a console begins with a command, after `$ `")
        elif line.startswith("> ") and not commands[-1].shown:
            last = commands.pop()
            commands.append(Command(last.line, f"{last.text}\n{line[2:]}"))
        else:
            last = commands.pop()
            commands.append(Command(last.line, last.text, f"{last.shown}{line}\n"))
    return commands


@dataclass
class Terminal:
    """Where the commands of a page are run, one after another: folder, environment and last exit code go on."""

    folder: Path
    environment: Mapping[str, str]
    _state: Path = field(init=False)

    def __post_init__(self) -> None:
        self._state = self.folder / ".terminal"
        self._state.mkdir()
        (self._state / "variables").write_text("", encoding="utf-8")
        (self._state / "folder").write_text(str(self.folder), encoding="utf-8")

    def run(self, text: str, last: int = 0) -> tuple[int, str]:
        """The exit code of a command and all that it prints, in the order in which it prints it."""
        state = shlex.quote(str(self._state))
        script = (
            f'cd "$(cat {state}/folder)" && . {state}/variables\n'
            f"trap 'code=$?; export -p > {state}/variables; pwd > {state}/folder; exit $code' EXIT\n"
            f"(exit {last})\n{text}\n"
        )
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", script],
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=SECONDS,
            check=False,
        )
        return done.returncode, done.stdout


def follow(page: str, terminal: Terminal, replaced: Mapping[str, str] | None = None) -> int:
    """Does everything that a page says, and returns the number of commands. Raises Differs at the first difference.

    `replaced` maps a text of the page to the real one, such as the address of the service.
    """
    count = code = 0
    for block in blocks_of(page):
        text = block.text
        for there, here in (replaced or {}).items():
            text = text.replace(there, here)
        for command, may_fail in _steps(Block(block.kind, block.line, text)):
            code, printed = terminal.run(command.text, code)
            if code != 0 and not may_fail:
                raise Differs(f"line {command.line}: `{command.text}` ended with {code}:\n{printed}")
            if command.shown and not matches(command.shown, printed):
                raise Differs(f"line {command.line}: `{command.text}` printed\n{printed}\nand not\n{command.shown}")
            count += 1
    return count


def matches(shown: str, printed: str) -> bool:
    """Whether what a page shows is what was printed, except for ids, digests and what `...` matches."""
    lines = [line.rstrip() for line in shown.strip("\n").splitlines()]
    pattern = "\n".join(_pattern(line) for line in lines)
    # A line of dots is any lines, also none.
    pattern = pattern.replace("\n<ANY LINES>", "(?:\n[^\n]*)*").replace("<ANY LINES>\n", "(?:[^\n]*\n)*")
    given = "\n".join(line.rstrip() for line in printed.strip("\n").splitlines())
    return re.fullmatch(pattern.replace("<ANY LINES>", r"[\s\S]*"), given) is not None


def _pattern(line: str) -> str:
    if line.strip() == "...":
        return "<ANY LINES>"
    known = re.split(f"({ID}|{DIGEST}|\\.\\.\\.)", line)
    return "".join(_any_of(part) for part in known)


def _any_of(part: str) -> str:
    if part == "...":
        return "[^\n]*"
    for kind in (ID, DIGEST):
        if re.fullmatch(kind, part):
            return kind
    return re.escape(part)


def _steps(block: Block) -> Iterator[tuple[Command, bool]]:
    """The commands of a block, and whether each may end otherwise than well."""
    if block.kind == "sh":
        yield Command(block.line, f"set -eu\n{block.text}"), False
    elif block.kind == "python":
        yield Command(block.line, f"{shlex.quote(sys.executable)} -c {shlex.quote(block.text)}"), False
    else:
        commands = commands_of(block)
        for number, command in enumerate(commands):
            following = commands[number + 1].text if number + 1 < len(commands) else ""
            yield command, following == STATUS
