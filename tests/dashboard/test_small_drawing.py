"""Small charts draw what the large ones draw: every box and point is measured."""

import base64
import re

import numpy as np
import pandas as pd
import pytest

from dashboard.charts import cash, overview
from dashboard.charts.card import Chart
from dashboard.charts.plot import Plot
from dashboard.charts.scale import scale_of
from dashboard.charts.small_drawing import small_drawing
from dashboard.charts.study import study
from data.catalog import bundled
from forecasts.engine import run
from forecasts.presets import preset

BOX = re.compile(
    r'<rect x="(?P<left>[\d.]+)%" y="(?P<top>[\d.]+)%" width="(?P<wide>[\d.]+)%" '
    r'height="(?P<high>[\d.]+)%" fill="(?P<fill>[^"]+)"'
)


def picture(text: str) -> str:
    return base64.b64decode(re.findall(r"base64,([^\"]+)", text)[0]).decode()


def boxes_of(text: str) -> list[dict[str, str]]:
    return [match.groupdict() for match in BOX.finditer(picture(text))]


def low(box: dict[str, str]) -> float:
    return 100 - float(box["top"]) - float(box["high"])


@pytest.fixture(scope="module")
def base():
    return study(run(preset("base"), bundled()))


def chart(*traces: dict[str, object], alt: str = "") -> Chart:
    return Chart("", "", Plot(list(traces), {}), pd.DataFrame(), alt)


def test_boxes_are_as_high_as_their_values_and_stand_on_each_other(base) -> None:
    made = overview.capacity_by_year(base)
    table = made.table.set_index("Year")
    scale = scale_of(0.0, float(table.sum(axis=1).max()), 0.0, 100.0)
    text = small_drawing(made, 168)
    boxes = boxes_of(text)
    year = str(table.index[-1])
    last = [one for one in boxes if one["left"] == boxes[-1]["left"]]
    values = table.loc[table.index[-1]]
    assert len(last) == (values > 0.05).sum() >= 10
    foot = 0.0
    for box, value in zip(last, values[values > 0.05], strict=True):
        assert float(box["high"]) == pytest.approx(scale(value), abs=0.006)
        assert low(box) == pytest.approx(foot, abs=0.1)
        foot += scale(value)
    words = re.findall(rf'<i title="{year}\n([^"]*)"', text)[0].split("\n")
    assert [one.rpartition(": ")[0] for one in words] == [
        str(name).removesuffix(", MW") for name in values[values > 0].index
    ]
    assert words[0].endswith(f": {values.iloc[0]:.1f} MW of IT load")


def test_negative_values_hang_from_zero() -> None:
    bars = {"type": "bar", "x": ["a", "b"], "y": [2.0, -3.0], "name": "n"}
    boxes = boxes_of(small_drawing(chart(bars), 100))
    zero = scale_of(-3.0, 2.0, 0.0, 100.0)(0.0)
    assert low(boxes[0]) == pytest.approx(zero, abs=0.02)
    assert low(boxes[1]) + float(boxes[1]["high"]) == pytest.approx(zero, abs=0.02)


def test_hatched_bars_are_hatched_and_others_are_not() -> None:
    marker = {"color": "#123456", "pattern": {"shape": "/"}}
    bars = {"type": "bar", "x": ["a"], "y": [2.0], "name": "n", "marker": marker}
    plain = {**bars, "marker": {"color": "#654321"}}
    text = small_drawing(chart(bars, plain, bars), 100)
    assert [one["fill"] for one in boxes_of(text)] == ["url(#h0)", "#654321", "url(#h0)"]
    assert picture(text).count("<pattern ") == 1
    assert 'fill="#123456"' in picture(text)


def test_the_line_goes_through_its_values_and_the_marks_sit_on_it(base) -> None:
    made = cash.cumulative_cash(base, None)
    text = small_drawing(made, 168)
    line = re.findall(r'<polyline points="([^"]+)"', picture(text))[-1]
    points = np.array([[float(part) for part in pair.split(",")] for pair in line.split()])
    usd = made.table["Cumulative, USD m"].to_numpy() / 1e3
    assert points.shape == (usd.size, 2)
    slope = np.corrcoef(points[:, 1], usd)[0, 1]
    assert slope == pytest.approx(-1.0, abs=1e-6)
    assert np.all(np.diff(points[:, 0]) > 0)
    assert text.count('class="rc-spot"') == sum(
        "markers" in str(trace.mode) for trace in made.figure.data
    )


def test_names_from_users_cannot_become_markup() -> None:
    bars = {"type": "bar", "x": ["<b>"], "y": [1.0], "name": '"><script>'}
    text = small_drawing(chart(bars, alt='"><img src=x>'), 100)
    assert "<script>" not in text
    assert text.count("<img") == 1
    assert "<b>" not in text


def test_an_empty_chart_is_an_empty_frame() -> None:
    bars = {"type": "bar", "x": [], "y": [], "name": "n"}
    assert "NaN" not in small_drawing(chart(bars), 100)
    assert "rc-grid" in small_drawing(chart(), 100)


def test_other_traces_are_refused() -> None:
    with pytest.raises(ValueError, match="bars or lines only"):
        small_drawing(chart({"type": "pie", "values": [1.0]}), 100)


def test_a_small_drawing_needs_no_plotly_figure(base, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.theme.CHECKED", False)
    monkeypatch.setattr(Plot, "made", lambda *_, **__: pytest.fail("a plotly figure was made"))
    charts = (overview.capacity_by_year, overview.capex_by_year)
    for made in (*(make(base) for make in charts), cash.cumulative_cash(base, None)):
        assert "rc-plot" in small_drawing(made, 168)


def test_the_figure_of_a_chart_is_made_once_of_its_plain_data(base) -> None:
    made = overview.capex_by_year(base)
    assert made.figure is made.figure
    names = [str(trace["name"]) for trace in made.plot.data]
    assert names == [trace.name for trace in made.figure.data]
    assert made.height == made.figure.layout.height == 360
