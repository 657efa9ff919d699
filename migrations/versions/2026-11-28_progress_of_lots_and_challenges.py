"""What the colours of lots and challenges are computed from, kept with each write.

The rows are made by `migrations/env.py` at the end of a migration to the newest version, by the rules of that version.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "parent_progress",
        sa.Column("parent_id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("scheduled", sa.Integer(), nullable=False),
        sa.Column("met", sa.Integer(), nullable=False),
        sa.Column("partially_met", sa.Integer(), nullable=False),
        sa.Column("not_met", sa.Integer(), nullable=False),
        sa.Column("original_settled_slip", sa.Integer(), nullable=True),
        sa.Column("original_open_end", sa.Date(), nullable=True),
        sa.Column(
            "original_least",
            sa.Enum(
                "green",
                "amber",
                "red",
                "grey",
                name="original_least",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("current_settled_slip", sa.Integer(), nullable=True),
        sa.Column("current_open_end", sa.Date(), nullable=True),
        sa.Column(
            "current_least",
            sa.Enum(
                "green",
                "amber",
                "red",
                "grey",
                name="current_least",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("next_milestone_id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=True),
        sa.Column("declared_share", sa.String(40), nullable=True),
        sa.PrimaryKeyConstraint("parent_id", name=op.f("pk_parent_progress")),
    )


def downgrade() -> None:
    op.drop_table("parent_progress")
