"""Tools for agents: the figures of the commands, with sources, and refusals with all problems."""

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from dashboard import api_cli, cli
from dashboard.agent import server
from dashboard.agent_answers import IN_DETAIL, MAIN, TOOLS
from dashboard.api.questions import QUESTIONS
from dashboard.glossary import definition
from forecasts.scenario import QUANTITIES

ROOT = Path(__file__).parents[2]
CHANGED = {"name": "mine", "pue": 1.2, "sites": {"kenya": {"pue": 1.4}}}


def ask(tool: str, **arguments) -> str:
    async def asked() -> str:
        async with Client(server()) as client:
            answer = await client.call_tool(tool, arguments)
            assert answer.is_error == expected_error
            return answer.content[0].text

    expected_error = arguments.pop("refused", False)
    return asyncio.run(asked())


def told(tool: str, **arguments) -> dict:
    return json.loads(ask(tool, **arguments))


def by_factory(rows: list[dict]) -> dict[str, dict]:
    return {one["factory"]: one for one in rows}


def asked_in_full(name: str, catalog, **body):
    made = QUESTIONS[name].answer(body, catalog, lambda _done, _of: None)
    return json.loads(json.dumps(made))


def test_the_tools_explain_themselves_and_change_nothing():
    async def listed():
        async with Client(server()) as client:
            return (await client.list_tools()).tools

    tools = {tool.name: tool for tool in asyncio.run(listed())}
    assert set(tools) == {one.__name__ for one in TOOLS}
    for tool in tools.values():
        assert len(tool.description) > 40
        assert tool.annotations.read_only_hint
        for name, option in tool.input_schema["properties"].items():
            assert len(option["description"]) > 15, (tool.name, name)


def test_over_stdio_nothing_but_the_protocol_is_said():
    async def asked():
        how = StdioServerParameters(
            command=sys.executable,
            args=["-m", "dashboard", "agent"],
            env=dict(os.environ),
            cwd=ROOT,
        )
        async with Client(stdio_client(how)) as client:
            return await client.call_tool("project", {"scenario": "accelerated"})

    answer = json.loads(asyncio.run(asyncio.wait_for(asked(), 60)).content[0].text)
    assert answer["scenario"] == "accelerated"
    assert len(answer["factories"]) == 12


def test_a_projection_in_short_and_in_detail_has_the_figures_of_the_command(catalog):
    full = asked_in_full("project", catalog, scenario=CHANGED)
    short = told("project", scenario=CHANGED)
    assert short["scenario_hash"] == full["scenario_hash"]
    wanted = by_factory(full["factories"])
    for name, one in by_factory(short["factories"]).items():
        assert one["returns"] == {metric: wanted[name]["returns"][metric] for metric in MAIN}
        assert one["phases"] == len(wanted[name]["phases"])
    assert short["portfolio"]["npv"] == full["portfolio"]["returns"]["npv"]
    detail = told("project", scenario=CHANGED, factory="kenya", yearly=True)
    for part in (*IN_DETAIL, "annual"):
        assert detail[part] == wanted["kenya"][part]
    assert "annual" not in told("project", scenario=CHANGED, factory="kenya")


def test_a_simulation_and_a_ranking_have_the_figures_of_the_commands(catalog):
    asked = {"paths": 64, "seed": 3}
    full = asked_in_full("simulate", catalog, **asked)
    short = by_factory(told("simulate", **asked)["factories"])
    for name, one in by_factory(full["factories"]).items():
        assert short[name]["metrics"]["npv"]["p10"] == one["metrics"]["npv"]["p10"]
        assert short[name]["probabilities"] == one["probabilities"]
    assert "all together" in short
    detail = told("simulate", **asked, factory="oman")
    assert detail["detail"] == by_factory(full["factories"])["oman"]
    assert detail["rank_sensitivity"]["metrics"]
    assert told("rank", **asked) == asked_in_full("rank", catalog, **asked)


def test_every_answer_fits_beside_a_conversation():
    for tool, arguments in (
        ("list_quantities", {}),
        ("project", {}),
        ("project", {"factory": "malaysia", "yearly": True}),
        ("simulate", {"paths": 64}),
        ("simulate", {"paths": 64, "factory": "malaysia"}),
        ("rank", {"paths": 64}),
    ):
        assert len(ask(tool, **arguments)) < 60_000, tool


def test_assumptions_are_listed_by_section_and_told_with_their_sources():
    rows = told("list_quantities")["quantities"]
    assert {one["name"] for one in rows} == set(QUANTITIES)
    risk = told("list_quantities", section="Risk")["quantities"]
    assert 0 < len(risk) < len(rows)
    (price,) = told("list_quantities", name="gpu_hour_price")["quantities"]
    assert price["base"]["source"]
    assert price["base"]["date"]
    (pue,) = told("list_quantities", name="pue")["quantities"]
    assert len(pue["sites"]) == 12
    assert len(told("list_factories")["factories"]) == 12


@pytest.mark.parametrize("metric", ["npv", "lcoc", "discount_rate", "min_dscr"])
def test_a_metric_is_explained_with_formula_and_sources(catalog, metric):
    found = told("explain_metric", metric=metric, factory="kenya", scenario=CHANGED)
    wanted = by_factory(asked_in_full("project", catalog, scenario=CHANGED)["factories"])["kenya"]
    assert found["value"] == wanted["returns"][metric]["value"]
    assert found["formula"] == definition(metric)
    inputs = {one["name"]: one for one in found["inputs"]}
    assert len(inputs) >= 4
    for name, one in inputs.items():
        assert name in QUANTITIES
        assert one["source"]
        assert one["grade"]
    if "pue" in inputs:
        assert inputs["pue"]["value"] == CHANGED["sites"]["kenya"]["pue"]
        assert inputs["pue"]["stated_by_scenario"]
        assert not inputs["rack_price"]["stated_by_scenario"]


def test_a_metric_without_a_value_is_explained_with_its_reason():
    nothing = {"sites": {"kenya": {"site_capacity_mw": 0.01}}}
    for metric in ("irr", "lcoc", "payback"):
        found = told("explain_metric", metric=metric, factory="kenya", scenario=nothing)
        assert found["value"] is None
        assert found["reason"].endswith("."), metric


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("project", {"scenario": {"pu": 3, "pue": 9}}, ("did you mean 'pue'?", "1 to 3")),
        ("project", {"scenario": "/etc/hostname"}, ("a saved scenario",)),
        ("project", {"factory": "kenia"}, ("did you mean 'kenya'?",)),
        ("simulate", {"paths": 10**6}, ("at most",)),
        ("explain_metric", {"metric": "joy", "factory": "kenya"}, ("one of npv",)),
        ("explain_metric", {"metric": "npv", "factory": "atlantis"}, ("one of belgium",)),
        ("list_quantities", {"name": "pu"}, ("did you mean 'pue'?",)),
        ("list_quantities", {"section": "Joy"}, ("Operations",)),
    ],
)
def test_what_cannot_be_used_is_told_with_its_fix(tool, arguments, said):
    answer = ask(tool, **arguments, refused=True)
    assert all(one in answer for one in said), answer


def test_without_the_extra_one_line_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setattr(api_cli, "find_spec", lambda _name: None)
    with pytest.raises(SystemExit) as ended:
        cli.main(["agent"])
    out, err = capsys.readouterr()
    assert (ended.value.code, out) == (1, "")
    assert err.startswith("refused: agent: got no package mcp")
    assert len(err.splitlines()) == 1
