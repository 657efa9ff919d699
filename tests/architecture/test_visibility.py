"""Visibility: what is read starts from what the actor may read.

Tables are named in `api.store.visibility` and in queries alone. Elsewhere a select takes what was handed in, which came from
`visible`. A query that names an audited table itself must ask for a secret: who knows it may read the row.
"""

import ast
import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel

from domain.base import Audited
from domain.ledger import AuditEvent, table_of
from tests.architecture.modules import Module, is_of, modules, snippet

VISIBILITY = ("api/store/visibility.py", "api/store/named_rows.py", "api/store/own_work.py")
"""The rules, and what they are made of."""
LEDGER = "api/store/ledger.py"
DERIVED = ("api/store/parent_progress.py", "api/store/listed_values.py")
"""Work rows out of all rows, for nobody in particular: who reads them sees what `visible` gives of them."""
QUERIES = ("api/queries/", "api/store/loading.py", "api/store/links.py")
SELECTS = {"select", "exists", "union", "union_all", "except_", "intersect", "lambda_stmt"}
READING_SQL = re.compile(r"\s*(select|with)\b.*\bfrom\b(?! alembic_version$)", re.IGNORECASE | re.DOTALL)
"""SQL that reads; Alembic's own table holds nothing but the revision of the schema."""


def unguarded_reads(module: Module) -> list[str]:
    """The places of a module that read without visibility, each with what is wrong."""
    if module.path in (*VISIBILITY, *DERIVED):
        return []
    if module.path.startswith(QUERIES):
        return _past_visibility(module)
    raw = [f"{module.at(node)}: reads in raw SQL" for node, text in module.strings() if READING_SQL.match(text)]
    return [*_selects(module), *_tables(module), *raw]


def _selects(module: Module) -> list[str]:
    faults = []
    for node in ast.walk(module.tree):
        outer = module.parents.get(node)
        call = outer if isinstance(outer, ast.Call) and outer.func is node else None
        if isinstance(node, ast.Attribute) and node.attr == "select" and call and not call.args:
            selected: list[ast.expr] | None = [node.value]
        elif is_of(module.names.of(node), ("sqlalchemy", "sqlmodel"), SELECTS) and not module.only_annotates(node):
            selected = call.args if call else None
        else:
            continue
        if not selected or not all(_was_handed_in(module, part) or _names_no_table(part) for part in selected):
            faults.append(f"{module.at(node)}: a select belongs in api/queries, from visible(...)")
    return faults


def _was_handed_in(module: Module, node: ast.expr) -> bool:
    """Whether this is a parameter of a function around it that takes a FromClause, which only `visible` gives."""
    given = [arg for function in module.functions_around(node)[:1] for arg in ast.walk(function.args)]
    return isinstance(node, ast.Name) and any(
        isinstance(arg, ast.arg) and arg.arg == node.id and module.names.of(arg.annotation) is sa.FromClause
        for arg in given
    )


def _names_no_table(node: ast.expr) -> bool:
    """Whether this is a function of the database, `func.name(...)`, a parameter, or a select, which is looked at by itself."""
    if isinstance(node, ast.Starred) and isinstance(node.value, ast.GeneratorExp):
        node = node.value.elt
    named = re.compile(r"(sa\.)?(func\.\w+|bindparam|select)")
    return isinstance(node, ast.Call) and bool(named.fullmatch(ast.unparse(node.func)))


def _tables(module: Module) -> list[str]:
    if module.path == LEDGER:
        return []
    faults = []
    for node in ast.walk(module.tree):
        named = isinstance(node, ast.Attribute) and node.attr == "__table__"
        found = module.names.of(node)
        if named or found is table_of or isinstance(found, sa.MetaData):
            faults.append(f"{module.at(node)}: {ast.unparse(node)} names a table, not what is visible of it")
    return faults


def _past_visibility(module: Module) -> list[str]:
    faults = []
    for function in ast.walk(module.tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        named = [kind for kind in _kinds(module, function) if issubclass(kind, Audited) or kind is AuditEvent]
        reads = any(is_of(module.names.of(node), ("sqlalchemy", "sqlmodel"), SELECTS) for node in ast.walk(function))
        faults += [
            f"{module.at(function)}: {function.name} reads {kind.__name__} without visible(...)"
            for kind in dict.fromkeys(named)
            if reads and not _asks_for_a_secret(function, table_of(kind))
        ]
    return faults


def _kinds(module: Module, function: ast.AST) -> Iterator[type[SQLModel]]:
    """The classes whose tables a function names itself: `table_of(X)`, `X.__table__`, `select(X)`, `select(X.id)`."""
    for node in ast.walk(function):
        candidates: list[ast.AST] = []
        if isinstance(node, ast.Call):
            called = module.names.of(node.func)
            if called is table_of or is_of(called, ("sqlalchemy", "sqlmodel"), SELECTS):
                candidates = [part.value if isinstance(part, ast.Attribute) else part for part in node.args]
        elif isinstance(node, ast.Attribute) and node.attr == "__table__":
            candidates = [node.value]
        for candidate in candidates:
            found = module.names.of(candidate)
            if isinstance(found, type) and issubclass(found, SQLModel):
                yield found


def _asks_for_a_secret(function: ast.AST, table: sa.Table) -> bool:
    secrets = {column.name for column in table.columns if column.info.get("secret")}
    return any(
        isinstance(node, ast.Compare)
        and isinstance(node.left, ast.Attribute)
        and node.left.attr in secrets
        and isinstance(node.ops[0], ast.Eq)
        for node in ast.walk(function)
    )


def test_what_is_read_starts_from_what_the_actor_may_read() -> None:
    assert [fault for module in modules("api") for fault in unguarded_reads(module)] == []


def test_the_domain_selects_nothing() -> None:
    assert [fault for module in modules("domain") for fault in _selects(module)] == []


SELECT_FAULT = "a select belongs in api/queries, from visible(...)"


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        pytest.param(
            "from sqlalchemy import select\ndef route(table):\n    return select(table)",
            [f"3: {SELECT_FAULT}"],
            id="select",
        ),
        pytest.param(
            "import sqlalchemy as sa\nfrom domain.portfolio.lots import Lot\nstatement = sa.select(Lot)",
            [f"3: {SELECT_FAULT}"],
            id="sa.select of a class",
        ),
        pytest.param(
            "from sqlmodel import select as get\nstatement = get(Lot.title)", [f"2: {SELECT_FAULT}"], id="another name"
        ),
        pytest.param(
            "import sqlalchemy as sa\nmake = [sa.select]", [f"2: {SELECT_FAULT}"], id="handed on instead of called"
        ),
        pytest.param(
            "from sqlalchemy import exists\nfound = exists().where(True)", [f"2: {SELECT_FAULT}"], id="exists"
        ),
        pytest.param("statement = table.select().where(True)", [f"1: {SELECT_FAULT}"], id="table.select()"),
        pytest.param(
            "from sqlalchemy import FromClause, select\ndef page(seen: FromClause):\n    return select(seen, other)",
            [f"3: {SELECT_FAULT}"],
            id="what was handed in, and something else",
        ),
        pytest.param(
            "from domain.ledger import table_of\ntable = table_of(Lot)",
            ["2: table_of names a table, not what is visible of it"],
            id="table_of",
        ),
        pytest.param(
            "from domain import METADATA\nlots = METADATA.tables['lots']",
            ["2: METADATA names a table, not what is visible of it"],
            id="the metadata of all tables",
        ),
        pytest.param(
            "table = Lot.__table__", ["1: Lot.__table__ names a table, not what is visible of it"], id="__table__"
        ),
        pytest.param("rows = session.exec_driver_sql('SELECT id FROM lots')", ["1: reads in raw SQL"], id="raw SQL"),
        pytest.param("SQL = 'SELECT id FROM alembic_version, lots'", ["1: reads in raw SQL"], id="not Alembic's alone"),
    ],
)
def test_a_read_without_visibility_is_seen(text: str, faults: list[str]) -> None:
    found = unguarded_reads(snippet("api/routes/portfolio/lots.py", text))
    assert found == [f"api/routes/portfolio/lots.py:{fault}" for fault in faults]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "from sqlalchemy import FromClause, select\ndef page(seen: FromClause):\n    return select(seen).where(True)",
            id="what was handed in",
        ),
        pytest.param("import sqlalchemy as sa\nlock = sa.func.lock(1).select()", id="a function of the database"),
        pytest.param("session.exec_driver_sql('select 1')", id="no table at all"),
        pytest.param("session.exec_driver_sql('SELECT x FROM alembic_version')", id="the revision of the schema"),
        pytest.param("chosen = menu.select('lots')", id="no statement at all"),
    ],
)
def test_what_names_no_table_reads_nothing(text: str) -> None:
    assert unguarded_reads(snippet("api/http/pagination.py", text)) == []


QUERY = """
from sqlalchemy import select
from api.store.visibility import visible
from domain.access.api_keys import ApiKey
from domain.idempotency import IdempotencyRecord
from domain.ledger import AuditEvent, table_of
from domain.portfolio.lots import Lot

def query(context, given):
    """


@pytest.mark.parametrize(
    ("body", "kinds"),
    [
        pytest.param("t = table_of(Lot); return select(t)", ["Lot"], id="table_of"),
        pytest.param("return select(Lot.__table__)", ["Lot"], id="__table__"),
        pytest.param("return select(Lot)", ["Lot"], id="the class"),
        pytest.param("return select(Lot.title)", ["Lot"], id="a column of the class"),
        pytest.param("return select(table_of(AuditEvent))", ["AuditEvent"], id="events"),
        pytest.param(
            "t = table_of(ApiKey); return select(t).where(t.c.label == given)", ["ApiKey"], id="by what is no secret"
        ),
        pytest.param(
            "t = table_of(ApiKey); return select(t).where(t.c.key_hash != given)", ["ApiKey"], id="by another secret"
        ),
    ],
)
def test_a_query_without_visibility_is_seen(body: str, kinds: list[str]) -> None:
    found = unguarded_reads(snippet("api/queries/portfolio/lots.py", QUERY + body))
    assert found == [f"api/queries/portfolio/lots.py:9: query reads {kind} without visible(...)" for kind in kinds]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("seen = visible(Lot, context); return select(seen.c.id)", id="from what is visible"),
        pytest.param("t = table_of(ApiKey); return select(t.c.id).where(t.c.key_hash == given)", id="by a secret"),
        pytest.param("return select(table_of(IdempotencyRecord))", id="what is no fact of the portfolio"),
    ],
)
def test_a_query_from_what_is_visible_or_by_a_secret_is_fine(body: str) -> None:
    assert unguarded_reads(snippet("api/queries/portfolio/lots.py", QUERY + body)) == []
