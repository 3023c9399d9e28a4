"""One chart as a page for a frame in another page: drawing, figures, sources, stamp; no script."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from html import escape

from dashboard.charts.compare_sites import lower_first
from dashboard.charts.study import Study, short
from dashboard.exports import plots
from dashboard.exports.sheets import Kind, Plot
from dashboard.exports.stamp import Stamp
from dashboard.exports.web_page import STYLE, source_table, svg
from dashboard.theme import number
from data.problems import Problem, RefusedError

SIZE = 480.0, 240.0
"""Points of the drawing; a frame of 800 pixels shows it half as large again."""

MOST_TALL = 400.0
"""Points a drawing with many names beside it may be tall."""

OF_ALL: Mapping[str, Callable[[Study], Plot]] = {
    "capacity": plots.capacity,
    "capex": plots.capex,
    "cash": lambda study: plots.cash(study, None),
    "revenue": lambda study: plots.revenue_and_cost(study, None),
}
"""Charts of all factories together, by name."""

OF_ONE: Mapping[str, Callable[[Study, int], Plot]] = {
    "phases": plots.gantt,
    "coverage": plots.coverage,
    "capex": plots.capex_lines,
    "opex": plots.opex,
    "cash": plots.cash,
    "revenue": plots.revenue_and_cost,
}
"""Charts of one factory, by name."""

CHARTS = tuple(dict.fromkeys((*OF_ALL, *OF_ONE)))
"""Every name."""

FRAME_STYLE = """
body { max-width: none; padding: 12px 16px; }
h1 { font-size: 1.15rem; margin: 0; }
details { margin-top: 8px; font-size: .85rem; }
summary { cursor: pointer; color: var(--accent); }
figcaption { margin-top: 6px; }
.drawn { overflow-x: auto; }
.drawn svg { min-width: 560px; }
"""


def plot_of(study: Study, name: str, factory: str | None) -> Plot:
    """Return a chart of all factories, or of one; its title then names the factory.

    Raises
    ------
    RefusedError
        If there is no such chart or factory, or nothing is built there.
    """
    if factory is None:
        if name not in OF_ALL:
            known = ", ".join(site.key for site in study.sites)
            fix = f"name a factory, or use one of {', '.join(OF_ALL)}"
            raise RefusedError([Problem("factory", "nothing", f"one of {known}", fix)])
        return OF_ALL[name](study)
    if name not in OF_ONE:
        expected = f"one of {', '.join(OF_ONE)}"
        raise RefusedError([Problem("chart", repr(name), expected, "leave the factory out")])
    built = [site.key for row, site in enumerate(study.sites) if study.result.phases[row]]
    if factory not in built:
        expected = f"a factory that is built in this scenario: {', '.join(built) or 'none'}"
        raise RefusedError([Problem("factory", repr(factory[:60]), expected, "choose one")])
    row = study.row(factory)
    made = OF_ONE[name](study, row)
    return replace(made, title=f"{short(study.sites[row])}: {lower_first(made.title)}")


def frame(plot: Plot, stamp: Stamp) -> bytes:
    """Return a chart as an HTML page, the same bytes for the same chart and stamp."""
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Rackcast">
<base target="_blank">
<title>{escape(plot.title)}</title>
<style>{STYLE}{FRAME_STYLE}</style>
</head>
<body>
<main>
<figure>
<h1>{escape(plot.title)}</h1>
<p class="quiet">{escape(plot.unit)}</p>
<div class="scroll drawn" tabindex="0" role="region" aria-label="Chart">
{svg(plot, "frame", SIZE, MOST_TALL)}
</div>
<figcaption>Source: Rackcast projection, from the sources below<br>{escape(stamp.line)}</figcaption>
</figure>
{_figures(plot)}
<details><summary>Sources of this scenario ({len(stamp.sources)})</summary>
{source_table(stamp.sources)}
</details>
</main>
</body>
</html>
""".encode()


def _figures(plot: Plot) -> str:
    """Return what is drawn as a table; spans are told beside their bars."""
    if plot.kind is Kind.SPANS:
        return ""
    heads = "".join(f'<th scope="col" class=number>{escape(one.name)}</th>' for one in plot.seen)
    rows = "".join(
        f'<tr><th scope="row">{escape(category)}</th>'
        + "".join(f"<td class=number>{_cell(one.values[place])}</td>" for one in plot.seen)
        + "</tr>"
        for place, category in enumerate(plot.categories)
    )
    return (
        f"<details><summary>Figures</summary><p class=quiet>{escape(plot.unit)}</p>"
        '<div class="scroll" tabindex="0" role="region" aria-label="Figures"><table>'
        f"<thead><tr><td></td>{heads}</tr></thead><tbody>{rows}</tbody></table></div></details>"
    )


def _cell(value: float | None) -> str:
    return "" if value is None else number(value, 2)
