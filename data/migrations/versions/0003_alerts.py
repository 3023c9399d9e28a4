"""Alerts on changes of data, and who acknowledged them."""

from importlib import import_module

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

FIRST = import_module("data.migrations.versions.0001_first_tables")


def upgrade() -> None:
    """Add the tables of alerts and acknowledgements."""
    op.create_table(
        "alerts",
        FIRST.number(),
        FIRST.column("workspace", FIRST.SHORT),
        FIRST.column("mark", FIRST.HASH),
        FIRST.column("kind", FIRST.SHORT),
        FIRST.column("told", FIRST.TEXT),
        FIRST.column("content", FIRST.TEXT),
        FIRST.column("data_version", FIRST.SHORT),
        *FIRST.signed(),
        sa.UniqueConstraint("workspace", "mark", name="uq_alerts_mark"),
    )
    op.create_index("ix_alerts_workspace", "alerts", ["workspace"])
    op.create_table(
        "acknowledgements",
        sa.Column("alert", FIRST.WHOLE, sa.ForeignKey("alerts.number"), primary_key=True),
        FIRST.column("note", FIRST.TEXT),
        *FIRST.signed(),
    )
    for table in ("alerts", "acknowledgements"):
        FIRST.freeze(table)
