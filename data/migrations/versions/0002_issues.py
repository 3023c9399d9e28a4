"""Issued forecasts: kept as they were said, so that they can be scored when data arrive."""

from importlib import import_module

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

FIRST = import_module("data.migrations.versions.0001_first_tables")


def upgrade() -> None:
    """Add the table of issues."""
    op.create_table(
        "issues",
        FIRST.number(),
        FIRST.column("workspace", FIRST.SHORT),
        FIRST.column("content", FIRST.HASH, sa.ForeignKey("blobs.hash")),
        FIRST.column("data_version", FIRST.SHORT),
        FIRST.column("code_version", FIRST.SHORT),
        FIRST.column("scenario", FIRST.SHORT),
        FIRST.column("scenario_hash", FIRST.SHORT),
        FIRST.column("note", FIRST.TEXT),
        *FIRST.signed(),
        sa.UniqueConstraint("workspace", "content", name="uq_issues_content"),
    )
    op.create_index("ix_issues_workspace", "issues", ["workspace"])
    FIRST.freeze("issues")
