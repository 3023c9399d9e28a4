"""The tables of the store: the same on SQLite and PostgreSQL.

Texts that hold structure are canonical JSON. What is immutable is held so by triggers: rows of
`IMMUTABLE` tables can be added, never changed or removed.
"""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import (
    Column,
    Float,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

SCHEMAS: Final[Mapping[str, tuple[str, ...]]] = {
    "0001": (),
    "0002": ("issues",),
    "0003": ("alerts", "acknowledgements"),
}
"""Every schema there was, oldest first, with the tables that it added to the one before."""

HEAD: Final = [*SCHEMAS][-1]
"""The newest migration; a store at another one is migrated when it is opened."""

METADATA: Final = MetaData()
"""All tables."""

SHORT, HASH = String(200), String(64)


def _number() -> Column[int]:
    return Column("number", Integer, primary_key=True, autoincrement=True)


def _signed() -> tuple[Column[str], Column[str]]:
    """Who wrote a row, and when (UTC, ISO)."""
    return Column("who", SHORT, nullable=False), Column("at", String(40), nullable=False)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


MEMBERS: Final = Table(
    "members",
    METADATA,
    Column("workspace", SHORT, primary_key=True),
    Column("name", SHORT, primary_key=True),
    Column("role", String(20), nullable=False),
)
AUDIT: Final = Table(
    "audit",
    METADATA,
    _number(),
    Column("workspace", SHORT, nullable=False),
    *_signed(),
    Column("role", String(20), nullable=False),
    Column("action", SHORT, nullable=False),
    _text("subject"),
    _text("before"),
    _text("after"),
    Column("token", String(32), nullable=False, index=True),
    Column("chain", HASH, nullable=False),
)
BLOBS: Final = Table(
    "blobs",
    METADATA,
    Column("hash", HASH, primary_key=True),
    Column("bytes", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
)
SCENARIOS: Final = Table(
    "scenarios",
    METADATA,
    _number(),
    Column("workspace", SHORT, nullable=False),
    Column("name", SHORT, nullable=False),
    Column("locked_by", SHORT),
    Column("deleted_by", SHORT),
    UniqueConstraint("workspace", "name", name="uq_scenarios_name"),
)
REVISIONS: Final = Table(
    "scenario_revisions",
    METADATA,
    Column("scenario", ForeignKey("scenarios.number"), primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("parent", SHORT, nullable=False),
    _text("description"),
    _text("changes"),
    _text("notes"),
    Column("data_version", SHORT, nullable=False),
    Column("what", SHORT, nullable=False),
    *_signed(),
)
APPROVALS: Final = Table(
    "approvals",
    METADATA,
    _number(),
    Column("scenario", ForeignKey("scenarios.number"), nullable=False, index=True),
    Column("revision", Integer, nullable=False),
    _text("resolved"),
    _text("note"),
    *_signed(),
)
DATASET_VERSIONS: Final = Table(
    "dataset_versions",
    METADATA,
    _number(),
    Column("workspace", SHORT, nullable=False, index=True),
    Column("dataset", SHORT, nullable=False),
    Column("hash", HASH, nullable=False),
    Column("rows_blob", ForeignKey("blobs.hash"), nullable=False),
    Column("file_blob", ForeignKey("blobs.hash")),
    _text("file_name"),
    Column("rows", Integer, nullable=False),
    Column("source", SHORT, nullable=False),
    _text("note"),
    *_signed(),
)
BASES: Final = Table(
    "bases",
    METADATA,
    Column("version", SHORT, primary_key=True),
    Column("tables_blob", ForeignKey("blobs.hash"), nullable=False),
)
DATA_VERSIONS: Final = Table(
    "data_versions",
    METADATA,
    _number(),
    Column("workspace", SHORT, nullable=False, index=True),
    Column("version", SHORT, nullable=False, index=True),
    Column("base", ForeignKey("bases.version"), nullable=False),
    _text("stack"),
    _text("what"),
    *_signed(),
)
MAPPINGS: Final = Table(
    "mappings",
    METADATA,
    Column("workspace", SHORT, primary_key=True),
    Column("source", SHORT, primary_key=True),
    _text("mapping"),
    *_signed(),
)
JUDGEMENTS: Final = Table(
    "judgements",
    METADATA,
    _number(),
    Column("workspace", SHORT, nullable=False, index=True),
    Column("unique_id", SHORT, nullable=False),
    Column("ds", String(40), nullable=False),
    Column("value", Float),
    Column("known", String(40), nullable=False),
    _text("reason"),
    *_signed(),
)
ISSUES: Final = Table(
    "issues",
    METADATA,
    _number(),
    Column("workspace", SHORT, nullable=False, index=True),
    Column("content", ForeignKey("blobs.hash"), nullable=False),
    Column("data_version", SHORT, nullable=False),
    Column("code_version", SHORT, nullable=False),
    Column("scenario", SHORT, nullable=False),
    Column("scenario_hash", SHORT, nullable=False),
    _text("note"),
    *_signed(),
    UniqueConstraint("workspace", "content", name="uq_issues_content"),
)
ALERTS: Final = Table(
    "alerts",
    METADATA,
    _number(),
    Column("workspace", SHORT, nullable=False, index=True),
    Column("mark", HASH, nullable=False),
    Column("kind", SHORT, nullable=False),
    _text("told"),
    _text("content"),
    Column("data_version", SHORT, nullable=False),
    *_signed(),
    UniqueConstraint("workspace", "mark", name="uq_alerts_mark"),
)
ACKNOWLEDGEMENTS: Final = Table(
    "acknowledgements",
    METADATA,
    Column("alert", ForeignKey("alerts.number"), primary_key=True),
    _text("note"),
    *_signed(),
)

IMMUTABLE: Final = tuple(
    table.name
    for table in (
        AUDIT,
        BLOBS,
        REVISIONS,
        APPROVALS,
        DATASET_VERSIONS,
        BASES,
        DATA_VERSIONS,
        JUDGEMENTS,
        ISSUES,
        ALERTS,
        ACKNOWLEDGEMENTS,
    )
)
"""Tables whose rows are only ever added."""
