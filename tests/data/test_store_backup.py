"""Backups of a store: the same hashes anywhere, and nothing from a damaged one."""

import io
import random
import zipfile
from pathlib import Path

import pytest
from faults import ANA, half, holed, rows
from postgres_server import Server

from data.catalog import Catalog
from data.catalog_store import accept, in_force
from data.problems import RefusedError
from data.scenario_merging import Draft
from data.scenario_store import save
from data.store import Store, open_store
from data.store_backup import back_up, contents, restore_backup


def test_backup_wipe_restore_gives_the_same_hashes(store: Store, tmp_path: Path, catalog: Catalog):
    save(store, ANA, Draft("x", {"pue": 1.25}))
    made = accept(store, ANA, rows(7), base=catalog.version)
    before = contents(store, ANA)
    backup = back_up(store, ANA, tmp_path / "b.zip")
    assert backup == before
    assert before.rows["audit"] == 2
    with open_store(str(tmp_path / "other.sqlite")) as other:
        assert restore_backup(other, ANA, tmp_path / "b.zip") == before
        assert contents(other, ANA) == before
        assert in_force(other, ANA).version == made.version
        assert save(other, ANA, Draft("x"), base=1).revision == 2
        with pytest.raises(RefusedError, match="expected an empty store"):
            restore_backup(other, ANA, tmp_path / "b.zip")


def test_a_backup_of_a_laptop_goes_to_a_server(server: Server, tmp_path: Path, catalog: Catalog):
    with open_store(str(tmp_path / "s.sqlite")) as store:
        accept(store, ANA, rows(7), base=catalog.version)
        before = back_up(store, ANA, tmp_path / "b.zip")
    with open_store(server.address("moved")) as moved:
        restore_backup(moved, ANA, tmp_path / "b.zip")
        assert contents(moved, ANA) == before
        version = in_force(moved, ANA).version
        assert accept(moved, ANA, rows(8), base=version).stack[-1].number == 2


def unknown(content: bytes) -> bytes:
    """Say of every entry that it is packed in a way nobody knows."""
    at = content.index(b"PK\x01\x02")
    return content[:at] + content[at:].replace(
        b"\x14\x00\x00\x00\x08\x00", b"\x14\x00\x00\x00\x63\x00"
    )


def flipped(content: bytes) -> bytes:
    """Begin the packed bytes of the first entry with a block of no known kind."""
    at = 30 + int.from_bytes(content[26:28], "little") + int.from_bytes(content[28:30], "little")
    return content[:at] + b"\xff" * 4 + content[at + 4 :]


def listed(_: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("manifest.json", "[]")
    return made.getvalue()


@pytest.mark.parametrize("spoil", [unknown, flipped, listed])
def test_a_broken_archive_restores_nothing(tmp_path: Path, spoil):
    path = tmp_path / "b.zip"
    with open_store(str(tmp_path / "s.sqlite")) as store:
        back_up(store, ANA, path)
        content = path.read_bytes()
        assert spoil(content) != content
        path.write_bytes(spoil(content))
        with pytest.raises(RefusedError, match="nothing was restored"):
            restore_backup(store, ANA, path)


@pytest.mark.parametrize("spoil", [half, holed, lambda _: b"", lambda _: b"PK no zip"], ids=str)
def test_a_damaged_backup_restores_nothing(tmp_path: Path, spoil):
    path = tmp_path / "b.zip"
    with open_store(str(tmp_path / "s.sqlite")) as store:
        for name in "abc":
            save(store, ANA, Draft(name, notes={"pue": str(random.Random(1).random()) * 2000}))
        back_up(store, ANA, path)
    content = path.read_bytes()
    path.write_bytes(spoil(content) if len(spoil(content)) < 3 * len(content) else half(content))
    with open_store(str(tmp_path / "new.sqlite")) as new:
        with pytest.raises(RefusedError, match="nothing was restored"):
            restore_backup(new, ANA, path)
        assert sum(contents(new, ANA).rows.values()) == 0
