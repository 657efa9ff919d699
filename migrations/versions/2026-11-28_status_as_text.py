"""What the status shows of milestones is kept as the text that it writes; the milestone due next is kept with it.

A step up makes the text anew, as every migration to the newest version does. A step down keeps it, as JSON again.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TABLE = "parent_progress"
ID = sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql")
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
PIECES = ("judges", "last_achieved")


def upgrade() -> None:
    with op.batch_alter_table(TABLE) as batch:
        for name in PIECES:
            batch.alter_column(name, existing_type=JSON, type_=sa.Text(), postgresql_using=f"{name}::text")
        batch.add_column(sa.Column("next_milestone", sa.Text(), nullable=True))
        batch.drop_column("next_milestone_id")


def downgrade() -> None:
    with op.batch_alter_table(TABLE) as batch:
        for name in PIECES:
            batch.alter_column(name, existing_type=sa.Text(), type_=JSON, postgresql_using=f"{name}::jsonb")
        batch.add_column(sa.Column("next_milestone_id", ID, nullable=True))
    on_server = op.get_bind().dialect.name == "postgresql"
    own_id = "(next_milestone::jsonb ->> 'id')::uuid" if on_server else "json_extract(next_milestone, '$.id')"
    op.execute(f"UPDATE {TABLE} SET next_milestone_id = {own_id}")  # noqa: S608 - the names are our own
    with op.batch_alter_table(TABLE) as batch:
        batch.drop_column("next_milestone")
