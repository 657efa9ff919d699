"""The exchange rate by which the unit values of a declaration were converted to euros, as its supplier stated it.

Null for the declarations that exist: their amounts were given in euros. A step down drops the column: the amounts, which are in
euros, stay; the stated rates stay in the ledger.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
TABLE, NAME = "origin_declarations", "conversion"


TRIGGER = "origin_declarations_conversion"


def upgrade() -> None:
    op.add_column(TABLE, sa.Column(NAME, JSON, nullable=True))
    when = f"OLD.status <> 'draft' AND NEW.{NAME} {{}} OLD.{NAME}"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {TRIGGER} BEFORE UPDATE ON {TABLE} FOR EACH ROW WHEN ({when.format('IS DISTINCT FROM')})"
            f" EXECUTE FUNCTION refuse_change('was submitted')"
        )
    else:
        op.execute(
            f"CREATE TRIGGER {TRIGGER} BEFORE UPDATE ON {TABLE} WHEN {when.format('IS NOT')}"
            f" BEGIN SELECT RAISE(ABORT, '{TABLE} was submitted'); END"
        )


def downgrade() -> None:
    on_table = f" ON {TABLE}" if op.get_bind().dialect.name == "postgresql" else ""
    op.execute(f"DROP TRIGGER {TRIGGER}{on_table}")
    op.drop_column(TABLE, NAME)
