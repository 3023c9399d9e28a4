"""What can be asked: each question is a command, answered by the same functions."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from dashboard.api.bodies import (
    MOST_SERIES,
    MOST_TRIED,
    Body,
    ForecastBody,
    ProjectBody,
    RankBody,
    SensitivityBody,
    SimulateBody,
)
from dashboard.files import named_scenario, scenario_of
from data.catalog import Catalog
from data.problems import Problem, RefusedError

if TYPE_CHECKING:
    import pandas as pd

    from forecasts.overrides import Override
    from forecasts.scenario import Scenario

Tell = Callable[[int, int], None]
"""Told how far the work is; raises where nobody waits for the answer any more."""

PLACE = "scenario"
"""Where a scenario stands in a body, for messages; a file's name stands there for the command."""

Asked = TypeVar("Asked", bound=Body)


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    Attributes
    ----------
    body : type of Body
        What may be asked.
    answer : callable
        From a body as it was sent, tables and progress to what the command prints with `--json`,
        as plain data; raises RefusedError with every problem of a body that cannot be used.
    """

    body: type[Body]
    answer: Callable[[object, Catalog, Tell], object]


def question(body: type[Asked], work: Callable[[Asked, Catalog, Tell], object]) -> Question:
    """Return a question whose body is read before work begins."""
    return Question(body, lambda held, catalog, tell: work(body.of(held), catalog, tell))


def scenario_asked(held: object) -> "Scenario":
    """Return the scenario of a body: by name, or as a file states it."""
    return named_scenario(held) if isinstance(held, str) else scenario_of(held, PLACE)


def project(asked: ProjectBody, catalog: Catalog, _tell: Tell) -> object:
    """Project a scenario, or projects stated whole."""
    from forecasts.checks import check, refuse_failed
    from forecasts.engine import run
    from forecasts.report import projection
    from forecasts.stated import is_stated, stated_projection

    if is_stated(asked.scenario):
        return stated_projection(asked.scenario, PLACE)
    result = run(scenario_asked(asked.scenario), catalog)
    checks = check(result)
    refuse_failed(checks)
    return projection(result, checks)


def simulate(asked: SimulateBody, catalog: Catalog, tell: Tell) -> object:
    """Carry sampled paths through a scenario."""
    from dashboard.risk_runs import simulated, simulation_of
    from forecasts.risk_report import Thresholds

    wanted = (asked.paths, asked.seed, asked.method)
    found = simulation_of(scenario_asked(asked.scenario), catalog, wanted, tell)
    thresholds = Thresholds(
        asked.hurdle,
        asked.covenant,
        stranded_mw=asked.stranded_mw,
        payback_years=asked.payback,
    )
    return simulated(found, catalog, thresholds)


def rank(asked: RankBody, catalog: Catalog, tell: Tell) -> object:
    """Rank the sites of a scenario."""
    from dashboard.risk_runs import ranking_of

    wanted = (asked.paths, asked.seed, "sobol")
    return ranking_of(scenario_asked(asked.scenario), catalog, wanted, asked.budget, tell)


def sensitivity(asked: SensitivityBody, catalog: Catalog, _tell: Tell) -> object:
    """Say what moves a metric most."""
    from dashboard.risk_runs import tornado_of

    return tornado_of(scenario_asked(asked.scenario), catalog, asked.metric, asked.factory)


def forecast(asked: ForecastBody, _catalog: Catalog, tell: Tell) -> object:
    """Forecast rows of series."""
    from dashboard import driven_file
    from dashboard import series_file as series

    given = {
        "lag": asked.lag > 0,
        "overrides": asked.overrides is not None,
        "backtest": asked.backtest,
        "every_model": asked.every_model,
    }
    _refuse_mixed(asked.driver, given)
    frame, levels = _frame(asked.series), series.levels_of(asked.levels)
    _refuse_many(frame, MOST_TRIED if asked.every_model else MOST_SERIES)
    if asked.driver is not None:
        made = driven_file.explain(
            frame, asked.horizon, asked.freq, driver=asked.driver, lag=asked.lag, futures=None
        )
        return driven_file.data(made, asked.driver, asked.lag)
    wanted = (frame, asked.horizon, asked.freq, levels)
    judge = asked.backtest or asked.every_model
    report = series.backtest_all(*wanted, every=asked.every_model, tell=tell) if judge else None
    judgements = () if asked.overrides is None else _judgements(asked.overrides)
    return series.answer_of(*wanted, report=report, judgements=judgements, tell=tell).data()


def _frame(rows: list[dict[str, object]]) -> "pd.DataFrame":
    """Read rows as a file of them is read; the first counts as row 2, below the names."""
    from dashboard.series_file import frame_of
    from data.ingest import Options, read

    held = json.dumps(rows).encode()
    return frame_of(read(held, "series", Options(name="series.json")), "series")[0]


def _judgements(rows: list[dict[str, object]]) -> "tuple[Override, ...]":
    from dashboard.series_file import judgements_of

    texts = [
        {name: "" if cell is None else str(cell) for name, cell in row.items()} for row in rows
    ]
    return judgements_of(texts, "overrides")


def _refuse_mixed(driver: str | None, given: dict[str, bool]) -> None:
    from dashboard.driven_file import refuse_mixed

    refuse_mixed(driver, {f"--{name.replace('_', '-')}": used for name, used in given.items()})


def _refuse_many(frame: "pd.DataFrame", most: int) -> None:
    count = frame["unique_id"].nunique()
    if count > most:
        fix = "ask in parts, or use the command `rackcast forecast`"
        expected = f"at most {most} series in a request"
        raise RefusedError([Problem("series", f"{count:,} series", expected, fix)])


QUESTIONS: Mapping[str, Question] = {
    "project": question(ProjectBody, project),
    "simulate": question(SimulateBody, simulate),
    "rank": question(RankBody, rank),
    "forecast": question(ForecastBody, forecast),
    "sensitivity": question(SensitivityBody, sensitivity),
}
"""Every question by the name of its command."""
