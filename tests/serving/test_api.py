"""The REST service: the commands' answers, and refusals with all problems."""

import asyncio
import csv
import json
import re
from inspect import signature
from pathlib import Path

import jsonschema
import pytest
import yaml
from asked import ask, post, problems

from dashboard import cli, risk_commands
from dashboard.api import service
from dashboard.api.bodies import LARGEST_BODY, MOST_PATHS, MOST_SERIES
from dashboard.api.questions import QUESTIONS
from forecasts.presets import preset
from forecasts.scenario import QUANTITIES

ROOT = Path(__file__).parents[2]
CHANGED = {"name": "mine", "pue": 1.2, "start": "2027-03-01", "sites": {"romania": {"pue": 1.4}}}
FEW = ("--paths", "64", "--seed", "3")


def printed(capsys, *arguments: str) -> str:
    with pytest.raises(SystemExit) as ended:
        cli.main([*arguments, "--json"])
    out, err = capsys.readouterr()
    assert ended.value.code == 0, err
    return out.removesuffix("\n")


@pytest.fixture
def scenario_file(tmp_path: Path) -> str:
    path = tmp_path / "scenario"
    path.write_text(yaml.safe_dump(CHANGED, sort_keys=False), "utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("name", "flags", "body"),
    [
        ("project", (), {}),
        ("simulate", (*FEW, "--hurdle", "0.12", "--stranded-mw", "2"),
         {"paths": 64, "seed": 3, "hurdle": 0.12, "stranded_mw": 2}),
        ("rank", (*FEW, "--budget", "5e9"), {"paths": 64, "seed": 3, "budget": 5e9}),
        ("sensitivity", ("--metric", "irr", "--factory", "kenya"),
         {"metric": "irr", "factory": "kenya"}),
    ],
)  # fmt: skip
def test_an_answer_is_what_the_command_prints(capsys, scenario_file, name, flags, body):
    answer = post(f"/{name}", body | {"scenario": CHANGED})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    assert answer.text == printed(capsys, name, "--scenario", scenario_file, *flags)
    assert '"mine"' in answer.text


ROWS = [
    {"unique_id": name, "ds": f"{2020 + month // 12}-{month % 12 + 1:02d}-01", "y": base + month}
    for name, base in (("a", 10.5), ("b", 300))
    for month in range(40)
]
JUDGED = [
    {"unique_id": "a", "ds": "2023-05-01", "y": 61, "known": "2023-04-01", "who": "Ana",
     "reason": "A contract."}
]  # fmt: skip


@pytest.mark.parametrize(
    ("flags", "body"),
    [
        ((), {}),
        (("--backtest", "--levels", "50"), {"backtest": True, "levels": "50"}),
        (("--driver", "b", "--lag", "1"), {"driver": "b", "lag": 1}),
        (("--overrides", "overrides"), {"overrides": JUDGED}),
    ],
)
def test_a_forecast_is_what_the_command_prints(capsys, tmp_path, flags, body):
    files = {"series.csv": ROWS, "overrides": JUDGED}
    for name, rows in files.items():
        with (tmp_path / name).open("w", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    flags = [str(tmp_path / one) if one in files else one for one in flags]
    answer = post("/forecast", {"series": ROWS, "horizon": 3} | body)
    assert answer.status_code == 200, answer.text
    command = ("forecast", str(tmp_path / "series.csv"), "--horizon", "3", *flags)
    assert answer.text == printed(capsys, *command)


def test_stated_projects_are_projected_and_nothing_else_takes_them(capsys):
    path = ROOT / "scenarios" / "replications" / "rc-01-epoch-100mw.yaml"
    held = json.loads(json.dumps(yaml.safe_load(path.read_text("utf-8")), default=str))
    answer = post("/project", {"scenario": held})
    assert answer.status_code == 200, answer.text
    told = json.loads(printed(capsys, "project", "--scenario", str(path)))
    assert answer.json()["factories"] == told["factories"]
    assert "scenario" in problems(post("/rank", {"scenario": held}))


@pytest.mark.parametrize("name", list(QUESTIONS))
def test_options_are_the_flags_of_the_command_with_its_defaults(name):
    known = {"sensitivity": risk_commands.sensitivity}
    flags = signature(known.get(name) or getattr(cli, name)).parameters
    renamed = {"judge": "backtest", "every": "every_model", "file": "series"}
    own = {renamed.get(flag, flag): one.default for flag, one in flags.items()}
    fields = QUESTIONS[name].body.model_fields
    left_out = {"data", "as_json", "cluster", "out", "futures"}
    assert set(fields) == set(own) - left_out
    for option, field in fields.items():
        if not field.is_required():
            assert field.default == own[option], option


def test_a_scenario_is_refused_with_the_problems_of_the_command(capsys, tmp_path):
    wrong = {"pue": 9, "gpu_hour_prize": 3, "months": 7.5, "sites": {"romania": {"pue": "x"}}}
    path = tmp_path / "scenario"
    path.write_text(yaml.safe_dump(wrong, sort_keys=False), "utf-8")
    with pytest.raises(SystemExit):
        cli.main(["project", "--scenario", str(path)])
    told = capsys.readouterr().err.splitlines()
    found = problems(post("/project", {"scenario": wrong}))
    assert [f"refused: {one['message']}" for one in found.values()] == told
    assert len(found) >= 3
    assert "'gpu_hour_price'" in found["scenario: gpu_hour_prize"]["fix"]


def test_options_are_refused_all_at_once():
    body = {"paths": MOST_PATHS + 1, "seed": -1, "method": "dice", "hurdle": "much", "path": 3}
    found = problems(post("/simulate", body))
    assert set(found) == set(body)
    assert found["path"]["fix"] == "did you mean 'paths'?"
    assert str(MOST_PATHS) in found["paths"]["expected"]
    assert "sobol" in found["method"]["expected"]
    assert problems(post("/sensitivity", {"metric": "joy"}))["metric"]["value"] == "'joy'"


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        (b"", "body line 1, column 1"),
        (b"[1]", "body"),
        (b'{"hurdle": NaN}', "body"),
        (b'{"paths": 64, "paths": 128}', "paths"),
        (b"\xff", "body"),
        (b'{"scenario": ' + b"[" * 100_000, "body"),
        (b'{"scenario": {"pue": 1' + b"0" * 5000 + b"}}", "scenario: pue"),
        (b'{"scenario": "/etc/hostname"}', "scenario"),
        (b'{"scenario": 3}', "scenario"),
        (b'{"scenario": {"name": "\\ud800"}}', "scenario: name"),
    ],
)
def test_a_body_that_is_none_is_refused(raw, place):
    path = "/simulate" if b"paths" in raw or b"hurdle" in raw else "/project"
    answer = ask("POST", path, content=raw, headers={"content-type": "application/json"})
    assert place in problems(answer)


def test_a_file_on_this_machine_is_no_scenario(scenario_file):
    assert "scenario" in problems(post("/project", {"scenario": scenario_file}))


def test_series_are_refused_by_row_and_in_number():
    wrong = [*ROWS[:5], ROWS[5] | {"y": "much"}]
    assert "series row 7, y" in problems(post("/forecast", {"series": wrong, "horizon": 2}))
    many = [row | {"unique_id": f"s{n}"} for n in range(MOST_SERIES + 1) for row in ROWS[:3]]
    assert "series" in problems(post("/forecast", {"series": many, "horizon": 2}))
    few = [row | {"unique_id": f"s{n}"} for n in range(11) for row in ROWS[:3]]
    body = {"series": few, "horizon": 2, "every_model": True}
    assert "at most 10" in problems(post("/forecast", body))["series"]["expected"]
    assert "lag" in problems(post("/forecast", {"series": ROWS, "horizon": 2, "lag": 2}))


def test_a_body_too_large_or_of_another_kind_is_refused():
    large = {"scenario": {"description": "x" * LARGEST_BODY}}
    assert f"{LARGEST_BODY:,}" in problems(post("/project", large), 413)["request"]["expected"]
    problems(ask("POST", "/project", content=b"{}", headers={"content-type": "text/plain"}), 415)
    problems(ask("POST", "/project", content=b"{}"), 415)


def test_unknown_paths_and_methods_are_refused():
    assert "/nothing" in problems(ask("GET", "/nothing"), 404)["request"]["value"]
    problems(ask("GET", "/project"), 405)
    problems(post("/factories", {}), 405)


def test_a_body_that_is_too_slow_is_refused(monkeypatch):
    monkeypatch.setattr(service, "SLOWEST_BODY_S", 0.05)

    async def dripping():
        yield b"{"
        await asyncio.sleep(5)
        yield b"}"

    answer = ask("POST", "/project", content=dripping(),
                 headers={"content-type": "application/json"})  # fmt: skip
    problems(answer, 408)


def test_health_factories_and_quantities(catalog):
    assert ask("GET", "/health").json()["data_version"] == catalog.version
    factories = ask("GET", "/factories").json()["factories"]
    assert len(factories) == 12
    assert factories[0]["country"] == "BEL"
    told = {one["name"]: one for one in ask("GET", "/quantities").json()["quantities"]}
    assert set(told) == set(QUANTITIES)
    price = told["gpu_hour_price"]
    assert price["base"]["value"] == preset("base").gpu_hour_price
    assert price["unit"] == "USD_per_gpu_hour"
    for one in told.values():
        facts = [one["base"]] if one["sites"] is None else list(one["sites"].values())
        assert len(facts) in (1, 12)
        for fact in facts:
            assert fact["value"] is not None, one["name"]
            assert fact["url"] or fact["grade"] in ("assumption", "derived"), one["name"]
            assert QUANTITIES[one["name"]].within(fact["value"])


def test_the_description_holds_every_path_and_takes_what_is_sent():
    told = ask("GET", "/openapi.json").json()
    wanted = {"/health", "/factories", "/quantities", *(f"/{name}" for name in QUESTIONS)}
    assert wanted <= set(told["paths"])
    assert "security" not in told
    resolved = {"components": told["components"]}
    schema = resolved | {"$ref": "#/components/schemas/SimulateBody"}
    good = ({}, {"scenario": "base"}, {"scenario": CHANGED | {"parent": "accelerated"}, "paths": 8})
    for body in good:
        jsonschema.validate(body, schema)
        assert post("/simulate", body | {"paths": 8}).status_code == 200
    for body in ({"scenario": {"pue": 9}}, {"paths": 4}, {"seeds": 1}, {"scenario": {"pu": 1}}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(body, schema)
    for name in QUANTITIES:
        assert told["components"]["schemas"]["Scenario"]["properties"][name]["description"]


def test_the_examples_of_the_page_are_answered():
    page = (ROOT / "docs" / "api.md").read_text("utf-8")
    examples = re.findall(r"8600/(\w+) -H .+? -d '(\{.+?\})'", page, re.S)
    assert {name for name, _ in examples} == {"simulate", "forecast"}
    for name, body in examples:
        answer = post(f"/{name}", json.loads(body))
        assert answer.status_code == 200, answer.text
