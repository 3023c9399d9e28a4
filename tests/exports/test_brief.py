"""The brief as page and print, and the pack of all data."""

import datetime as dt
import hashlib
import io
import json
import re
import subprocess
import sys
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from hostile import DAY, HOSTILE

from dashboard.charts.scale import scale_of
from dashboard.charts.study import study
from dashboard.exports.datapack import data_files, packed, safe, safe_csv
from dashboard.exports.formats import MAKERS, Order, topics_of
from dashboard.exports.paper import pdf
from dashboard.exports.picture import THEMES, charts_of, finished
from dashboard.exports.sheets import Grid, Kind, Plot, Series
from dashboard.exports.story import TOPICS, briefing
from dashboard.exports.vector import drawing, extent
from dashboard.exports.web_page import page
from data.problems import RefusedError
from forecasts.engine import run
from forecasts.presets import preset
from forecasts.report import annual_frame

ROOT = Path(__file__).parents[2]


class Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.text, self.links = [], "", []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data):
        self.text += data


@pytest.fixture(scope="module")
def html(material):
    return page(briefing(material))


def test_a_deck_says_beside_its_ranges_how_often_such_intervals_held(material):
    (sheet,) = [one for one in briefing(material).sheets if one.topic == "risk"]
    said = " ".join(one.note for one in sheet.panels if isinstance(one, Grid))
    assert material.simulation["record_means"] in said
    assert "33 % (Capex of the five large buyers)" in said


def test_the_page_stands_alone_and_runs_nothing(html):
    reader = Reader()
    reader.feed(html.decode())
    assert not {"script", "iframe", "img", "link", "object"} & set(reader.tags)
    assert HOSTILE in " ".join(reader.text.split())
    assert all(link.startswith(("http://", "https://")) for link in reader.links)
    assert reader.tags.count("svg") >= 8
    assert b"NaN" not in html
    assert b">nan<" not in html


def test_every_drawing_on_the_page_has_a_name(html):
    text = html.decode()
    assert text.count('role="img"') == text.count("<svg")
    named = re.findall(r'aria-labelledby="(chart-[\d-]+)"', text)
    assert len(named) == len(set(named))


def test_page_and_print_are_the_same_bytes_for_the_same_case(material, html):
    assert page(briefing(material)) == html
    assert pdf(briefing(material)) == pdf(briefing(material))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["base", "constrained"])
def test_the_print_has_four_to_eight_pages(catalog, name):
    from dashboard.exports.formats import make_paper

    made = make_paper(Order(study(run(preset(name), catalog)), catalog, DAY))
    pages = len(re.findall(rb"/Type /Page\b", made))
    assert made.startswith(b"%PDF")
    assert 4 <= pages <= 8


def test_an_axis_holds_its_values_on_round_marks():
    for low, high in ((0, 9.3), (-7.6, 2.1), (0, 0), (-1e9, -1e8), (1e-6, 3e-6)):
        scale = scale_of(low, high, 0, 100)
        assert scale.low <= low
        assert scale.high >= high
        assert 2 <= len(scale.marks) <= 8


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_of_chart_draws_inside_its_frame(kind):
    values = ((1.0, -2.0, None), (3.0, 4.0, 5.0))
    plot = Plot(
        "A finding", "Unit", kind, ("a", "b" * 60, "Iași"),
        tuple(Series(f"s{i}", held, "#0072B2") for i, held in enumerate(values)), "Source",
    )  # fmt: skip
    left, bottom, right, top = drawing(plot, 300, 200).getBounds()
    assert left >= -1
    assert right <= 301
    assert top <= 201
    assert bottom >= -1
    assert extent(plot)[1] >= 5.0


def test_a_series_of_another_length_is_a_slip():
    with pytest.raises(ValueError, match="2 values for 1 categories"):
        Plot("t", "u", Kind.LINES, ("a",), (Series("s", (1.0, 2.0), "#000000"),), "x")


def test_the_pack_holds_every_table_with_its_hash(told, catalog, material):
    files = data_files(told, catalog, material.stamp)
    descriptor = json.loads(files["datapackage.json"])
    for resource in descriptor["resources"]:
        content = files[resource["path"]]
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
    annual = pd.read_csv(io.BytesIO(files["results/annual.csv"]))
    both = pd.read_parquet(io.BytesIO(files["results/annual.parquet"]))
    pd.testing.assert_frame_equal(annual, both, check_dtype=False)
    whole = annual[annual["factory"] == "all"].set_index("year")["net_cash_usd"]
    wanted = annual_frame(told.result, None)["net_cash_usd"]
    assert whole.to_numpy() == pytest.approx(wanted.to_numpy(), rel=1e-12)
    assert packed(files, material.stamp) == packed(dict(files), material.stamp)
    assert {f"tables/{name}.csv" for name in catalog.tables} <= set(files)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1+2", "@SUM(A1)", "\tx", "\rx"])
def test_no_text_in_a_csv_becomes_a_formula(text):
    written = safe_csv(pd.DataFrame({text: [text], "n": [-1.5]})).decode()
    assert written.replace('"', "").startswith(f"'{text}"[:2])
    assert safe(text) == f"'{text}"
    assert ",-1.5" in written


def test_every_chart_can_be_finished_in_both_themes(told, material):
    known = charts_of(told)
    assert {"map", "capacity", "capex", "cash", "phases_romania"} <= set(known)
    for theme in THEMES:
        figure = finished(known["capacity"](told), material.stamp, theme)
        texts = [note.text for note in figure.layout.annotations]
        assert any(material.stamp.scenario_hash in text for text in texts)
        assert not any("<script>" in text for text in texts)
    own = known["phases_romania"](told).headline
    assert own.startswith("Romania: "), "a picture that stands alone names its factory"


def test_without_a_browser_pictures_say_what_to_install(told, catalog, monkeypatch):
    import kaleido
    from kaleido.errors import ChromeNotFoundError

    def missing(**_):
        raise ChromeNotFoundError

    monkeypatch.setattr(kaleido, "start_sync_server", missing)
    monkeypatch.setattr(kaleido, "stop_sync_server", lambda **_: None)
    with pytest.raises(RefusedError, match="apt-get install chromium"):
        MAKERS[".png"](Order(told, catalog, DAY))


def test_an_audience_is_named_or_refused():
    assert topics_of("all") == tuple(TOPICS)
    assert topics_of("board")
    with pytest.raises(RefusedError, match="all, board, investors, public"):
        topics_of("cats")


@pytest.mark.slow
def test_the_command_writes_whole_files_or_refuses_in_a_line(tmp_path):
    def export(*words):
        return subprocess.run(
            [sys.executable, "-m", "dashboard", "export", *words],
            capture_output=True, text=True, cwd=ROOT, check=False,
        )  # fmt: skip

    out = tmp_path / "data.zip"
    done = export("--to", str(out), "--date", "2026-11-26")
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(out) as archive:
        assert archive.getinfo("datapackage.json").date_time[:3] == (2026, 11, 26)
    for words in (
        ("--to", str(tmp_path / "x.doc")),
        ("--to", str(tmp_path / "nowhere" / "x.pdf")),
        ("--to", str(tmp_path / "x.pdf"), "--date", "26/11/2026"),
        ("--to", str(tmp_path / "x.pptx"), "--template", str(out.with_suffix(".none"))),
        ("--to", str(tmp_path / "x.png"), "--chart", "nothing"),
    ):
        refused = export(*words)
        assert refused.returncode == 1
        assert refused.stderr.startswith("refused: ")
        assert "Traceback" not in refused.stderr
    written = ["data.zip", "data.zip.manifest.json"]
    assert sorted(path.name for path in tmp_path.iterdir()) == written
    assert dt.date.fromisoformat("2026-11-26") == DAY


def test_no_number_and_no_word_of_a_heading_is_broken_in_print(material):
    """Cells of tables are as wide as their longest number, where the page has room."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    from dashboard.exports.fitting import column_widths
    from dashboard.exports.paper import CELL, WIDTH, _least
    from dashboard.exports.sheets import Grid
    from dashboard.exports.vector import FACE

    grids = [
        panel
        for sheet in briefing(material).sheets
        for panel in sheet.panels
        if isinstance(panel, Grid) and len(panel.header) > 4
    ]
    assert grids
    for grid in grids:
        least = [_least(grid, place) for place in range(len(grid.header))]
        widths = column_widths(grid.widths, WIDTH, least)
        assert sum(widths) == pytest.approx(WIDTH)
        for place in grid.numbers:
            for row in grid.rows:
                assert stringWidth(row[place], FACE, CELL.fontSize) < widths[place]


@pytest.mark.parametrize("shares", [(1, 1, 1), (3, 1, 1), (1, 5, 0.1)])
def test_columns_fill_the_width_and_none_falls_below_its_least(shares):
    from dashboard.exports.fitting import column_widths

    for least in ((10, 10, 10), (60, 30, 5), (0, 0, 0)):
        widths = column_widths(shares, 100, least)
        assert sum(widths) == pytest.approx(100)
        assert all(one >= small - 1e-6 for one, small in zip(widths, least, strict=True))
    crowded = column_widths(shares, 100, (80, 80, 40))
    assert crowded == pytest.approx([40, 40, 20])


def test_the_foot_of_a_page_never_runs_into_its_number():
    from reportlab.pdfbase.pdfmetrics import stringWidth

    from dashboard.exports.paper import FOOT, WIDTH, _foot
    from dashboard.exports.vector import FACE, with_fonts

    with_fonts()
    for line in ("short", "word " * 80, "x" * 400):
        assert stringWidth(_foot(line), FACE, FOOT) <= WIDTH - 24


def test_the_page_never_scrolls_sideways_for_a_long_word(html):
    assert b"overflow-wrap: anywhere" in html
