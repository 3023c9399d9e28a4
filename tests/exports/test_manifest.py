"""A manifest beside every export, and `rackcast verify`: what is the same, and what differs."""

import datetime as dt
import errno
import json
import random
import shutil
import tempfile
import zipfile

import pytest

from dashboard import export_runs, foreign_files, verifying
from dashboard.charts.study import study
from dashboard.cli import main
from dashboard.exports.formats import Order, maker_of
from dashboard.exports.manifest import SUFFIX, Manifest, code_here, manifest_of
from dashboard.verifying import Here, read_manifest, verified
from data.catalog import TABLES, Catalog, load
from data.problems import RefusedError
from forecasts.engine import run
from forecasts.presets import preset
from forecasts.scenario import Scenario

DAY = dt.date(2026, 11, 26)
SMALL = Scenario(
    name="small",
    factories=("romania",),
    months=72,
    sites={"romania": {"grid_lead_months": 24}},
    fx_curves={"romania": {2026: 1.0, 2030: 0.9}},
)


def order_of(catalog: Catalog, **more: object) -> Order:
    return Order(study=study(run(SMALL, catalog)), catalog=catalog, made=DAY, **more)


def put(folder, order: Order, ending: str = ".zip", pack: str = "data"):
    """Write an export with its manifest, as the command does."""
    content = maker_of(ending, pack)(order)
    file = folder / f"small{ending}"
    file.write_bytes(content)
    manifest = manifest_of(order, ending, pack, (file.name, content))
    (folder / (file.name + SUFFIX)).write_bytes(manifest.written())
    return file


@pytest.fixture(scope="module")
def kept(tmp_path_factory, catalog):
    folder = tmp_path_factory.mktemp("kept")
    put(folder, order_of(catalog))
    return folder


@pytest.fixture
def pack(kept, tmp_path):
    for one in kept.iterdir():
        shutil.copy(one, tmp_path)
    return tmp_path / "small.zip"


def rewritten(file, seal: bool, **changes: object) -> None:
    """Change parts of a manifest, given as `part__key`; seal it anew or not."""
    beside = file.with_name(file.name + SUFFIX)
    held = json.loads(beside.read_text("utf-8"))
    for key, value in changes.items():
        part, _, name = key.partition("__")
        held[part][name] = value
    if seal:
        held = Manifest.model_validate(held).sealed().model_dump(mode="json")
    beside.write_text(json.dumps(held), "utf-8")


def one(file, catalog: Catalog, **more: object):
    (found,) = verified(file, Here(catalog, **more))
    return found


def test_an_export_that_comes_out_the_same_is_verified(pack, catalog):
    found = one(pack, catalog)
    assert (found.reasons, found.notes) == ((), ())
    assert SMALL.hash in found.case
    assert catalog.version in found.case
    assert one(pack.with_name(pack.name + SUFFIX), catalog) == found


@pytest.mark.parametrize("ending", [".xlsx", ".html", ".pptx", ".svg", ".pdf"])
def test_every_form_can_be_verified(tmp_path, catalog, ending):
    told = {"against": preset("constrained").having(factories=("romania",)), "topics": ("risk",)}
    file = put(tmp_path, order_of(catalog, **told), ending)
    assert one(file, catalog).reasons == ()


def test_a_file_changed_later_is_told_with_the_members_that_differ(pack, catalog, tmp_path):
    content = bytearray(pack.read_bytes())
    content[-30] ^= 1
    pack.write_bytes(content)
    assert "the file was changed after it was made" in one(pack, catalog, anew=False).reasons[0]
    again = tmp_path / "again"
    shutil.unpack_archive(put(tmp_path, order_of(catalog)), again)
    (again / "results" / "returns.csv").write_text("npv\n1e12\n", "utf-8")
    shutil.make_archive(str(tmp_path / "small"), "zip", again)
    said = " ".join(one(pack, catalog).reasons)
    assert "results/returns.csv" in said
    assert "not what the file holds" in said


def test_a_changed_manifest_breaks_its_seal_and_a_resealed_one_the_making(pack, catalog):
    other = SMALL.having(gpu_hour_price=9.9)
    stated = json.loads(json.dumps(other.stated()))
    rewritten(pack, seal=False, inputs__scenario=stated)
    found = one(pack, catalog)
    assert any("seal" in reason for reason in found.reasons)
    assert any("another hash" in reason for reason in found.reasons)
    rewritten(pack, seal=True, inputs__scenario_hash=other.hash)
    said = " ".join(one(pack, catalog).reasons)
    assert "seal" not in said
    assert "made anew it has" in said
    assert "results/annual.csv" in said


def test_other_code_is_a_note_when_the_file_comes_out_the_same(pack, catalog, monkeypatch):
    elsewhere = code_here().model_copy(update={"rackcast": "0.0.9", "sha256": "f" * 64})
    monkeypatch.setattr(verifying, "code_here", lambda: elsewhere)
    found = one(pack, catalog)
    assert found.reasons == ()
    assert any("here is 0.0.9" in note for note in found.notes)
    quick = one(pack, catalog, anew=False)
    assert any("other code" in reason for reason in quick.reasons)


def test_other_data_is_named_by_version_and_table(pack, catalog, tmp_path):
    folder = tmp_path / "tables"
    shutil.copytree(TABLES, folder)
    table = folder / "sites.csv"
    rows = table.read_text("utf-8")
    changed = rows.replace("ROU,construction_months,2026,24", "ROU,construction_months,2026,25")
    assert changed != rows
    table.write_text(changed, "utf-8")
    said = " ".join(one(pack, load(folder)).reasons)
    assert catalog.version in said
    assert "these tables differ: sites" in said
    assert "made anew it has" in said


def test_what_is_missing_or_no_manifest_is_told(pack, catalog, tmp_path):
    (tmp_path / "lonely.pptx").write_bytes(b"PK")
    found = {held.file: held for held in verified(tmp_path, Here(catalog))}
    assert set(found) == {"small.zip", "lonely.pptx"}
    assert found["small.zip"].reasons == ()
    assert "there is no lonely.pptx.manifest.json" in found["lonely.pptx"].reasons[0]
    pack.unlink()
    assert "missing" in " ".join(one(pack.with_name(pack.name + SUFFIX), catalog).reasons)
    empty = tmp_path / "empty"
    empty.mkdir()
    for path in (empty, tmp_path / "none.zip"):
        with pytest.raises(RefusedError):
            verified(path, Here(catalog))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"asked__date": "9999-01-01"}, "asked.date"),
        ({"asked__date": "soon"}, "asked.date"),
        ({"asked__topics": ["gossip"]}, "asked.topics"),
        ({"asked__ending": ".exe"}, "an ending of"),
        ({"asked__pack": "secrets"}, "one of data, charts"),
        ({"asked__template_sha256": "0" * 64}, "--template"),
        ({"inputs__scenario": {"pue": 99}}, "scenario.pue"),
        ({"inputs__scenario": {"factories": ["atlantis"]}}, "factories"),
        ({"inputs__against": {"luck": 1}}, "against.luck"),
    ],
    ids=str,
)
def test_hostile_manifests_are_refused_with_the_place(pack, catalog, changes, said):
    rewritten(pack, seal=True, **changes)
    assert said in " ".join(one(pack, catalog).reasons)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("[]", "manifest.json"),
        ('{"format": "x"}', "output"),
        ('{"luck": 1}', "luck"),
    ],
    ids=["cut off", "deep", "a list", "parts missing", "unknown part"],
)
def test_what_is_no_manifest_is_refused(tmp_path, text, said):
    path = tmp_path / f"a.zip{SUFFIX}"
    path.write_text(text, "utf-8")
    with pytest.raises(RefusedError, match=said):
        read_manifest(path)


def ran(capsys, *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as end:
        main(list(arguments))
    told = capsys.readouterr()
    return int(end.value.code or 0), told.out, told.err


def test_export_writes_a_manifest_and_verify_exits_by_what_it_finds(capsys, tmp_path):
    scenario = tmp_path / "one.yaml"
    scenario.write_text("factories: [oman]\nmonths: 60\n", "utf-8")
    file = tmp_path / "pack.zip"
    asked = ("--scenario", str(scenario), "--date", "2026-11-26")
    code, out, _ = ran(capsys, "export", "--to", str(file), *asked, "--json")
    assert (code, json.loads(out)["manifest"]) == (0, f"{file}{SUFFIX}")
    code, out, _ = ran(capsys, "verify", str(file))
    assert (code, "pack.zip: verified" in out) == (0, True)
    file.write_bytes(file.read_bytes() + b" ")
    code, out, err = ran(capsys, "verify", str(tmp_path), "--json")
    told = json.loads(out)
    assert (code, told["verified"], told["files"][0]["verified"]) == (1, False, False)
    assert "refused: pack.zip: got the file was changed after it was made" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("seed", range(6))
def test_an_archive_broken_anywhere_is_told_as_changed(pack, catalog, seed):
    chance, content = random.Random(seed), bytearray(pack.read_bytes())
    for _ in range(40):
        content[chance.randrange(4, len(content))] = chance.randrange(256)
    pack.write_bytes(content)
    assert one(pack, catalog, anew=False).reasons[0].startswith("the file was changed")


def test_an_archive_that_claims_gigabytes_is_hashed_and_not_opened(pack, catalog, monkeypatch):
    monkeypatch.setattr(foreign_files, "UNPACKED", 1_000)
    with zipfile.ZipFile(pack, "w", zipfile.ZIP_DEFLATED) as held:
        held.writestr("results/annual.csv", b"0" * 2_000)
    assert foreign_files.members_in(pack) == {}
    assert len(one(pack, catalog, anew=False).reasons) == 1


def test_what_a_terminal_would_obey_is_shown_as_its_code(pack, catalog):
    rewritten(pack, True, code__rackcast="\x1b[31m9")
    found = one(pack, catalog, anew=False)
    assert "\x1b" not in verifying.text([found])
    assert "\\x1b[31m9" in found.case


def test_half_a_character_in_a_manifest_is_no_manifest(pack, catalog):
    beside = pack.with_name(pack.name + SUFFIX)
    beside.write_bytes(beside.read_bytes().replace(b'"small.zip"', b'"\\ud800"'))
    assert "no JSON" in one(pack, catalog).reasons[0]


@pytest.mark.parametrize("command", ["verify", "project --scenario", "check --data"])
def test_a_name_longer_than_names_can_be_is_refused_in_one_line(capsys, command):
    code, _, err = ran(capsys, *command.split(), "a" * 300)
    assert code == 1
    assert "file name too long" in err
    assert len(err) < 250


@pytest.mark.parametrize("name", ["a" * 245 + ".zip", "there.zip"])
def test_an_export_is_written_with_its_manifest_or_not_at_all(capsys, tmp_path, name):
    (tmp_path / "there.zip").mkdir()
    code, _, err = ran(capsys, "export", "--to", str(tmp_path / name))
    assert code == 1
    assert err.startswith("refused: --to: got ")
    assert [one.name for one in tmp_path.iterdir()] == ["there.zip"]


def test_a_full_disk_leaves_the_export_before_as_it_was(tmp_path, monkeypatch):
    file, beside = tmp_path / "a.zip", tmp_path / "a.zip.manifest.json"
    file.write_bytes(b"old")
    beside.write_bytes(b"old")
    real = tempfile.NamedTemporaryFile

    def full(**more):
        if list(tmp_path.glob("tmp*")):
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(**more)

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", full)
    with pytest.raises(RefusedError, match="no space left"):
        export_runs._written({file: b"new", beside: b"new"})
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == {
        "a.zip": b"old", "a.zip.manifest.json": b"old"
    }  # fmt: skip


@pytest.mark.parametrize("link", ["\ud800", "http://[::1"])
def test_a_link_that_cannot_be_written_is_refused(link, capsys, tmp_path):
    code, _, err = ran(capsys, "export", "--to", str(tmp_path / "a.zip"), "--link", link)
    assert code == 1
    assert "--link" in err
