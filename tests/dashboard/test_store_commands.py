"""The commands on the store: refresh, backup, restore, members."""

from pathlib import Path

import pandas as pd
import pytest

from dashboard import cli
from dashboard.files import read_catalog
from dashboard.store_state import actor
from data.catalog import bundled
from data.catalog_store import Incoming, accept
from data.store import open_store

pytestmark = pytest.mark.usefixtures("own_store")


def run(*arguments: str) -> int:
    try:
        cli.main(list(arguments))
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def test_refresh_without_a_connection_says_so_in_a_line_each(monkeypatch, capsys, tmp_path):
    import httpx

    from data.connectors import refresh
    from data.connectors.fetching import Fetcher

    def down(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("down")

    client = httpx.Client(transport=httpx.MockTransport(down))
    monkeypatch.setattr(
        refresh, "cached_fetcher", lambda: Fetcher(tmp_path, client, pause=lambda _: None)
    )
    assert run("refresh", "world_bank", "owid") == 1
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 2
    assert all("no answer" in line and "everything stays as it is" in line for line in lines)


def test_backup_wipe_restore_and_roles_by_command(own_store: Path, tmp_path: Path, capsys):
    assert run("backup", str(tmp_path / "b.zip")) == 1
    assert "no such store" in capsys.readouterr().err
    assert run("members", actor().name, "admin") == 0
    assert run("members", "ben", "chief") == 1
    assert run("backup", str(tmp_path / "b.zip")) == 0
    own_store.unlink()
    assert run("restore", str(tmp_path / "b.zip")) == 0
    assert "hashes equal" in capsys.readouterr().out
    assert run("restore", str(tmp_path / "b.zip")) == 1
    assert run("members") == 0
    assert "admin" in capsys.readouterr().out


def test_accepted_data_are_in_force_on_the_command_line(own_store: Path) -> None:
    row = {"series": "own", "period": "2026", "value": 1.0, "unit": "count"}
    proof = {"confidence": "assumption", "notes": "Why."}
    assert read_catalog(None).version == bundled().version
    assert not own_store.exists()
    with open_store(str(own_store)) as store:
        incoming = Incoming("own_series", pd.DataFrame([row | proof]))
        made = accept(store, actor(), incoming, base=bundled().version)
    assert read_catalog(None).version == made.version


def test_the_audit_trail_is_written_and_a_broken_chain_is_told(
    own_store: Path, tmp_path: Path, capsys
) -> None:
    import csv
    import json
    import sqlite3

    from data.scenario_merging import Draft
    from data.scenario_store import save

    with open_store(str(own_store)) as store:
        save(store, actor(), Draft("=HYPERLINK(1)", {"pue": 1.3}))
    out = tmp_path / "audit.csv"
    assert run("audit", "--out", str(out)) == 0
    with out.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["who"] == actor().name
    assert '"changes.pue": 1.3' in rows[0]["after"]
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row.values())
    assert run("audit", "--out", str(tmp_path / "audit.xyz")) == 1
    assert run("audit", "--out", str(tmp_path / "audit.ndjson")) == 0
    capsys.readouterr()
    assert run("audit", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert [row["action"] for row in told] == ["save scenario", "export", "export"]
    with sqlite3.connect(own_store) as direct:
        # What an intruder with the file would do: the program itself cannot.
        direct.execute("DROP TRIGGER IF EXISTS audit_no_update")
        triggers = direct.execute(
            "SELECT name FROM sqlite_master WHERE tbl_name='audit'"
        ).fetchall()
        for (name,) in triggers:
            direct.execute(f'DROP TRIGGER IF EXISTS "{name}"')
        direct.execute("UPDATE audit SET who = 'eve' WHERE number = 2")
    assert run("audit") == 1
    assert "row 2 does not follow" in capsys.readouterr().err


def test_an_export_by_command_leaves_a_row_in_a_store_that_is_there(
    own_store: Path, tmp_path: Path
) -> None:
    assert run("export", "--to", str(tmp_path / "c.svg"), "--chart", "nothing") == 1
    assert not own_store.exists()
    assert run("members", actor().name, "admin") == 0
    run("export", "--to", str(tmp_path / "c.svg"), "--chart", "nothing")
    with open_store(str(own_store)) as store:
        assert [row["action"] for row in store.audit(actor())] == ["set role", "export"]


ODD = "Land,Jahr,Menge\nKenya,2026,5\nMali,2026,6\nNowhere,soon,1\n"
SAID = "Land=iso3,Jahr=period,Menge=value"


def test_a_mapping_is_said_kept_and_used_again(tmp_path: Path, capsys) -> None:
    (tmp_path / "odd.csv").write_text(ODD, "utf-8")
    (tmp_path / "said.json").write_text(
        '{"columns": {"Menge": "value"}, "constants": {"indicator": "dc_it_capacity"}}', "utf-8"
    )
    file, common = str(tmp_path / "odd.csv"), ("--dataset", "regional_demand", "--leave-out")
    assert run("ingest", file, *common, "--mapping", SAID) == 1
    assert "a column 'indicator'" in capsys.readouterr().out
    assert run("ingest", file, *common, "--mapping", "kept") == 1
    assert "no mapping" in capsys.readouterr().err
    given = ("--mapping", str(tmp_path / "said.json"))
    assert run("ingest", file, *common, *given, "--keep-mapping") == 0
    assert "2 rows" in capsys.readouterr().out
    assert run("ingest", file, *common, "--mapping", "kept", "--json") == 0
    assert '"status": "accepted_with_warnings"' in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "said"),
    [("Menge", "Country=iso3"), ("Menge=amount", "one of iso3"), ("none.json", "none.json"),
     ("=value", "Country=iso3")],
)  # fmt: skip
def test_a_wrong_mapping_is_refused_in_a_line(tmp_path: Path, capsys, text, said) -> None:
    (tmp_path / "odd.csv").write_text(ODD, "utf-8")
    file = str(tmp_path / "odd.csv")
    assert run("ingest", file, "--dataset", "regional_demand", "--mapping", text) == 1
    told = capsys.readouterr().err.strip()
    assert said in told
    assert len(told.splitlines()) == 1
    assert run("ingest", file, "--mapping", SAID) == 1
    assert "a dataset to map to" in capsys.readouterr().err
