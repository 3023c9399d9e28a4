"""Tables of first-time capex by line: sums, per MW and per GPU, by phase and in all."""

import math

import numpy as np
import pandas as pd

from dashboard.charts.study import Study
from forecasts.capex_stack import by_phase, capex_lines
from forecasts.lines import CAPEX_LINES, LINES

PER = ("USD m", "USD m per MW", "USD per GPU")
"""What lines of capex are shown as: sums, over the IT load, over the GPUs."""


def line_table(study: Study, row: int) -> pd.DataFrame:
    """Table of the lines of all phases, largest first."""
    lines = capex_lines(study.result, row)
    return pd.DataFrame(
        {
            "Line": [line.label for line in lines],
            "First-time capex, USD m": [line.usd / 1e6 for line in lines],
            "Per MW of IT load, USD m": [_over(line.usd_per_mw, 1e6) for line in lines],
            "Per GPU, USD": [_over(line.usd_per_gpu, 1.0) for line in lines],
            "Share, %": [line.share * 100 for line in lines],
            "What it holds": [line.help for line in lines],
        }
    )


def _over(usd: float | None, divisor: float) -> float:
    """Write an amount in a larger unit; what has no amount is a gap of the table."""
    return math.nan if usd is None else usd / divisor


def phase_table(study: Study, row: int, per: str) -> pd.DataFrame:
    """Table of the lines by phase and in all; the last row adds them up.

    Parameters
    ----------
    study, row : Study, int
        Case and factory.
    per : str
        One of `PER`.
    """
    phases = study.result.phases[row]
    sizes = {
        PER[0]: [1e6 for _ in phases],
        PER[1]: [1e6 * phase.it_mw for phase in phases],
        PER[2]: [float(phase.gpus) for phase in phases],
    }[per]
    whole = 1e6 if per == PER[0] else sum(sizes)
    stack = by_phase(study.result, row)
    order = np.argsort(-stack.sum(axis=0), kind="stable").tolist()
    rows = [(LINES[CAPEX_LINES[at]].label, stack[:, at]) for at in order if stack[:, at].any()]
    rows.append(("All lines", stack.sum(axis=1)))
    return pd.DataFrame(
        [
            {f"Line, {per}": label}
            | {
                f"Phase {phase.number}": _over(float(usd) if size > 0 else None, size)
                for phase, usd, size in zip(phases, own, sizes, strict=True)
            }
            | {"All phases": _over(float(own.sum()) if whole > 0 else None, whole)}
            for label, own in rows
        ]
    )


def long_table(study: Study, row: int) -> pd.DataFrame:
    """Every line of every phase, as sums, per MW and per GPU: for a file."""
    lines = [
        {
            "phase": phase.number,
            "line": name,
            "label": LINES[name].label,
            "capex_usd": float(usd),
            "usd_per_it_mw": _over(float(usd) if phase.it_mw > 0 else None, phase.it_mw),
            "usd_per_gpu": _over(float(usd) if phase.gpus > 0 else None, float(phase.gpus)),
        }
        for phase, own in zip(study.result.phases[row], by_phase(study.result, row), strict=True)
        for name, usd in zip(CAPEX_LINES, own, strict=True)
    ]
    return pd.DataFrame(lines)
