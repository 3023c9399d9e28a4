"""A chart for a page of others: which scenario its link means, who may show it."""

import datetime as dt
from collections.abc import Mapping

from dashboard.api.doors import Terms
from dashboard.changes import applied, read
from dashboard.link import (
    LINK_OPENED,
    LINK_OWN,
    LINK_PRESET,
    PICKABLE,
    changed_name,
    unpacked,
)
from data.catalog import Catalog
from data.problems import Problem, RefusedError
from forecasts.presets import PRESETS, preset
from forecasts.reading import scenario_from
from forecasts.scenario import Scenario

FACTORY = "factory"
"""Name in the link of the factory whose chart is asked for."""


def scenario_of_link(given: Mapping[str, str], catalog: Catalog) -> Scenario:
    """Return the scenario that a link of the app means; selections of its pages are left alone.

    Raises
    ------
    RefusedError
        If part of the link does not fit, with every such part.
    """
    changes = {name: text for name, text in given.items() if name not in PICKABLE}
    changes.pop(LINK_OPENED, None)
    wrong: list[str] = []
    own = unpacked(changes.pop(LINK_OWN, ""), wrong)
    name = changes.pop(LINK_PRESET, "base")
    if name not in PRESETS:
        wrong.append(f"scenario {name[:40]!r}: use one of {', '.join(PRESETS)}")
        name = "base"
    parent = scenario_from(own, "link") if own else preset(name)
    found, left = read(changes, parent, catalog)
    if wrong or left:
        expected, fix = "what this scenario takes", "copy the link anew, or leave that part out"
        raise RefusedError([Problem("link", one, expected, fix) for one in (*wrong, *left)])
    return applied(parent, found, name=changed_name(parent, len(found))) if found else parent


def chart_page(chart: str, given: Mapping[str, str], catalog: Catalog) -> bytes:
    """Return a chart as a page of its own, stamped with today.

    Raises
    ------
    RefusedError
        If link, chart or factory do not fit.
    """
    from dashboard.charts.study import study
    from dashboard.exports.framed import frame, plot_of
    from dashboard.exports.stamp import stamp_of
    from forecasts.checks import check, refuse_failed
    from forecasts.engine import run

    result = run(scenario_of_link(given, catalog), catalog)
    refuse_failed(check(result))
    held = study(result)
    plot = plot_of(held, chart, given.get(FACTORY) or None)
    return frame(plot, stamp_of(held, catalog, dt.datetime.now(dt.UTC).date()))


def policy(terms: Terms) -> str:
    """Return the policy of a chart's page: no script, nothing fetched, shown where allowed."""
    shown = " ".join(("'self'", *terms.embed_in))
    return f"default-src 'none'; style-src 'unsafe-inline'; frame-ancestors {shown}"
