"""A briefing as one self-contained HTML page: drawings inline, no script, nothing fetched."""

from html import escape
from urllib.parse import urlsplit

from reportlab.graphics import renderSVG

from dashboard.exports.sheets import Briefing, Grid, Panel, Plot, Sheet, Words
from dashboard.exports.stamp import Cited
from dashboard.exports.vector import drawing

WIDE, TALL = 330.0, 170.0
"""Points of a drawing; a page shows it half as large again."""

STYLE = """
:root { color-scheme: light; --ink: #1B2636; --quiet: #556273; --rule: #D5DBE3; --accent: #0065A0; }
* { box-sizing: border-box; }
body { font: 16px/1.5 "Segoe UI", "Helvetica Neue", Carlito, Arial, sans-serif; color: var(--ink);
  margin: 0 auto; padding: 32px 24px; max-width: 1080px; background: #fff;
  overflow-wrap: anywhere; }
table { overflow-wrap: normal; }
h1 { font-size: 2rem; line-height: 1.2; margin: 4px 0 12px; }
h2 { font-size: 1.4rem; line-height: 1.25; margin: 40px 0 6px; border-top: 2px solid var(--rule);
  padding-top: 18px; }
h3 { font-size: 1rem; line-height: 1.3; margin: 0 0 2px; }
.brand { color: var(--accent); font-weight: 700; margin: 0; }
.quiet, figcaption, footer { color: var(--quiet); font-size: .85rem; margin: 2px 0; }
.panels { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr));
  gap: 24px; margin-top: 14px; }
.wide { grid-column: 1 / -1; }
figure, section.panel { margin: 0; min-width: 0; }
svg { width: 100%; height: auto; }
.tiles { display: flex; flex-wrap: wrap; gap: 12px 36px; margin: 16px 0; padding: 0; }
.tiles div { min-width: 110px; }
.tiles dt, .tiles dd { margin: 0; }
.tiles dd.value { font-size: 1.45rem; font-weight: 700; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .85rem;
  font-variant-numeric: tabular-nums; }
th { text-align: left; color: var(--accent); vertical-align: bottom; }
th, td { padding: 4px 6px; border-bottom: 1px solid var(--rule); vertical-align: top; }
.number { text-align: right; }
@media print { h2 { break-after: avoid; } figure, tr { break-inside: avoid; } body { padding: 0; } }
"""


def page(briefing: Briefing) -> bytes:
    """Return a briefing as an HTML file, the same bytes for the same briefing."""
    stamp = briefing.stamp
    link = (
        f'<p class="quiet">Reopen this case: <a href="{escape(stamp.link)}">{escape(stamp.link)}'
        "</a></p>"
        if urlsplit(stamp.link).scheme in ("http", "https")
        else '<p class="quiet">This case is too long for a link: send its scenario file.</p>'
    )
    body = "\n".join(
        _sheet(sheet, place, briefing.title) for place, sheet in enumerate(briefing.sheets)
    )
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="generator" content="Rackcast">
<title>{escape(briefing.title)}</title>
<style>{STYLE}</style>
</head>
<body>
<header>
<p class="brand">Rackcast briefing</p>
<h1>{escape(briefing.title)}</h1>
<p>{escape(briefing.lead)}</p>
<p class="quiet">Scenario {escape(stamp.scenario)} ({stamp.scenario_hash}).
{escape(stamp.description)} Data version {stamp.data_version}. {stamp.made:%d %B %Y}.
Nominal USD.</p>
{link}
</header>
<main>
{body}
{_sources(stamp.sources)}
</main>
<footer><p>{escape(stamp.line)}</p></footer>
</body>
</html>
""".encode()


def _sheet(sheet: Sheet, place: int, above: str) -> str:
    tiles = "".join(
        f'<div><dt class="quiet">{escape(tile.label)}</dt><dd class="value">{escape(tile.value)}'
        f'</dd><dd class="quiet">{escape(tile.context)}</dd></div>'
        for tile in sheet.tiles
    )
    panels = "".join(
        _panel(panel, sheet.title, f"{place}-{number}") for number, panel in enumerate(sheet.panels)
    )
    told = f'<dl class="tiles">{tiles}</dl>' if tiles else ""
    lead = f"<p>{escape(sheet.lead)}</p>" if sheet.lead else ""
    title = f"<h2>{escape(sheet.title)}</h2>" if sheet.title != above else "<h2>In short</h2>"
    return f'<section>{title}{lead}{told}<div class="panels">{panels}</div></section>'


def _panel(panel: Panel, said: str, key: str) -> str:
    title = f"<h3>{escape(panel.title)}</h3>" if panel.title != said else ""
    if isinstance(panel, Plot):
        return (
            f'<figure>{title}<p class="quiet">{escape(panel.unit)}</p>{svg(panel, key)}'
            f"<figcaption>Source: {escape(panel.source)}</figcaption></figure>"
        )
    if isinstance(panel, Words):
        lines = "".join(f"<p>{escape(line)}</p>" for line in panel.lines)
        return f'<section class="panel wide">{title}{lines}</section>'
    wide = " wide" if len(panel.header) > 4 else ""
    return f'<section class="panel{wide}">{title}{_table(panel)}</section>'


def svg(plot: Plot, key: str, size: tuple[float, float] = (WIDE, TALL), most: float = 230) -> str:
    """Draw a plot as SVG that readers of the page can name.

    Parameters
    ----------
    plot : Plot
        The chart.
    key : str
        Tells it from other charts of the page.
    size : tuple of float
        Width and height, points.
    most : float
        Height that a chart with many names beside it may take, points.
    """
    wide, tall = size
    lying = len(plot.categories) * 13 + 40
    height = tall if plot.kind == "lines" else max(tall, min(lying, most))
    drawn: str = renderSVG.drawToString(drawing(plot, wide, height))
    drawn = drawn[drawn.index("<svg") :].strip()
    opening, rest = drawn.split(">", 1)
    label = f' role="img" aria-labelledby="chart-{key}"'
    named = f'<title id="chart-{key}">{escape(plot.alt)}</title>'
    return f"{opening}{label}>{named}{rest}".replace("font-family: Vera;", "font-family: inherit;")


def _table(grid: Grid) -> str:
    def row(cells: tuple[str, ...], tag: str) -> str:
        scope = ' scope="col"' if tag == "th" else ""
        kinds = [" class=number" if place in grid.numbers else "" for place in range(len(cells))]
        return "".join(
            f"<{tag}{scope}{kind}>{escape(text)}</{tag}>"
            for kind, text in zip(kinds, cells, strict=True)
        )

    body = "".join(f"<tr>{row(cells, 'td')}</tr>" for cells in grid.rows)
    note = f'<p class="quiet">{escape(grid.note)}</p>' if grid.note else ""
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(grid.title)}"><table>'
        f"<thead><tr>{row(grid.header, 'th')}</tr></thead><tbody>{body}</tbody></table></div>{note}"
    )


def _sources(sources: tuple[Cited, ...]) -> str:
    """List every source with its address, under a heading."""
    return (
        "<section><h2>All sources</h2><p>Every source behind this case, most used first.</p>"
        f"{source_table(sources)}</section>"
    )


def source_table(sources: tuple[Cited, ...]) -> str:
    """List every source with its address."""
    rows = "".join(
        f"<tr><td>{escape(one.publisher)}</td><td>{escape(one.date)}</td>"
        f"<td>{escape(one.grade)}</td><td class=number>{one.rows}</td>"
        f"<td>{_address(one.url)}</td></tr>"
        for one in sources
    )
    heads = "".join(
        f'<th scope="col">{name}</th>' for name in ("Source", "Date", "Grade", "Rows", "Address")
    )
    return (
        '<div class="scroll" tabindex="0" role="region" aria-label="All sources"><table><thead>'
        f"<tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _address(url: str) -> str:
    """Write an address as a link when it is one."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https"):
        return escape(url)
    return f'<a href="{escape(url)}" rel="noreferrer">{escape(parts.netloc)}</a>'
