"""An index by which the days are found on which evidence of lines expires, declaration by declaration.

Only lines with a day are in it: most lines of a usual declaration have none. It holds the level too, so that no line itself is
read. A step down drops the index, and loses nothing.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NAME, TABLE = "ix_components_evidence_expires_on", "components"
COLUMNS = ["component_set", "evidence_expires_on", "evidence_level"]
WITH_A_DAY = sa.text("evidence_expires_on IS NOT NULL")


def upgrade() -> None:
    op.create_index(NAME, TABLE, COLUMNS, sqlite_where=WITH_A_DAY, postgresql_where=WITH_A_DAY)


def downgrade() -> None:
    op.drop_index(NAME, TABLE)
