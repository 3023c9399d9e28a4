"""Charts say what the result says: every number drawn is compared with the Result."""

from itertools import pairwise

import numpy as np
import pytest
from drawn import numbers

from dashboard.charts import (
    cash,
    classes,
    factory,
    findings,
    hours,
    kpis,
    overview,
    ranking,
    sitemap,
)
from dashboard.charts.card import Chart
from dashboard.charts.study import Study, short, study
from dashboard.theme import money
from forecasts.demand_classes import demand_years
from forecasts.engine import run
from forecasts.lines import OPEX_LINES
from forecasts.presets import PRESETS, preset
from forecasts.report import annual_frame

OVERVIEW = (sitemap.site_map, overview.capacity_by_year, overview.capex_by_year)
FACTORY = (
    factory.build_out,
    factory.coverage,
    classes.by_class,
    hours.hours_in_use,
    factory.capex_by_line,
    cash.opex_by_year,
    cash.cumulative_cash,
)


@pytest.fixture(scope="module", params=list(PRESETS))
def made(request: pytest.FixtureRequest) -> Study:
    return study(run(preset(request.param)))


@pytest.fixture(scope="module")
def base() -> Study:
    return study(run(preset("base")))


def every_chart(made: Study) -> list[Chart]:
    charts = [make(made) for make in OVERVIEW]
    for row in range(len(made.sites)):
        if made.result.phases[row]:
            charts += [make(made, row) for make in FACTORY]
    return charts


def said(chart: Chart) -> str:
    return " ".join([chart.headline, chart.subtitle, chart.alt, chart.source])


def test_every_chart_draws_finite_numbers_and_says_what_it_shows(made: Study) -> None:
    for chart in every_chart(made):
        assert np.isfinite(numbers(chart.figure)).all(), chart.headline
        assert all((chart.headline, chart.subtitle, chart.alt, chart.source))
        assert not any(word in said(chart).split() for word in ("nan", "None", "inf", "NaN"))
        assert not chart.table.isna().any(axis=None), chart.headline


def test_figures_are_small(made: Study) -> None:
    for chart in every_chart(made):
        assert len(chart.figure.to_json()) < 90_000, chart.headline


def test_every_axis_with_numbers_names_its_unit(made: Study) -> None:
    for chart in every_chart(made):
        titles = f"{chart.figure.layout.xaxis.title.text} {chart.figure.layout.yaxis.title.text}"
        assert chart.headline
        units = ("MW", "USD", "IT load", "Dates", "GPU-hours")
        assert any(unit in titles + chart.subtitle for unit in units)


def test_legends_stand_below_and_titles_stay_out_of_the_figure(made: Study) -> None:
    for chart in every_chart(made):
        assert chart.figure.layout.legend.y < 0
        assert chart.figure.layout.title.text is None


def test_capacity_bars_are_the_live_megawatts_at_year_end(base: Study) -> None:
    chart = overview.capacity_by_year(base)
    drawn = {trace.name: np.array(trace.y, dtype=np.float64) for trace in chart.figure.data}
    for row, site in enumerate(base.sites):
        wanted = annual_frame(base.result, row)["live_mw"].to_numpy()
        np.testing.assert_allclose(drawn.get(short(site), np.zeros(wanted.size)), wanted)


def test_capex_bars_sum_to_the_capex_of_the_portfolio(base: Study) -> None:
    frame = overview.capex_by_year(base).table.set_index("Year")
    unit = 1e9 if "bn" in frame.columns[0] else 1e6
    first = frame.loc[:, [not name.startswith(overview.REFRESH) for name in frame.columns]]
    assert first.to_numpy().sum() * unit == pytest.approx(base.portfolio["capex"].value)
    refresh = -base.result.lines["refresh"].sum()
    assert frame.to_numpy().sum() * unit == pytest.approx(base.portfolio["capex"].value + refresh)


def test_capex_by_line_is_the_capex_of_the_factory(base: Study) -> None:
    for row, returns in enumerate(base.returns):
        if base.result.phases[row]:
            table = factory.capex_by_line(base, row).table
            assert table["First-time capex, USD m"].sum() * 1e6 == pytest.approx(
                returns["capex"].value
            )
            assert table["Share, %"].sum() == pytest.approx(100)


def test_running_cost_by_year_is_the_opex_of_the_factory(base: Study) -> None:
    chart = cash.opex_by_year(base, 0)
    unit = 1e9 if "bn" in chart.figure.layout.yaxis.title.text else 1e6
    drawn = sum(np.sum(trace.y) for trace in chart.figure.data) * unit
    assert drawn == pytest.approx(-base.result.total(OPEX_LINES)[0, 0].sum())


def test_cumulative_cash_ends_at_the_sum_of_all_cash(base: Study) -> None:
    table = cash.cumulative_cash(base, 0).table
    assert table["Cumulative, USD m"].iloc[-1] * 1e6 == pytest.approx(
        base.result.cash_usd[0, 0].sum()
    )
    assert -table["Cumulative, USD m"].min() * 1e6 == pytest.approx(
        base.returns[0]["peak_funding"].value
    )


def test_gantt_bars_are_the_dates_of_the_phases(base: Study) -> None:
    row = base.order()[0]
    figure = factory.build_out(base, row).figure
    start = base.result.plan.start
    live = figure.data[-1]
    assert live.name == "Live"
    for place, phase in enumerate(base.result.phases[row]):
        assert live.base[place] == pytest.approx(start.year + (start.month - 1 + phase.live) / 12)


def shaded(chart: Chart, name: str) -> float:
    """Sum what lies between the two edges of a shading."""
    low, high = next(
        (below.y, above.y)
        for below, above in pairwise(chart.figure.data)
        if above.name == name and above.fill == "tonexty"
    )
    return float((np.asarray(high) - np.asarray(low)).sum())


def test_charts_shade_what_the_metrics_count_and_no_demand_before_anything_is_live(
    made: Study,
) -> None:
    for row, phases in enumerate(made.result.phases):
        if not phases:
            continue
        metrics = made.returns[row]
        for chart in (factory.coverage(made, row), classes.by_class(made, row)):
            for name in ("Shortfall", "Stranded"):
                counted = pytest.approx(metrics[name.lower()].value, rel=1e-9)
                assert chart.table[f"{name}, MW"].sum() == counted
                assert shaded(chart, name) == pytest.approx(metrics[name.lower()].value, abs=2)
            early = float(chart.table["Before live, MW"].sum())
            told = (one.before_live_mw_months for one in demand_years(made.result, row))
            assert early == pytest.approx(sum(told))
            assert early > 0


def test_demand_by_class_stacks_up_to_what_capacity_meets(made: Study) -> None:
    for row, phases in enumerate(made.result.phases):
        table = classes.by_class(made, row).table
        for end, whole in (("wanted, MW", "Demand, MW"), ("met, MW", None)):
            parts = table[[name for name in table.columns if str(name).endswith(end)]].sum(axis=1)
            met = table["Demand, MW"] - table["Shortfall, MW"] - table["Before live, MW"]
            assert parts.to_numpy() == pytest.approx((table[whole] if whole else met).to_numpy())
        if phases:
            yearly = classes.class_table(made, row, "MW-months")
            assert yearly["Stranded"].sum() == pytest.approx(made.returns[row]["stranded"].value)
            held = classes.class_table(made, row, "GPU-hours, m")
            sold = held[[name for name in held.columns if str(name).endswith("sold")]]
            hours = made.result.sales.sold_gpu_hours[0, row].sum() / 1e6
            assert sold.to_numpy().sum() == pytest.approx(hours)


def test_the_five_counts_of_hours_are_those_of_the_projection_each_within_its_whole(
    made: Study,
) -> None:
    for row in range(len(made.sites)):
        table = hours.hours_table(made, row)
        annual = annual_frame(made.result, row)
        for name, (label, *_) in hours.COUNTS.items():
            assert table[f"{label}, m"].sum() == pytest.approx(annual[name].sum() / 1e6)
        shares = table[list(hours.SHARES)]
        assert ((shares >= 0) & (shares <= 100 + 1e-9)).all(axis=None)
        useful = made.result.plan["useful_share"][row, 0] * 100
        assert table["Useful of utilised, %"].to_numpy() == pytest.approx(useful)


def test_ranking_lists_every_factory_once_best_first(made: Study) -> None:
    frame = ranking.ranking(made)
    assert sorted(frame["Factory"]) == sorted(short(site) for site in made.sites)
    value = frame["NPV/capex, %"].dropna()
    assert list(value) == sorted(value, reverse=True)
    assert frame["Finding"].str.len().min() > 5


def test_the_ranking_gives_a_reason_for_every_empty_payback(made: Study) -> None:
    frame = ranking.ranking(made)
    built = frame["First live"] != "not built"
    for finding in frame[built & frame["Payback, years"].isna()]["Finding"]:
        assert "do not pay it back" in finding


def test_the_headline_counts_the_factories_that_clear(made: Study) -> None:
    count = sum(made.clears(row) for row in range(len(made.sites)))
    text = findings.headline(made)
    assert text.startswith("No factory") == (count == 0)
    if count == len(made.sites):
        assert text.startswith("All")


def test_the_factory_of_the_headline_leads_the_ranking(made: Study) -> None:
    text = findings.headline(made)
    if "comes closest" in text or "returns most" in text:
        assert f"; {ranking.ranking(made)['Factory'].iloc[0]} " in text


def test_kpis_show_changes_against_the_base_case(base: Study) -> None:
    dearer = study(run(preset("base").having(rack_price=9_000_000.0)))
    shown = {one.name: one for one in kpis.portfolio_kpis(dearer, base)}
    before, after = base.portfolio["capex"].value, dearer.portfolio["capex"].value
    assert before is not None
    assert after is not None
    assert shown["capex"].change == f"+{money(after - before).removeprefix('USD ')}"
    assert all(one.change is None for one in kpis.portfolio_kpis(base, base))


def test_a_figure_without_a_value_says_why(base: Study) -> None:
    nothing = study(run(preset("base").having(max_phases=1, site_capacity_mw=0.0)))
    for one in kpis.portfolio_kpis(nothing, base):
        assert one.value
        assert "None" not in one.value
        if one.value == "\N{EN DASH}":
            assert one.reason
    assert not ranking.ranking(nothing)["Finding"].str.contains("None|nan").any()
    for make in OVERVIEW:
        assert np.isfinite(numbers(make(nothing).figure)).all()
