"""Takes from the linter's lock what names a host: where to fund its packages. Nothing is installed by it."""

import json
from pathlib import Path

LOCK = Path(__file__).with_name("package-lock.json")


def main() -> None:
    """Rewrites the lock."""
    lock = json.loads(LOCK.read_text())
    for package in lock["packages"].values():
        package.pop("funding", None)
        package.pop("resolved", None)
    LOCK.write_text(json.dumps(lock, indent=2) + "\n")


if __name__ == "__main__":
    main()
