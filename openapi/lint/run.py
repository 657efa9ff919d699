"""Lints the contract by the government's API Design Rules: 0 errors and 0 warnings.

The rules are read from ../shared/standards beside the checkout, where it is; else from where they are published. Where
neither can be had this says so, and fails in CI only.
"""

import os
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
BESIDE = ROOT.parent / "shared" / "standards" / "adr-ruleset.yaml"
PUBLISHED = "https://static.developer.overheid.nl/adr/ruleset.yaml"
SECONDS = 10


def ruleset(folder: Path) -> Path | None:
    """Where the rules are, None where they cannot be had."""
    if BESIDE.exists():
        return BESIDE
    target = folder / "ruleset.yaml"
    try:
        with urllib.request.urlopen(PUBLISHED, timeout=SECONDS) as answer:
            target.write_bytes(answer.read())
    except OSError:
        return None
    return target


def main() -> int:
    """Ends as the linter does; with 1 in CI where there are no rules."""
    with tempfile.TemporaryDirectory() as folder:
        rules = ruleset(Path(folder))
        if rules is None:
            print(
                "the API Design Rules cannot be had: not in ../shared/standards, and not from their published address"
            )
            return 1 if os.environ.get("CI") else 0
        spectral = HERE / "node_modules" / ".bin" / "spectral"
        words = ["lint", "--fail-severity", "warn", "--ruleset", str(rules), str(ROOT / "openapi" / "apos.json")]
        return subprocess.run([str(spectral), *words], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
