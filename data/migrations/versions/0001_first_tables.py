"""The first tables: members, audit, files, scenarios, datasets, mappings, judgements."""

from typing import TypeVar

import sqlalchemy as sa
from alembic import op

Kind = TypeVar("Kind")

revision = "0001"
down_revision = None

SHORT, HASH, TEXT, WHOLE = sa.String(200), sa.String(64), sa.Text(), sa.Integer()
NAME, DATE = sa.String(20), sa.String(40)

FROZEN = (
    "audit",
    "blobs",
    "scenario_revisions",
    "approvals",
    "dataset_versions",
    "bases",
    "data_versions",
    "judgements",
)


def column(name: str, kind: sa.types.TypeEngine[Kind], *rest: sa.ForeignKey) -> sa.Column[Kind]:
    """Return a column that must be filled."""
    return sa.Column(name, kind, *rest, nullable=False)


def number() -> sa.Column[int]:
    """Return the key that counts up."""
    return sa.Column("number", WHOLE, primary_key=True, autoincrement=True)


def signed() -> tuple[sa.Column[str], sa.Column[str]]:
    """Return who wrote a row, and when."""
    return column("who", SHORT), column("at", DATE)


def upgrade() -> None:
    """Create everything."""
    people()
    scenarios()
    datasets()
    for table in FROZEN:
        freeze(table)


def people() -> None:
    """Create members, audit rows and kept files."""
    op.create_table(
        "members",
        sa.Column("workspace", SHORT, primary_key=True),
        sa.Column("name", SHORT, primary_key=True),
        column("role", NAME),
    )
    op.create_table(
        "audit",
        number(),
        column("workspace", SHORT),
        *signed(),
        column("role", NAME),
        column("action", SHORT),
        column("subject", TEXT),
        column("before", TEXT),
        column("after", TEXT),
        column("token", sa.String(32)),
        column("chain", HASH),
    )
    op.create_index("ix_audit_token", "audit", ["token"])
    op.create_table(
        "blobs",
        sa.Column("hash", HASH, primary_key=True),
        column("bytes", WHOLE),
        column("content", sa.LargeBinary()),
    )


def scenarios() -> None:
    """Create scenarios, their revisions and approvals."""
    op.create_table(
        "scenarios",
        number(),
        column("workspace", SHORT),
        column("name", SHORT),
        sa.Column("locked_by", SHORT),
        sa.Column("deleted_by", SHORT),
        sa.UniqueConstraint("workspace", "name", name="uq_scenarios_name"),
    )
    op.create_table(
        "scenario_revisions",
        sa.Column("scenario", WHOLE, sa.ForeignKey("scenarios.number"), primary_key=True),
        sa.Column("revision", WHOLE, primary_key=True, autoincrement=False),
        column("parent", SHORT),
        column("description", TEXT),
        column("changes", TEXT),
        column("notes", TEXT),
        column("data_version", SHORT),
        column("what", SHORT),
        *signed(),
    )
    op.create_table(
        "approvals",
        number(),
        column("scenario", WHOLE, sa.ForeignKey("scenarios.number")),
        column("revision", WHOLE),
        column("resolved", TEXT),
        column("note", TEXT),
        *signed(),
    )
    op.create_index("ix_approvals_scenario", "approvals", ["scenario"])


def datasets() -> None:
    """Create accepted datasets, data versions, mappings and judgements."""
    op.create_table(
        "dataset_versions",
        number(),
        column("workspace", SHORT),
        column("dataset", SHORT),
        column("hash", HASH),
        column("rows_blob", HASH, sa.ForeignKey("blobs.hash")),
        sa.Column("file_blob", HASH, sa.ForeignKey("blobs.hash")),
        column("file_name", TEXT),
        column("rows", WHOLE),
        column("source", SHORT),
        column("note", TEXT),
        *signed(),
    )
    op.create_index("ix_dataset_versions_workspace", "dataset_versions", ["workspace"])
    op.create_table(
        "bases",
        sa.Column("version", SHORT, primary_key=True),
        column("tables_blob", HASH, sa.ForeignKey("blobs.hash")),
    )
    op.create_table(
        "data_versions",
        number(),
        column("workspace", SHORT),
        column("version", SHORT),
        column("base", SHORT, sa.ForeignKey("bases.version")),
        column("stack", TEXT),
        column("what", TEXT),
        *signed(),
    )
    op.create_index("ix_data_versions_workspace", "data_versions", ["workspace"])
    op.create_index("ix_data_versions_version", "data_versions", ["version"])
    op.create_table(
        "mappings",
        sa.Column("workspace", SHORT, primary_key=True),
        sa.Column("source", SHORT, primary_key=True),
        column("mapping", TEXT),
        *signed(),
    )
    op.create_table(
        "judgements",
        number(),
        column("workspace", SHORT),
        column("unique_id", SHORT),
        column("ds", DATE),
        sa.Column("value", sa.Float()),
        column("known", DATE),
        column("reason", TEXT),
        *signed(),
    )
    op.create_index("ix_judgements_workspace", "judgements", ["workspace"])


def freeze(table: str) -> None:
    """Let rows of a table be added, never changed or removed."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_frozen() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_frozen()"
    )
