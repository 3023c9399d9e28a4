"""The deck: native charts whose numbers are the engine's, nothing outside its place."""

import io
import shutil
import subprocess
import zipfile

import numpy as np
import openpyxl
import pytest
from hostile import HOSTILE
from pptx import Presentation
from pptx.util import Pt

from dashboard.exports.deck import HIGH, MARGIN, WIDE, deck
from dashboard.exports.fitting import LINE_HEIGHT, fitted, lines_of
from dashboard.exports.sheets import Kind, Plot, Series
from dashboard.exports.slide_parts import Box, draw
from dashboard.exports.story import AUDIENCES, TOPICS, briefing
from forecasts.lines import CAPEX_LINES
from forecasts.report import annual_frame


@pytest.fixture(scope="module")
def made(material):
    return deck(briefing(material))


@pytest.fixture(scope="module")
def slides(made):
    return list(Presentation(io.BytesIO(made)).slides)


def charts(slides):
    return {
        shape.name: shape.chart for slide in slides for shape in slide.shapes if shape.has_chart
    }


def values(chart):
    return {one.name: list(one.values) for one in chart.plots[0].series}


def test_native_charts_hold_the_numbers_of_the_engine(slides, told):
    found = charts(slides)
    capacity = next(chart for name, chart in found.items() if name.startswith("Live capacity"))
    annual = annual_frame(told.result, None)
    summed = np.sum([held for held in values(capacity).values()], axis=0)
    assert summed == pytest.approx(annual["live_mw"].to_numpy(), rel=1e-12)
    cash = [chart for name, chart in found.items() if name.startswith("Needs USD")]
    rows = [row for row in range(2) if told.result.phases[row]]
    assert len(cash) == 1 + len(rows)
    ends = [values(chart)["Cumulative net cash"][-1] for chart in cash]
    flows = told.result.cash_usd[0]
    for usd in (flows.sum(), *(flows[row].sum() for row in rows)):
        assert any(usd / scale == pytest.approx(end) for end in ends for scale in (1e6, 1e9))
    lines = next(chart for name, chart in found.items() if "first-time capex goes to" in name)
    drawn = sum(values(lines)["First-time capex"])
    totals = [-told.result.total(CAPEX_LINES)[0, row].sum() for row in rows]
    assert min(abs(drawn / (total / scale) - 1) for total in totals for scale in (1e6, 1e9)) < 1e-9


def test_a_bridge_ends_where_the_scenarios_stand(slides, material):
    chart = next(chart for name, chart in charts(slides).items() if name.startswith("Against"))
    bars = values(chart)
    total = np.add(bars["Total above zero"], bars["Total below zero"])
    for end, study in ((0, material.other), (-1, material.study)):
        npv = study.portfolio["npv"].value
        assert any(total[end] == pytest.approx(npv / scale) for scale in (1e6, 1e9))


def test_every_slide_has_a_title_that_states_a_finding(slides):
    titles = [slide.shapes.title.text_frame.text for slide in slides]
    assert len(titles) - len(set(titles)) == 1, "only the cover and the summary share a finding"
    assert all(len(title.split()) >= 4 for title in titles)


def test_nothing_leaves_its_slide_and_no_boxes_overlap(slides):
    for slide in slides:
        boxes = []
        for shape in slide.shapes:
            if shape.name == "Accent":
                continue
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= Pt(WIDE) + 2
            assert shape.top + shape.height <= Pt(HIGH) + 2
            high = shape.height
            if shape.has_text_frame and shape.text_frame.text:
                run = shape.text_frame.paragraphs[0].runs[0]
                size = run.font.size.pt
                lines = lines_of(run.text, shape.width.pt - 6, size, bold=bool(run.font.bold))
                taken = len(lines) * size * LINE_HEIGHT
                assert taken <= shape.height.pt + 2, run.text
                high = min(high, Pt(taken))
            boxes.append((shape.left, shape.top, shape.left + shape.width, shape.top + high))
        for place, one in enumerate(boxes):
            for other in boxes[place + 1 :]:
                wide = min(one[2], other[2]) - max(one[0], other[0])
                high = min(one[3], other[3]) - max(one[1], other[1])
                assert wide <= Pt(1) or high <= Pt(1), (
                    slide.shapes.title.text_frame.text,
                    one,
                    other,
                )


def test_the_same_case_gives_the_same_bytes(made, material):
    assert deck(briefing(material)) == made


def test_names_from_users_stay_text(made, slides):
    shown = "".join(
        shape.text_frame.text for slide in slides for shape in slide.shapes if shape.has_text_frame
    )
    assert HOSTILE in shown
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        for name in archive.namelist():
            content = archive.read(name)
            assert b"<script>" not in content, name
            if name.endswith(".xlsx"):
                with zipfile.ZipFile(io.BytesIO(content)) as book:
                    sheets = [book.read(one) for one in book.namelist() if "sheet" in one]
                    assert not any(b"<f>" in sheet for sheet in sheets), name


def test_every_chart_is_described_for_those_who_cannot_see_it(slides):
    for slide in slides:
        for shape in slide.shapes:
            if shape.has_chart:
                assert len(shape._element.nvGraphicFramePr.cNvPr.get("descr")) > 30


def test_an_audience_gets_its_topics(material):
    board = briefing(material, AUDIENCES["Board"])
    assert {sheet.topic for sheet in board.sheets} == set(AUDIENCES["Board"])
    with pytest.raises(ValueError, match="no topic 'weather'"):
        briefing(material, ("weather",))
    assert set().union(*AUDIENCES.values()) <= set(TOPICS)


def test_a_companys_template_lends_its_master(material):
    template = Presentation()
    template.slides.add_slide(template.slide_layouts[0]).shapes.title.text = "Old slide"
    template.core_properties.author = "Company"
    kept = io.BytesIO()
    template.save(kept)
    made = Presentation(io.BytesIO(deck(briefing(material, ("portfolio",)), kept.getvalue())))
    assert (made.slide_width, made.slide_height) == (template.slide_width, template.slide_height)
    texts = [
        shape.text_frame.text
        for slide in made.slides
        for shape in slide.shapes
        if shape.has_text_frame
    ]
    assert "Old slide" not in texts
    for slide in made.slides:
        for shape in slide.shapes:
            assert shape.left + shape.width <= made.slide_width + 20
    assert MARGIN > 0


def test_a_text_too_long_is_shortened_at_a_word():
    text, size = fitted("word " * 200, 100, (20, 10), 2)
    assert size == 10
    assert text.endswith("\N{HORIZONTAL ELLIPSIS}")
    assert len(lines_of(text, 100, size)) <= 2


@pytest.mark.slow
def test_an_office_program_opens_the_deck(made, tmp_path):
    office = shutil.which("soffice")
    assert office, "LibreOffice is missing: apt-get install libreoffice-impress"
    (tmp_path / "deck.pptx").write_bytes(made)
    home = f"-env:UserInstallation=file://{tmp_path}/office"
    ask = [office, home, "--headless", "--convert-to", "pdf", "--outdir", tmp_path]
    subprocess.run([*ask, tmp_path / "deck.pptx"], check=True, capture_output=True, timeout=300)
    assert (tmp_path / "deck.pdf").stat().st_size > 20_000


@pytest.mark.parametrize("mark", ["=", "+", "-", "@", "\t", "\r"])
def test_a_label_that_begins_like_a_formula_stays_text_in_a_charts_workbook(mark):
    evil = f"{mark}HYPERLINK(0)"
    series = (Series(evil, (1.0, 2.0), "#0072B2"),)
    plot = Plot("Title", "unit", Kind.BARS, (evil, "<b>&amp;"), series, "source")
    held = Presentation()
    slide = held.slides.add_slide(held.slide_layouts[6])
    draw(slide, Box(0, 0, 300, 200), plot)
    book = next(shape for shape in slide.shapes if shape.has_chart).chart.part.chart_workbook
    cells = openpyxl.load_workbook(io.BytesIO(book.xlsx_part.blob)).active
    texts = [cell for row in cells.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert len(texts) >= 3
    assert all(cell.data_type == "s" for cell in texts)
    assert not [cell.value for cell in texts if cell.value[0] in "=+-@\t\r"]


def test_a_long_address_stands_behind_words_and_is_never_cut(material):
    """A link that ends in an ellipsis would open another case, or none."""
    from dataclasses import replace

    for address in ("http://127.0.0.1:8501/?own=" + "eNp" * 100, "https://a.b/?base=constrained"):
        stamp = replace(material.stamp, link=address)
        made = deck(briefing(replace(material, stamp=stamp)))
        runs = [
            run
            for slide in Presentation(io.BytesIO(made)).slides
            for shape in slide.shapes
            if shape.has_text_frame
            for paragraph in shape.text_frame.paragraphs
            for run in paragraph.runs
            if run.text.startswith("Reopen this case")
        ]
        assert len(runs) == 2
        assert {run.hyperlink.address for run in runs} == {address}
        assert not any(run.text.endswith("\N{HORIZONTAL ELLIPSIS}") for run in runs)


def test_words_keep_off_the_numbers_beside_them(slides):
    table = next(
        shape.table
        for slide in slides
        for shape in slide.shapes
        if shape.has_table
        and len(shape.table.columns) == 6
        and shape.table.cell(0, 5).text == "Rests on"
    )
    right, left = table.cell(1, 4), table.cell(1, 5)
    assert left.margin_left + right.margin_right >= Pt(10)


def test_factories_that_share_a_hue_differ_where_nothing_is_hatched():
    from dashboard.theme import FACTORY_STYLES, unhatched

    assert len({unhatched(style) for style in FACTORY_STYLES.values()}) == len(FACTORY_STYLES)
