"""Charts say what the result says: every number drawn is compared with the Result."""

import numpy as np
import plotly.graph_objects as go
import pytest

from dashboard.charts import (
    cash,
    evidence,
    factory,
    finance,
    findings,
    kpis,
    overview,
    ranking,
    series,
    sitemap,
)
from dashboard.charts.card import Chart
from dashboard.charts.study import Study, short, study
from dashboard.drivers_state import drivers
from dashboard.glossary import definition
from dashboard.theme import (
    FACTORY_STYLES,
    FORMATS,
    LINE_STYLES,
    change_text,
    factory_style,
    money,
    percent,
)
from data.catalog import bundled
from forecasts.coherence import capacity_coherence
from forecasts.engine import run
from forecasts.evidence import evidence as judged
from forecasts.lines import CAPEX_LINES, LINES, OPEX_LINES
from forecasts.metric_register import METRICS
from forecasts.outlook import outlook
from forecasts.presets import PRESETS, preset
from forecasts.report import annual_frame
from forecasts.scenario import QUANTITIES

OVERVIEW = (sitemap.site_map, overview.capacity_by_year, overview.capex_by_year)
FACTORY = (
    factory.build_out,
    factory.coverage,
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


def numbers(figure: go.Figure) -> np.ndarray:
    found = []
    for trace in figure.data:
        for axis in ("x", "y", "base"):
            values = getattr(trace, axis, None)
            if values is not None and not isinstance(values, str):
                found += [v for v in values if isinstance(v, float | int | np.number)]
    return np.array(found, dtype=np.float64)


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
        assert any(unit in titles + chart.subtitle for unit in ("MW", "USD", "IT load", "Dates"))


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


def test_coverage_shades_what_the_metrics_count(base: Study) -> None:
    row = base.order()[0]
    table = factory.coverage(base, row).table
    live = table["Live capacity, MW"] > 0
    assert table["Shortfall, MW"][live].sum() == pytest.approx(base.returns[row]["shortfall"].value)
    assert table["Stranded, MW"].sum() == pytest.approx(base.returns[row]["stranded"].value)


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


def test_fans_hold_their_intervals_and_widen() -> None:
    forecasts = outlook(bundled())
    for key, history in forecasts.histories.items():
        chart = series.fan(forecasts, key)
        forecast = forecasts.forecasts[key]
        assert np.isfinite(numbers(chart.figure)).all(), key
        bands = [trace for trace in chart.figure.data if trace.name.endswith("interval")]
        assert [trace.name for trace in bands] == [
            "95 % interval",
            "80 % interval",
            "50 % interval",
        ]
        assert all(trace.mode == "lines" for trace in bands)
        assert (forecast.lower[95] <= forecast.lower[50] + 1e-9).all()
        assert history.title in chart.alt
        assert len(chart.table) == history.ends.size + forecast.mean.size
        assert not series.members(forecasts, key).isna().any(axis=None)


def test_factories_keep_their_look_and_no_two_share_it() -> None:
    registered = set(bundled().tables["factories"]["factory"])
    assert registered <= set(FACTORY_STYLES), "give a new factory its colour in theme.FACTORY_ORDER"
    looks = [(style.colour, style.pattern) for style in FACTORY_STYLES.values()]
    assert len(set(looks)) == len(looks)
    assert factory_style("elsewhere") == factory_style("elsewhere")


def test_cost_lines_have_looks_of_their_own() -> None:
    assert set(LINE_STYLES) == set(LINES)
    assert len({(s.colour, s.pattern) for s in LINE_STYLES.values()}) == len(LINES)
    assert set(CAPEX_LINES) <= set(LINE_STYLES)


@pytest.mark.parametrize("name", METRICS)
def test_every_metric_is_defined_and_can_be_written(name: str) -> None:
    assert definition(name), f"docs/definitions.md lacks the heading `## {name}`"
    assert FORMATS[METRICS[name].unit](0.123)


@pytest.mark.parametrize("name", drivers())
def test_every_driver_is_an_assumption_with_a_range(name: str) -> None:
    fact = bundled().fact("assumptions", quantity=name)
    assert fact.low is not None
    assert fact.high is not None
    assert fact.low < fact.high
    assert QUANTITIES[name].help


@pytest.mark.parametrize(
    ("usd", "text"),
    [
        (0.0, "USD 0"),
        (950.0, "USD 950"),
        (8_388_384.0, "USD 8.39 m"),
        (999_700_000.0, "USD 1 bn"),
        (12_345_000_000.0, "USD 12.3 bn"),
        (-250e6, "\N{MINUS SIGN}USD 250 m"),
    ],
)
def test_money_is_short_and_exact_enough(usd: float, text: str) -> None:
    assert money(usd) == text


def test_changes_carry_their_sign_and_vanish_at_zero() -> None:
    assert change_text("USD", -250e6) == "-USD 250 m"
    assert change_text("USD", 250e6) == "+USD 250 m"
    assert change_text("USD_per_gpu_hour", 0.001) is None
    assert percent(0.1234) == "12.3\N{NO-BREAK SPACE}%"
    assert percent(0.002, 0).startswith("<1")


def test_the_evidence_shown_is_the_evidence_found():
    known = outlook(bundled())
    for key, history in known.histories.items():
        found = judged(history, known.forecasts[key])
        drawn = evidence.error_by_step(found, history)
        if drawn is None:
            assert found.steps.empty
            continue
        assert drawn.headline in found.verdict.text
        for bars, model in zip(drawn.figure.data, ("naive", "combination"), strict=True):
            assert np.asarray(bars.y) == pytest.approx(found.steps[model].to_numpy(), abs=1e-6)
        board = evidence.board(found)
        assert board["In 80 %, %"].between(0, 100).all()
        assert len(board) == len(found.board)
        assert evidence.checks(found)
        assert len(evidence.news(found, history)) == (found.revision is not None)


def test_published_outlooks_are_those_on_the_subject():
    table = bundled().tables["outlooks"]
    capex = evidence.published(table, "ai_capex", "")
    assert len(capex) > 10
    assert capex["Topic"].str.startswith("Capex").all()
    assert capex["Said in"].is_monotonic_decreasing
    assert set(evidence.published(table, "capacity_MYS", "Malaysia")["Address"]) <= set(
        table["url"]
    )
    assert evidence.published(table, "power_BEL", "Belgium").empty


def test_the_table_of_parts_is_the_coherence_found():
    found = capacity_coherence(bundled(), outlook(bundled()), 2028)
    shown = evidence.coherence_table(found).set_index("Part")
    assert shown.loc["World", "Adding up, MW"] == pytest.approx(
        shown[shown["Of"] == "World"]["Adding up, MW"].sum()
    )
    assert shown.loc["Kenya", "Moved, %"] == pytest.approx(
        100 * (shown.loc["Kenya", "Adding up, MW"] / shown.loc["Kenya", "As forecast, MW"] - 1)
    )


@pytest.fixture(scope="module")
def malaysia() -> Study:
    return study(run(preset("base").having(factories=("malaysia",)), bundled()))


def test_debt_service_is_drawn_with_its_cover(malaysia):
    chart = finance.debt_service(malaysia, 0)
    interest, principal, cash = chart.figure.data
    years = chart.table["Year"].tolist()
    assert list(cash.x) == [str(year) for year in years]
    paid = 3  # a year in which every month has service
    cover = cash.y[paid] / (interest.y[paid] + principal.y[paid])
    assert float(chart.table[finance.COVER][paid]) == pytest.approx(cover, abs=0.006)
    assert "worst month" in chart.headline


def test_no_debt_gives_no_chart_of_debt():
    unlevered = study(run(preset("base").having(factories=("kenya",), gearing=0.0), bundled()))
    assert finance.debt_service(unlevered, 0) is None


def test_forms_of_cost_end_on_the_metrics(malaysia):
    chart = finance.forms_of_cost(malaysia, 0)
    bars = dict(zip(chart.figure.data[0].y, chart.figure.data[0].x, strict=True))
    assert bars["LCOC, present value"] == malaysia.returns[0]["lcoc"].value
    assert bars["TCO, simple"] == malaysia.returns[0]["tco_simple"].value


def test_statements_loans_and_country_are_tables_without_gaps(malaysia):
    tables = [*finance.statement_tables(malaysia, 0).values(), finance.loan_table(malaysia, 0)]
    for table in [*tables, finance.sovereign_table(malaysia, 0)]:
        assert len(table) > 0
        assert not table.isna().any().any()
