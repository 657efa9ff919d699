"""Writes the contract as it is served to openapi/apos.json, or checks that the committed one is that."""

import json
import sys
from pathlib import Path

from api.main import create_app
from api.settings import Settings

TARGET = Path(__file__).with_name("apos.json")


def contract() -> str:
    """The contract with the settings' defaults, as it is committed."""
    [mounted] = [
        route for route in create_app(Settings.model_construct()).routes if getattr(route, "path", "") == "/v1"
    ]
    document = mounted.app.state.contract()  # type: ignore[attr-defined]  # a mount has an app
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def main() -> int:
    """Ends with 1 where the committed contract is not fresh."""
    if "--check" not in sys.argv:
        TARGET.write_text(contract(), encoding="utf-8")
        return 0
    if TARGET.exists() and TARGET.read_text(encoding="utf-8") == contract():
        print("contract: fresh")
        return 0
    print("openapi/apos.json is not what the service serves; run `make openapi`", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
