"""Rounds of practice."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0002", "0001"


def upgrade() -> None:
    """Create their table."""
    op.create_table(
        "practice_rounds",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("owner", sa.String(length=128), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("begun_at", sa.DateTime(), nullable=False),
        sa.Column("shown", sa.JSON(), nullable=False),
        sa.Column("right", sa.JSON(), nullable=False),
        sa.Column("threshold_s", sa.Double(), nullable=True),
        sa.Column("threshold_low_s", sa.Double(), nullable=True),
        sa.Column("threshold_high_s", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_practice_rounds"),
        sa.UniqueConstraint("owner", "begun_at", name="uq_practice_rounds_owner_begun_at"),
    )
