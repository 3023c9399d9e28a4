"""Series of a user's file under the futures of one among them, on the command line."""

from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.series_file import records
from data.problems import Problem, RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from forecasts.alongside import Explained, Leader
    from forecasts.units import Array

EXPECTED = "future,ds,y"
"""Columns of a file of futures."""


def explain(
    frame: "pd.DataFrame",
    horizon: int,
    freq: str | None,
    *,
    driver: str,
    lag: int,
    futures: Path | None,
) -> "Explained":
    """Explain all series of a file by one of them; what cannot be is refused with its reason."""
    from forecasts.alongside import explained, leader

    try:
        lead = leader(frame, driver, freq)
        stated = read_futures(futures, lead) if futures else lead.own_futures(horizon)
        return explained(frame, driver, stated, freq=freq, lag=lag)
    except ValueError as error:
        fix = "correct the file or the name"
        raise RefusedError([Problem("--driver", str(error), "a series to go by", fix)]) from error


def refuse_mixed(driver: str | None, given: "Mapping[str, bool]") -> None:
    """Refuse options that would do nothing: of a driver without one, of forecasts beside one.

    Parameters
    ----------
    driver : str or None
        The driver asked for.
    given : mapping of str to bool
        By option, whether it was given; `--lag` and `--futures` need a driver, the others none.
    """
    needs = {"--lag", "--futures"}
    idle = [name for name, used in given.items() if used and (name in needs) == (driver is None)]
    got, expected, fix = "--driver beside it", "it without a driver", "leave one of them out"
    if driver is None:
        got, expected, fix = "no driver", "--driver beside it", "name a driver, or leave it out"
    if idle:
        raise RefusedError([Problem(name, got, expected, fix) for name in idle])


def read_futures(file: Path, lead: "Leader") -> "dict[str, Array]":
    """Read stated futures of a driver, or refuse the file with every problem's row."""
    import numpy as np
    import pandas as pd

    try:
        rows = pd.read_csv(file, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        problem = Problem(file.name, str(error), f"a CSV file with {EXPECTED}", "check the file")
        raise RefusedError([problem]) from error
    if not set(EXPECTED.split(",")) <= set(rows) or rows.empty:
        found = Problem(
            file.name,
            ", ".join(map(str, rows.columns)) or "nothing",
            EXPECTED,
            "add columns and rows",
        )
        raise RefusedError([found])
    values = pd.to_numeric(rows["y"], errors="coerce").to_numpy(float)
    problems = [
        Problem(f"{file.name} row {row + 2}, y", rows["y"][row], "a number above 0", "correct it")
        for row in np.flatnonzero(~(np.isfinite(values) & (values > 0)))
    ]
    counts = rows.groupby("future", sort=False).size()
    ahead = [str(one) for one in lead.calendar.after(int(counts.max()))]
    for name, own in rows.groupby("future", sort=False):
        given = own["ds"].str.strip().tolist()
        if given != ahead:
            wrong = next((one for one in given if one not in ahead), f"{len(given)} periods")
            text = f"{ahead[0]} to {ahead[-1]}, one row each, in order"
            place = f"{file.name}, future {name}"
            problems.append(Problem(place, wrong, text, "go on where the driver ends"))
    if problems:
        raise RefusedError(problems)
    return {
        str(name): values[own.index.to_numpy()] for name, own in rows.groupby("future", sort=False)
    }


def data(found: "Explained", driver: str, lag: int) -> dict[str, object]:
    """Return it as plain data: the driver, what is told of each series, its paths."""
    return {
        "driver": driver,
        "lag": lag,
        "series": records(found.series),
        "futures": records(found.futures),
    }


def verdicts(found: "Explained", driver: str, lag: int) -> str:
    """Say of every series how it follows the driver, and how far that may be believed."""
    lead = f", {lag} steps later" if lag else ""
    return "\n".join(
        f"{row.unique_id}: {row.elasticity:.2f} (± {row.standard_error:.2f}) points of growth for "
        f"one of {driver}{lead}. {row.verdict}"
        if row.growths
        else f"{row.unique_id}: {row.verdict}"
        for row in found.series.itertuples()
    )


def paths(found: "Explained", out: Path | None) -> str:
    """Return the paths as CSV, or where they were written."""
    rows = found.futures
    return f"{len(rows)} rows written to {out}" if out else str(rows.to_csv(index=False))
