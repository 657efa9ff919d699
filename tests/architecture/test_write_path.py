"""The write path: audited rows are written by the ledger alone, and transactions end in one place.

Outside the ledger only named queries, and what keeps derived rows, may build a statement that writes, and only where the
ledger keeps nothing of what they write: a table that is not audited, or columns that it omits.
"""

import ast
import re
from typing import Any

import pytest
from sqlmodel import SQLModel

from domain.base import Audited
from domain.ledger import AuditEvent, ledgered_columns, table_of
from tests.architecture.modules import Module, is_of, modules, snippet

LEDGER = "api/store/ledger.py"
NAMED = ("api/queries/", "api/store/parent_progress.py", "api/store/listed_values.py")
"""Where statements that write may be built, of tables without a history."""
STORES = ("api/store/database.py", "api/store/sqlite.py", "api/store/postgresql.py", "api/store/schema.py")
"""The modules that open sessions, and the one that migrates: transactions begin and end there."""
VERBS = {"insert", "update", "delete"}
SESSION_WRITES = {
    *("add", "add_all", "delete", "flush", "merge"),
    *("bulk_save_objects", "bulk_insert_mappings", "bulk_update_mappings"),
}
ORM_SESSIONS = {
    "session",
    "asyncsession",
    "sessionmaker",
    "async_sessionmaker",
    "scoped_session",
    "async_scoped_session",
}
WRITING_SQL = re.compile(r"\s*(insert\s+into|update\s+\w+\s+set|delete\s+from|truncate\s|merge\s+into)", re.IGNORECASE)
ENDING_SQL = re.compile(r"\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|END|AUTOCOMMIT)\b")


def unrecorded_writes(module: Module) -> list[str]:
    """The places of a module that write without the ledger, each with what is wrong."""
    if module.path == LEDGER:
        return []
    return [*_statements(module), *_sessions(module), *_raw(module, WRITING_SQL, "writes in raw SQL")]


def _statements(module: Module) -> list[str]:
    faults = []
    for node in ast.walk(module.tree):
        verb, target = _written(module, node)
        if verb is None:
            continue
        if not module.path.startswith(NAMED):
            faults.append(f"{module.at(node)}: {verb} is the ledger's; use Ledger.add or Ledger.change")
            continue
        problem = _problem(module, node, verb, _kind(module, node, target))
        if problem:
            faults.append(f"{module.at(node)}: {problem}")
    return faults


def _written(module: Module, node: ast.AST) -> tuple[str | None, ast.AST | None]:
    """The verb and the target of a statement that writes: `insert(table)` or `table.insert()`."""
    outer = module.parents.get(node)
    call = outer if isinstance(outer, ast.Call) and outer.func is node else None
    found: Any = module.names.of(node)
    if is_of(found, ("sqlalchemy", "sqlmodel"), VERBS) and not module.only_annotates(node):
        return str(found.__name__).lower(), call.args[0] if call and call.args else None
    if isinstance(node, ast.Attribute) and node.attr in VERBS and call and not call.args and not call.keywords:
        return node.attr, node.value
    return None, None


def _kind(module: Module, node: ast.AST, target: ast.AST | None) -> type[SQLModel] | None:
    """The class whose table a statement writes, None where that cannot be told from the text."""
    if isinstance(target, ast.Name) and module.names.of(target) is None:
        target = _assigned(module, node, target.id)
    if isinstance(target, ast.Call) and module.names.of(target.func) is table_of and target.args:
        target = target.args[0]
    elif isinstance(target, ast.Attribute) and target.attr == "__table__":
        target = target.value
    found = module.names.of(target)
    return found if isinstance(found, type) and issubclass(found, SQLModel) else None


def _assigned(module: Module, node: ast.AST, name: str) -> ast.expr | None:
    for function in module.functions_around(node)[:1]:
        values = [
            inner.value
            for inner in ast.walk(function)
            if isinstance(inner, ast.Assign) and any(isinstance(t, ast.Name) and t.id == name for t in inner.targets)
        ]
        if len(values) == 1:
            return values[0]
    return None


def _problem(module: Module, node: ast.AST, verb: str, kind: type[SQLModel] | None) -> str | None:
    if kind is None:
        return f"{verb} of a table that cannot be told; name it with table_of"
    if not issubclass(kind, Audited) and kind is not AuditEvent:
        return None
    columns = _columns(module, node) if verb == "update" else None
    if columns is None:
        return f"{verb} of {kind.__name__}, which is audited, is the ledger's"
    recorded = sorted(columns & set(ledgered_columns(table_of(kind))))
    return f"update of {kind.__name__}.{recorded[0]}, which the ledger keeps" if recorded else None


def _columns(module: Module, node: ast.AST) -> set[str] | None:
    """The columns that `.values(...)` names further along the chain, None where it names none or hides some."""
    for outer in module.around(node):
        if isinstance(outer, ast.stmt):
            return None
        call = module.parents.get(outer)
        if isinstance(outer, ast.Attribute) and outer.attr == "values" and isinstance(call, ast.Call):
            hidden = call.args or any(keyword.arg is None for keyword in call.keywords)
            return None if hidden or not call.keywords else {str(keyword.arg) for keyword in call.keywords}
    return None


def _sessions(module: Module) -> list[str]:
    faults = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Name | ast.Attribute) and is_of(
            module.names.of(node), ("sqlalchemy", "sqlmodel"), ORM_SESSIONS
        ):
            faults.append(f"{module.at(node)}: an ORM session writes behind the ledger's back")
        if _is_session_write(node):
            faults.append(f"{module.at(node)}: {ast.unparse(node.func)} writes without an event")  # type: ignore[attr-defined]
    return faults


def _is_session_write(node: ast.AST) -> bool:
    if (
        not isinstance(node, ast.Call)
        or not isinstance(node.func, ast.Attribute)
        or node.func.attr not in SESSION_WRITES
    ):
        return False
    return ast.unparse(node.func.value).rpartition(".")[2].lower().endswith(("session", "connection"))


def _raw(module: Module, forbidden: re.Pattern[str], what: str) -> list[str]:
    return [f"{module.at(node)}: {what}" for node, text in module.strings() if forbidden.match(text)]


def ended_transactions(module: Module) -> list[str]:
    """The places of a module that begin or end a transaction, which is the database's alone."""
    if module.path in STORES:
        return []
    faults = _raw(module, ENDING_SQL, "begins or ends a transaction in raw SQL")
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        ends = node.func.attr in {"commit", "rollback", "begin_nested", "begin_twophase"}
        if ends or (node.func.attr == "begin" and not node.args and not node.keywords):
            faults.append(f"{module.at(node)}: {ast.unparse(node.func)} is the database's alone")
    return faults


def test_audited_rows_are_written_by_the_ledger_alone() -> None:
    assert [fault for module in modules("api", "domain") for fault in unrecorded_writes(module)] == []


def test_transactions_begin_and_end_in_one_place() -> None:
    assert [fault for module in modules("api", "domain") for fault in ended_transactions(module)] == []


def test_the_ledger_and_the_database_are_where_the_rules_say() -> None:
    [ledger] = modules(LEDGER)
    assert unrecorded_writes(Module("api/elsewhere.py", ledger.text))
    for store in modules("api/store/sqlite.py", "api/store/postgresql.py"):
        assert ended_transactions(Module("api/elsewhere.py", store.text))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param(
            "import sqlalchemy as sa\nstatement = sa.insert(table)",
            "api/routes/portfolio/lots.py:2: insert is the ledger's; use Ledger.add or Ledger.change",
            id="sa.insert",
        ),
        pytest.param(
            "from sqlalchemy import update as change\nstatement = change(table)",
            "api/routes/portfolio/lots.py:2: update is the ledger's; use Ledger.add or Ledger.change",
            id="under another name",
        ),
        pytest.param(
            "def route():\n    from sqlalchemy import delete\n    return delete(table)",
            "api/routes/portfolio/lots.py:3: delete is the ledger's; use Ledger.add or Ledger.change",
            id="imported within a function",
        ),
        pytest.param(
            "from sqlalchemy.dialects.postgresql import insert\nstatement = insert(table)",
            "api/routes/portfolio/lots.py:2: insert is the ledger's; use Ledger.add or Ledger.change",
            id="of a dialect",
        ),
        pytest.param(
            "import sqlalchemy as sa\nverbs = [sa.delete]",
            "api/routes/portfolio/lots.py:2: delete is the ledger's; use Ledger.add or Ledger.change",
            id="handed on instead of called",
        ),
        pytest.param(
            "statement = table_of(Lot).insert().values(title='x')",
            "api/routes/portfolio/lots.py:1: insert is the ledger's; use Ledger.add or Ledger.change",
            id="table.insert()",
        ),
        pytest.param(
            "write.session.add(row)",
            "api/routes/portfolio/lots.py:1: write.session.add writes without an event",
            id="session.add",
        ),
        pytest.param(
            "session.add_all(rows)",
            "api/routes/portfolio/lots.py:1: session.add_all writes without an event",
            id="session.add_all",
        ),
        pytest.param(
            "session.delete(row)",
            "api/routes/portfolio/lots.py:1: session.delete writes without an event",
            id="session.delete",
        ),
        pytest.param(
            "self._session.merge(row)",
            "api/routes/portfolio/lots.py:1: self._session.merge writes without an event",
            id="session.merge",
        ),
        pytest.param(
            "from sqlmodel import Session as S\nwith S(engine) as s: ...",
            "api/routes/portfolio/lots.py:2: an ORM session writes behind the ledger's back",
            id="an ORM session",
        ),
        pytest.param(
            "await session.exec_driver_sql('UPDATE lots SET title = 1')",
            "api/routes/portfolio/lots.py:1: writes in raw SQL",
            id="raw SQL",
        ),
        pytest.param(
            "await session.exec_driver_sql(f'update {name} set title = 1')",
            "api/routes/portfolio/lots.py:1: writes in raw SQL",
            id="raw SQL with a name filled in",
        ),
    ],
)
def test_a_write_outside_the_ledger_is_seen(text: str, fault: str) -> None:
    assert unrecorded_writes(snippet("api/routes/portfolio/lots.py", text)) == [fault]


QUERY = """
from sqlalchemy import delete, insert, update
from domain.access.api_keys import ApiKey
from domain.idempotency import IdempotencyRecord
from domain.ledger import AuditEvent, table_of

def query(table, values):
    t = table_of(ApiKey)
    return """


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        pytest.param("insert(t).values(label='x')", "insert of ApiKey, which is audited, is the ledger's", id="insert"),
        pytest.param("delete(t)", "delete of ApiKey, which is audited, is the ledger's", id="delete"),
        pytest.param("t.delete()", "delete of ApiKey, which is audited, is the ledger's", id="table.delete()"),
        pytest.param("update(t).values(label='x')", "update of ApiKey.label, which the ledger keeps", id="update"),
        pytest.param(
            "update(t).where(t.c.id == 1).values(last_used_at=1, revoked_at=2)",
            "update of ApiKey.revoked_at, which the ledger keeps",
            id="an omitted column and another",
        ),
        pytest.param("update(t)", "update of ApiKey, which is audited, is the ledger's", id="values unnamed"),
        pytest.param(
            "update(t).values(**values)", "update of ApiKey, which is audited, is the ledger's", id="values hidden"
        ),
        pytest.param(
            "update(t).values(values)", "update of ApiKey, which is audited, is the ledger's", id="values handed in"
        ),
        pytest.param("insert(ApiKey)", "insert of ApiKey, which is audited, is the ledger's", id="the class itself"),
        pytest.param(
            "insert(ApiKey.__table__)", "insert of ApiKey, which is audited, is the ledger's", id="the class's table"
        ),
        pytest.param(
            "insert(table_of(AuditEvent))", "insert of AuditEvent, which is audited, is the ledger's", id="an event"
        ),
        pytest.param("delete(table)", "delete of a table that cannot be told; name it with table_of", id="unknown"),
    ],
)
def test_a_query_that_writes_what_the_ledger_keeps_is_seen(statement: str, fault: str) -> None:
    assert unrecorded_writes(snippet("api/queries/portfolio/lots.py", QUERY + statement)) == [
        f"api/queries/portfolio/lots.py:9: {fault}"
    ]


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("update(t).where(t.c.id == 1).values(last_used_at=2)", id="a column that the ledger omits"),
        pytest.param("insert(table_of(IdempotencyRecord)).values(values)", id="a row that is not audited"),
        pytest.param("delete(table_of(IdempotencyRecord))", id="the end of a row that is not audited"),
        pytest.param("known.update(values) or names.insert(0, 'x') or flights.add(1)", id="no statement at all"),
    ],
)
def test_a_query_may_write_what_the_ledger_keeps_nothing_of(statement: str) -> None:
    assert unrecorded_writes(snippet("api/queries/portfolio/lots.py", QUERY + statement)) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param("await session.commit()", "session.commit is the database's alone", id="commit"),
        pytest.param(
            "await write.session.rollback()",
            "write.session.rollback is the database's alone",
            id="rollback",
        ),
        pytest.param("async with engine.begin() as s: ...", "engine.begin is the database's alone", id="begin"),
        pytest.param("session.begin_nested()", "session.begin_nested is the database's alone", id="a savepoint"),
        pytest.param("session.exec_driver_sql('COMMIT')", "begins or ends a transaction in raw SQL", id="raw SQL"),
        pytest.param(
            "engine.execution_options(isolation_level='AUTOCOMMIT')",
            "begins or ends a transaction in raw SQL",
            id="a commit after every statement",
        ),
    ],
)
def test_a_transaction_that_ends_elsewhere_is_seen(text: str, fault: str) -> None:
    assert ended_transactions(snippet("api/actions/portfolio/lots.py", text)) == [
        f"api/actions/portfolio/lots.py:1: {fault}"
    ]


def test_beginning_a_write_is_no_transaction() -> None:
    assert ended_transactions(snippet("api/http/auth.py", "write = Write.begin(session, actor, now, None, 'id')")) == []
