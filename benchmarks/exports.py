"""Making the files of a briefing: deck, workbook, twelve pictures, in seconds of the processor."""

import datetime as dt
import time
from collections.abc import Callable
from itertools import islice

from dashboard.charts.study import Study, study
from dashboard.exports.formats import Order, maker_of
from dashboard.exports.picture import charts_of, drawing_room, finished, pictures
from data.catalog import Catalog, bundled
from data.problems import RefusedError
from forecasts.engine import run
from forecasts.presets import preset

DAY = dt.date(2026, 11, 26)

BARS = {".pptx": 5.0, ".xlsx": 10.0, ".pdf": 5.0, ".html": 5.0}
"""Seconds by ending."""

PICTURES, PICTURE_BAR = 12, 15.0


def timed(label: str, bar: float, make: Callable[[], str]) -> None:
    """Run something twice and print the second time, when what is imported is there."""
    make()
    began, wall = time.process_time(), time.perf_counter()
    size = make()
    spent, passed = time.process_time() - began, time.perf_counter() - wall
    said = f"{spent:.2f} s of processor, {passed:.2f} s by the clock (bar {bar:.0f} s), {size}"
    print(f"{label}: {said}")


def files(told: Study, catalog: Catalog) -> None:
    """Time every kind of file with all that is worked out for it."""
    order = Order(told, catalog, DAY)
    for ending, bar in BARS.items():
        timed(ending, bar, lambda ending=ending: f"{len(maker_of(ending)(order)) / 1e6:.2f} MB")


def shots(told: Study, catalog: Catalog) -> None:
    """Time twelve PNGs at twice the points, the browser's start included."""
    order = Order(told, catalog, DAY)
    makers = list(islice(charts_of(told).values(), PICTURES))
    figures = [finished(make(told), order.stamp, "light") for make in makers]
    figures = (figures * PICTURES)[:PICTURES]

    def draw() -> str:
        with drawing_room():
            return f"{sum(len(one) for one in pictures(figures, 'png', 2.0)) / 1e6:.2f} MB"

    try:
        timed(f"{PICTURES} PNG", PICTURE_BAR, draw)
    except RefusedError as refused:
        print(f"{PICTURES} PNG: {refused}")


def main() -> None:
    """Print seconds beside bars."""
    catalog = bundled()
    told = study(run(preset("base"), catalog))
    files(told, catalog)
    shots(told, catalog)


if __name__ == "__main__":
    main()
