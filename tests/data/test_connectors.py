"""Connectors on answers written here: rows to the digit, manners, bounds, and being offline."""

import json
from pathlib import Path

import httpx
import pytest

from data.catalog import Catalog, checked
from data.catalog_merging import as_text
from data.connectors import eurostat, owid, sec, world_bank
from data.connectors.fetching import LARGEST, Fetcher, new_client
from data.connectors.refresh import CONNECTORS, chosen, refreshed
from data.problems import RefusedError
from data.schemas import DATASETS

DAY = "2026-11-26"
BANK = [
    {"page": 1, "pages": 1, "total": 3},
    [
        {
            "indicator": {"id": "NY.GDP.MKTP.KD.ZG", "value": "GDP growth"},
            "country": {"id": "MY", "value": "Malaysia"},
            "countryiso3code": iso3,
            "date": year,
            "value": value,
        }
        for iso3, year, value in (
            ("MYS", "2025", 4.4871),
            ("MYS", "2031", None),
            ("FRA", "2025", 1.0),
        )
    ],
]
STAT = {
    "class": "dataset",
    "id": ["freq", "geo", "time"],
    "size": [1, 2, 3],
    "dimension": {
        "freq": {"category": {"index": {"A": 0}}},
        "geo": {"category": {"index": {"BE": 0, "RO": 1}}},
        "time": {"category": {"index": {"2023": 0, "2024": 1, "2025": 2}}},
    },
    "value": {"0": 13.81, "1": 24.71, "5": 5.21},
}
OWID = "\ufeffEntity,Code,Year,co2_intensity\nMalaysia,MYS,2024,601.5\nWorld,OWID_WRL,2024,480\n"


def facts(*spans: tuple[str, str, float, str]) -> dict:
    names = ("start", "end", "val", "filed")
    return {"units": {"USD": [dict(zip(names, span, strict=True)) for span in spans]}}


MICROSOFT = facts(
    ("2025-07-01", "2025-09-30", 19_394e6, "2025-10-29"),
    ("2025-07-01", "2025-12-31", 49_000e6, "2026-01-28"),
    ("2025-07-01", "2026-03-31", 79_000e6, "2026-04-29"),
    ("2025-07-01", "2026-03-31", 80_000e6, "2026-07-29"),
    ("2025-07-01", "2026-06-30", 116_000e6, "2026-07-29"),
    ("2024-07-01", "2025-06-30", 64_551e6, "2025-07-30"),
)
ORACLE = facts(("2026-06-01", "2026-08-31", 28_499e6, "2026-09-20"))


def answers(request: httpx.Request) -> httpx.Response:
    url = str(request.url)
    if "worldbank" in url:
        return httpx.Response(200, json=BANK if "KD.ZG" in url else [{"page": 1}, []])
    if "eurostat" in url:
        return httpx.Response(200, json=STAT)
    if "sec.gov" in url:
        known = {"0000789019": MICROSOFT, "0001341439": ORACLE}
        held = next((made for cik, made in known.items() if cik in url), facts())
        return httpx.Response(200, json=held)
    return httpx.Response(200, text=OWID)


def fetcher(tmp_path: Path, answer=answers) -> Fetcher:
    client = httpx.Client(transport=httpx.MockTransport(answer), follow_redirects=True)
    return Fetcher(tmp_path / "cache", client, pause=lambda _: None)


@pytest.mark.parametrize("connector", CONNECTORS.values(), ids=lambda one: one.name)
def test_rows_of_every_source_obey_their_dataset(connector):
    dataset = DATASETS[connector.dataset]
    assert all(url.startswith("https://") for url in connector.urls)
    rows = []
    for url in connector.urls:
        rows += connector.rows_of(url, answers(httpx.Request("GET", url)).content, DAY)
    assert rows
    import pandas as pd

    made = checked(as_text(pd.DataFrame(rows), dataset), dataset, connector.name)
    assert (made["date"] == DAY).all()
    assert made["source"].str.len().gt(5).all()


def test_figures_are_taken_to_the_digit():
    (row,) = world_bank.rows_of("https://api.worldbank.org/", json.dumps(BANK).encode(), DAY)
    assert (row["iso3"], row["period"], row["value"]) == ("MYS", "2025", 4.4871)
    rows = eurostat.rows_of(eurostat.URL, json.dumps(STAT).encode(), DAY)
    assert [(row["iso3"], row["period"], row["value"]) for row in rows] == [
        ("BEL", "2023", 13.81),
        ("BEL", "2024", 24.71),
        ("ROU", "2025", 5.21),
    ]
    (row,) = owid.rows_of(owid.URL, OWID.encode(), DAY)
    assert (row["iso3"], row["period"], row["value"]) == ("MYS", "2024", "601.5")


def test_quarters_are_what_one_report_adds_to_the_one_before():
    microsoft = next(one for one in sec.FILERS if one.name == "Microsoft")
    content = json.dumps(MICROSOFT).encode()
    rows = sec.rows_of(sec.address(microsoft), content, DAY)
    found = {row["fiscal_period"]: (row["period"], row["value"]) for row in rows}
    assert found == {
        "FY2026Q1": ("2025Q3", 19.394),
        "FY2026Q2": ("2025Q4", 29.606),
        "FY2026Q3": ("2026Q1", 31.0),
        "FY2026Q4": ("2026Q2", 36.0),
    }
    oracle = next(one for one in sec.FILERS if one.name == "Oracle")
    (row,) = sec.rows_of(sec.address(oracle), json.dumps(ORACLE).encode(), DAY)
    assert (row["fiscal_period"], row["period"], row["value"]) == ("FY2027Q1", "2026Q3", 28.499)


def test_only_what_is_new_is_told_and_offered(tmp_path: Path, catalog: Catalog):
    found = refreshed(CONNECTORS["eurostat"], fetcher(tmp_path), catalog, DAY)
    assert found.seen == 3
    told = found.changes.set_index("row")
    assert "BEL, national, enterprise_ai_adoption, 2024, actual" not in told.index
    assert set(found.changes["kind"]) <= {"added", "changed"}
    assert len(found.incoming.rows) == len(found.changes)
    known = refreshed(CONNECTORS["sec"], fetcher(tmp_path), catalog, DAY)
    assert "Oracle, capex, 2026Q3, FY2027Q1, actual" not in set(known.changes["row"])


def test_an_unchanged_answer_comes_from_the_cache(tmp_path: Path):
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(dict(request.headers))
        if request.headers.get("if-none-match") == '"1"':
            return httpx.Response(304)
        return httpx.Response(200, content=b"held", headers={"etag": '"1"'})

    assert fetcher(tmp_path, answer).get("https://example.org/a") == b"held"
    assert fetcher(tmp_path, answer).get("https://example.org/a") == b"held"
    assert [("if-none-match" in one) for one in asked] == [False, True]
    for kept in (tmp_path / "cache").glob("*.bin"):
        kept.write_bytes(b"spoilt")
    assert fetcher(tmp_path, answer).get("https://example.org/a") == b"held"


def test_busy_servers_are_asked_again_after_the_time_they_name(tmp_path: Path):
    waits, answers_left = [], [httpx.Response(429, headers={"retry-after": "3"}), None]

    def answer(_: httpx.Request) -> httpx.Response:
        if len(answers_left) == 2:
            return answers_left.pop(0)
        return httpx.Response(200, content=b"held")

    client = httpx.Client(transport=httpx.MockTransport(answer))
    polite = Fetcher(tmp_path, client, pause=waits.append)
    assert polite.get("https://example.org/a") == b"held"
    assert 3.0 in waits
    assert any(0 < wait <= 0.25 for wait in waits), "a second request to the host came at once"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda _: httpx.Response(404), "HTTP 404"),
        (lambda _: httpx.Response(503), "HTTP 503"),
        (lambda _: httpx.Response(200, content=b"0" * (LARGEST + 1)), "more than 30,000,000"),
        (lambda _: (_ for _ in ()).throw(httpx.ConnectError("down")), r"no answer \(ConnectError"),
        (lambda _: (_ for _ in ()).throw(httpx.ReadTimeout("slow")), r"no answer \(ReadTimeout"),
    ],
)
def test_what_cannot_be_had_is_said_in_one_line(tmp_path: Path, answer, said: str):
    with pytest.raises(RefusedError, match=said) as refused:
        fetcher(tmp_path, answer).get("https://example.org/a")
    assert len(refused.value.problems) == 1
    assert "example.org" in str(refused.value)
    assert "everything stays as it is" in str(refused.value)


@pytest.mark.parametrize(
    "content",
    [b"", b"<html>", b"[]", b"{}", b"[1, 2]", b'{"value": {}}', b'{"units": []}', b"\xff"],
)
@pytest.mark.parametrize("connector", CONNECTORS.values(), ids=lambda one: one.name)
def test_answers_of_another_form_are_refused(connector, content: bytes):
    with pytest.raises(RefusedError, match="expected the documented form"):
        connector.rows_of(connector.urls[0], content, DAY)


def test_the_client_names_itself(monkeypatch):
    monkeypatch.setenv("RACKCAST_CONTACT", "data@example.org")
    with new_client() as client:
        assert client.headers["user-agent"] == "Rackcast/0.1 (data@example.org)"


def test_sources_are_chosen_by_their_name_or_dataset():
    assert [one.name for one in chosen(["country_year"])] == ["world_bank", "owid"]
    assert len(chosen([])) == len(CONNECTORS)
    with pytest.raises(RefusedError, match="'weather', expected one that is refreshed"):
        chosen(["weather"])
