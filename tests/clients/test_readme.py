"""The block of the README that runs the service, pasted as a whole."""

import os
import re
import shlex
import socket
import subprocess
import sys
from pathlib import Path

from tests.clients.services import ROOT
from tests.support.commands import SECONDS


def test_the_block_of_the_readme_runs_as_it_is_pasted(tmp_path: Path) -> None:
    [block] = re.findall(r"```\n(export APOS_DATABASE_URL=.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    binaries = shlex.quote(str(Path(sys.executable).parent))
    pasted = block.replace(".venv/bin/", f"{binaries}/")
    # What the block starts in the background is ended.
    script = f"set -e\ntrap 'kill $(jobs -p)' EXIT\n{pasted}"
    own = {name: os.environ[name] for name in ("LANG", "LC_ALL", "PATH") if name in os.environ}
    address = {"APOS_PORT": str(port), "APOS_URL": f"http://127.0.0.1:{port}"}
    environment = {**own, **address, "HOME": str(tmp_path), "COLUMNS": "80"}
    (tmp_path / "data").symlink_to(ROOT / "data")
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=SECONDS * 4,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Recorded: m-c15-trial was assessed as partiallyMet on 2026-11-20." in done.stdout
