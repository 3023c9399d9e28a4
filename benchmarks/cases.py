"""Public competition series: what may be seen, what came, and what our forecast says of it."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from forecasts.calibration import factor
from forecasts.combine import forecast_series
from forecasts.units import Array

DEVELOPMENT = Path(__file__).parents[2] / "shared" / "benchmark" / "m3_dev.csv"

SEASON_NAMES = {1: "Y", 4: "Q", 12: "M"}


@dataclass(frozen=True)
class Case:
    """One competition series: what may be seen, and what came."""

    key: str
    freq: str
    season: int
    history: Array
    future: Array
    collection: str = ""

    def cut(self, length: int) -> "Case":
        return replace(self, history=self.history[-length:])

    @property
    def scale(self) -> float:
        return float(np.abs(self.history[self.season :] - self.history[: -self.season]).mean())


@dataclass(frozen=True)
class Made:
    """A forecast of a case: centre and standard error before calibration."""

    case: Case
    mean: Array
    sigma: Array
    seconds: float


def cases(file: Path = DEVELOPMENT) -> list[Case]:
    table = pd.read_csv(file)
    found = []
    for key, own in table.groupby("unique_id"):
        seen = own["split"] == "train"
        history, future = own["y"][seen].to_numpy(float), own["y"][~seen].to_numpy(float)
        first = own.iloc[0]
        freq, season = str(first["freq"]), int(first["m"])
        found.append(Case(str(key), freq, season, history, future, file.stem))
    return found


def make(case: Case) -> Made:
    start = time.process_time()
    made = forecast_series(case.history, case.future.size, season=case.season)
    seconds = time.process_time() - start
    unit = factor(80, case.future.size, case.season, case.history.size)
    return Made(case, made.mean, (made.upper[80] - made.mean) / unit, seconds)


def frequencies(made: Sequence[Made]) -> list[str]:
    return [freq for freq in "YQM" if any(one.case.freq == freq for one in made)]
