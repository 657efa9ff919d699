"""Which way imports run: the contracts of import-linter in pyproject.toml, every module in its place, and pure modules pure."""

import ast
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from importlinter.cli import EXIT_STATUS_ERROR, EXIT_STATUS_SUCCESS, lint_imports

from tests.architecture.modules import ROOT, Module, modules, snippet

PROJECT = ROOT / "pyproject.toml"
PURE = "standard library only"


def layered() -> set[str]:
    """The modules and packages that a contract of layers puts in their place."""
    contracts = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    return {name for contract in contracts if contract["type"] == "layers" for name in _names(contract)}


def _names(contract: Mapping[str, Any]) -> Iterator[str]:
    """The names in a contract of layers, which count from its containers where it has them."""
    for line in contract["layers"]:
        for name in line.replace(":", "|").split("|"):
            yield from (f"{outer}.{name.strip()}" for outer in contract.get("containers", []))
            if not contract.get("containers"):
                yield name.strip()


def misplaced(module: Module, places: set[str]) -> list[str]:
    """The module, where it has no place in the layers: neither itself nor the folder it is in.

    A file that only makes its folder a package needs none: the modules beside it do.
    """
    steps = module.path.removesuffix(".py").removesuffix("/__init__").split("/")
    names = {".".join(steps[: end + 1]) for end in range(len(steps))}
    return (
        []
        if len(steps) == 1 or module.is_package or names & places
        else [f"{'.'.join(steps[:2])} has no place in the layers of pyproject.toml"]
    )


def impure(module: Module) -> list[str]:
    """The imports of a module that promises to stand on the standard library alone, and does not."""
    promise = " ".join((ast.get_docstring(module.tree) or "").lower().split())
    if PURE not in promise:
        return []
    faults = []
    for node in ast.walk(module.tree):
        names = [name.name for name in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [node.module or "."]
        faults += [
            f"{module.at(node)}: {name} is not of the standard library"
            for name in names
            if name.partition(".")[0] not in sys.stdlib_module_names
        ]
    return faults


def test_every_contract_on_imports_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    status = lint_imports(config_filename=str(PROJECT), no_cache=True, no_logo=True)
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out


def test_every_module_has_its_place_in_the_layers() -> None:
    assert {fault for module in modules("api", "domain") for fault in misplaced(module, layered())} == set()


def test_money_stands_on_the_standard_library_alone() -> None:
    (money,) = modules("domain/money.py")
    assert PURE in " ".join((ast.get_docstring(money.tree) or "").lower().split())


def test_what_promises_the_standard_library_only_keeps_to_it() -> None:
    assert [fault for module in modules("api", "domain", "clients") for fault in impure(module)] == []


@pytest.mark.parametrize(
    ("contract", "said"),
    [
        pytest.param(
            "type = forbidden\nsource_modules = api.actions\nforbidden_modules = domain",
            "api.actions is not allowed to import domain",
            id="forbidden",
        ),
        pytest.param(
            "type = layers\nlayers =\n  domain.money\n  domain.portfolio.lots",
            "domain.portfolio.lots is not allowed to import domain.money",
            id="layers",
        ),
        pytest.param(
            "type = independence\nmodules =\n  domain.portfolio.lots\n  domain.portfolio.challenges",
            "domain.portfolio.challenges is not allowed to import domain.portfolio.lots",
            id="independence",
        ),
        pytest.param(
            "type = protected\nprotected_modules = domain.scoring.bm1\nallowed_importers = domain.scoring.tree",
            "domain.scoring.schemes -> domain.scoring.bm1",
            id="protected",
        ),
    ],
)
def test_a_broken_contract_is_seen(
    contract: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "contracts.ini"
    packages = "[importlinter]\nroot_packages =\n  api\n  domain\n"
    config.write_text(f"{packages}[importlinter:contract:broken]\nname = broken\n{contract}\n", encoding="utf-8")
    assert lint_imports(config_filename=str(config), no_cache=True, no_logo=True) == EXIT_STATUS_ERROR
    assert said in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("path", "faults"),
    [
        ("api/webhooks.py", ["api.webhooks has no place in the layers of pyproject.toml"]),
        ("api/webhooks/signing.py", ["api.webhooks has no place in the layers of pyproject.toml"]),
        ("api/routes/webhooks.py", []),
        ("api/routes/lots/partners.py", []),
        ("api/store/ledger.py", []),
        ("api/__init__.py", []),
    ],
)
def test_a_module_without_a_place_is_seen(path: str, faults: list[str]) -> None:
    assert misplaced(snippet(path, "x = 1" if faults else ""), {"api.routes", "api.store.ledger"}) == faults


def test_a_promise_that_is_not_kept_is_seen() -> None:
    promise = '"""Scores. Standard\nlibrary only."""\n'
    text = f"{promise}import re\nfrom decimal import Decimal\nimport sqlalchemy as sa\nfrom domain.base import Id"
    assert impure(snippet("domain/scoring.py", text)) == [
        "domain/scoring.py:5: sqlalchemy is not of the standard library",
        "domain/scoring.py:6: domain.base is not of the standard library",
    ]


def test_who_promises_nothing_may_import() -> None:
    assert impure(snippet("domain/portfolio/lots.py", '"""Lots."""\nimport sqlalchemy')) == []
