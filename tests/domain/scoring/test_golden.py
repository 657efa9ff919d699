"""The algorithm is frozen: every golden file replays to the same bytes, and none has gone missing."""

import json
from pathlib import Path

import pytest

from tests.domain.scoring.golden_files import FOLDER, cases, content, given

FILES = sorted(FOLDER.glob("*.json"))


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in FILES])
def test_a_golden_file_replays_to_the_same_bytes(path: Path) -> None:
    stored = path.read_bytes()
    assert content(json.loads(stored)["input"]) == stored


def test_every_case_has_its_golden_file_with_the_same_input() -> None:
    stored = {path.stem: json.loads(path.read_bytes())["input"] for path in FILES}
    assert stored == {name: given(case) for name, case in cases().items()}
    assert len(stored) == 13
