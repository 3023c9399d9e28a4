"""Lines of capex by phase: they add up to what is paid, per MW and per GPU too."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from lawful import ANY, ran, scenarios

from forecasts.capex_stack import by_phase, capex_lines, stack_gap
from forecasts.checks import SAME, Level, check
from forecasts.engine import Result, run
from forecasts.lines import CAPEX_LINES
from forecasts.report import phase_capex, projection
from forecasts.returns import factory_returns
from forecasts.scenario import Scenario

NAME = "capex by phase and line adds up"


@ANY
@given(scenarios())
def test_phases_and_lines_add_up_to_what_is_paid_whatever_is_assumed(changes):
    result = ran(changes)
    assert stack_gap(result) <= SAME
    for row, phases in enumerate(result.phases):
        stack = by_phase(result, row)
        paid = [-result.lines[name][0, row].sum() for name in CAPEX_LINES]
        assert stack.sum(axis=0) == pytest.approx(paid, rel=1e-9, abs=1e-3)
        each = [phase_capex(result, row, phase) for phase in phases]
        assert stack.sum(axis=1) == pytest.approx(each, rel=1e-9)


def test_lines_per_mw_and_per_gpu_add_up_to_those_of_the_whole(base: Result):
    for row, phases in enumerate(base.phases):
        lines = capex_lines(base, row)
        whole = factory_returns(base, row)
        assert sum(line.share for line in lines) == pytest.approx(1)
        assert sum(line.usd for line in lines) == pytest.approx(whole["capex"].value)
        per_mw = sum(line.usd_per_mw for line in lines)
        assert per_mw == pytest.approx(whole["capex_per_mw"].value * 1e6)
        gpus = sum(phase.gpus for phase in phases)
        per_gpu = sum(line.usd_per_gpu for line in lines)
        assert per_gpu == pytest.approx(whole["capex"].value / gpus)
        assert [line.usd for line in lines] == sorted((one.usd for one in lines), reverse=True)
        assert all(sum(line.phases_usd) == pytest.approx(line.usd) for line in lines)


def test_a_wrong_split_fails_the_check(base: Result):
    assert {one.name: one.level for one in check(base)}[NAME] is Level.OK
    moved = dict(base.lines)
    moved["shell"], moved["cooling"] = moved["shell"] * 1.01, moved["cooling"] * 0.99
    broken = dataclasses.replace(base, lines=moved)
    assert {one.name: one.level for one in check(broken)}[NAME] is Level.FAILED


def test_a_factory_that_builds_nothing_has_no_lines(catalog):
    nothing = run(Scenario(site_capacity_mw=0.0), catalog)
    assert capex_lines(nothing, 0) == []
    assert stack_gap(nothing) == 0.0


def test_the_projection_tells_the_lines_of_every_phase(base: Result):
    for one in projection(base, ())["factories"]:
        by_line = {line["name"]: line["usd"] for line in one["capex_lines"]}
        for phase in one["phases"]:
            assert sum(phase["capex_lines_usd"].values()) == pytest.approx(phase["capex_usd"])
        summed = {
            name: sum(phase["capex_lines_usd"][name] for phase in one["phases"]) for name in by_line
        }
        assert summed == pytest.approx(by_line)
        assert np.isfinite(list(by_line.values())).all()
