"""Real terms and other currencies: views that leave the model's nominal USD as it is."""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given
from lawful import ANY, ran, scenarios

from forecasts.engine import Result, run
from forecasts.lines import CAPEX_LINES
from forecasts.money_terms import (
    FIGURES,
    FIRST,
    currency_of,
    exchange_rates,
    main_figures,
    price_level,
)
from forecasts.plan import register
from forecasts.returns import factory_returns, portfolio_returns
from forecasts.scenario import Scenario


def named(result: Result, row: int | None) -> dict:
    return {figure.name: figure for figure in main_figures(result, row)}


def test_nominal_figures_are_those_of_the_returns(base: Result):
    for row in [*range(len(base.plan.sites)), None]:
        metrics = portfolio_returns(base) if row is None else factory_returns(base, row)
        found = named(base, row)
        assert list(found) == list(FIGURES)
        for name in ("capex", "npv", "levelised_price", "lcoc"):
            assert found[name].nominal == pytest.approx(metrics[name].value)


def test_real_capex_is_deflated_month_by_month(base: Result):
    for row in range(len(base.plan.sites)):
        rise = 1 + float(base.plan["inflation"][row, 0])
        paid = math.fsum(
            -base.lines[name][0, row, month] / rise ** (month / 12)
            for name in CAPEX_LINES
            for month in range(base.plan.months)
        )
        assert named(base, row)["capex"].real == pytest.approx(paid)


def test_deflated_cash_at_the_real_rate_has_the_npv_of_nominal_cash(base: Result):
    level = price_level(base)
    real = (base.cash_usd[0] / level * (base.factors * level)).sum(axis=1)
    for row, value in enumerate(real):
        npv = named(base, row)["npv"]
        assert npv.real == npv.nominal == pytest.approx(value)


def test_a_real_levelised_cost_that_rises_with_prices_is_worth_the_same(base: Result):
    level = price_level(base)
    for row in range(len(base.plan.sites)):
        hours = base.sales.sold_gpu_hours[0, row] * base.factors[row]
        lcoc = named(base, row)["lcoc"]
        rising = (lcoc.real * level[row] * hours).sum()
        assert rising == pytest.approx(lcoc.nominal * hours.sum())
        assert lcoc.real < lcoc.nominal


def test_without_inflation_both_terms_are_one(catalog):
    flat = run(Scenario(factories=("belgium", "romania"), inflation=0.0), catalog)
    for row in (0, 1, None):
        for figure in main_figures(flat, row):
            assert figure.real == pytest.approx(figure.nominal)


@ANY
@given(scenarios())
def test_figures_are_finite_or_say_why_not_whatever_is_assumed(changes):
    result = ran(changes)
    for row in [*range(len(result.plan.sites)), None]:
        for figure in main_figures(result, row):
            assert (figure.nominal is None) == (figure.real is None) == bool(figure.reason)
            if figure.real is not None and figure.nominal is not None:
                assert math.isfinite(figure.real)
                assert math.isfinite(figure.nominal)
                same_sign = figure.real * figure.nominal >= 0
                assert same_sign or figure.name in {"opex", "revenue"}


def test_a_factory_that_builds_nothing_has_reasons_for_prices(catalog):
    nothing = run(Scenario(site_capacity_mw=0.0), catalog)
    found = named(nothing, 0)
    assert found["capex"].real == 0.0
    assert found["lcoc"].real is None
    assert found["lcoc"].reason


def test_every_factory_has_a_currency_with_a_dated_rate_and_source(catalog):
    sites = register(catalog)
    rates = exchange_rates(catalog, sites)
    assert tuple(rates)[:4] == FIRST
    for site in sites:
        rate = rates[currency_of(catalog, site.iso3)]
        assert rate.fact is not None
        assert rate.per_usd == rate.fact.value > 0
        assert rate.fact.unit == "local_per_USD"
        assert f"{site.iso3}, exchange_rate, {rate.year}" in rate.fact.place
        assert rate.fact.source.url
    frame = catalog.tables["country_year"]
    own = frame[(frame["iso3"] == "MYS") & (frame["indicator"] == "exchange_rate")]
    newest = own.loc[own["period"].astype(int).idxmax()]
    assert rates["MYR"].year == str(newest["period"])
    assert rates["MYR"].per_usd == float(newest["value"])


def test_a_country_without_a_rate_is_left_out(catalog):
    stranger = dataclasses.replace(register(catalog)[0], iso3="ATA")
    assert currency_of(catalog, "ATA") == ""
    assert list(exchange_rates(catalog, [stranger])) == list(FIRST)


def test_the_price_level_is_one_in_the_first_month_and_rises_by_inflation(base: Result):
    level = price_level(base)
    assert level[:, 0] == pytest.approx(np.ones(len(base.plan.sites)))
    assert level[:, 12] == pytest.approx(1 + base.plan["inflation"][:, 0])
