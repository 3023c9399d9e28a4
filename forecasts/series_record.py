"""How often the intervals of the series behind the paths held on the past, for whoever reads them.

Simulated ranges are no surer than the series they are drawn from: where these have left their
intervals more often than they were made for, it is said beside every range.
"""

from math import isnan

from forecasts.backtest import TRIED
from forecasts.outlook import Outlook
from forecasts.written import percent


def series_record(known: Outlook) -> dict[str, object]:
    """Return the record of every series with a past to try, and what it means in a sentence.

    Keys: `series_record`, one row a series (`series`, `title`, `level`, `held`, `values`,
    `drives`), and `record_means`, empty where no series that drives the model broke its interval.
    """
    tried = {key: known.forecasts[key].verdict for key in known.histories}
    rows = [
        {
            "series": key,
            "title": history.title,
            "level": TRIED,
            "held": tried[key].held,
            "values": tried[key].errors,
            "drives": history.drives,
        }
        for key, history in known.histories.items()
        if not isnan(tried[key].held)
    ]
    return {"series_record": rows, "record_means": _means(known)}


def record_in_short(known: Outlook) -> str:
    """Return what the record means for a range of paths; empty where no driving series broke it."""
    held = [f"{held:.0%}".removesuffix("%") for held, _ in _broken(known)]
    if not held:
        return ""
    series = "a series" if len(held) == 1 else f"{len(held)} series"
    span = " to ".join(dict.fromkeys([held[0], held[-1]]))
    return f"{TRIED} % intervals of {series} behind it held {span} %"


def _broken(known: Outlook) -> list[tuple[float, str]]:
    """Share that the interval held and title of each driving series that left its own too often."""
    return sorted(
        (known.forecasts[key].verdict.held, history.title)
        for key, history in known.histories.items()
        if known.forecasts[key].verdict.broken and not history.drives.startswith(IDLE)
    )


def _means(known: Outlook) -> str:
    broken = _broken(known)
    if not broken:
        return ""
    told = ", ".join(f"{percent(held)} ({title})" for held, title in broken)
    return (
        f"What drives these paths has surprised before: of past values, intervals made for {TRIED} "
        f"% held {told}. The true spread may be wider than shown."
    )


IDLE = "Nothing yet"
"""How the purpose of a series begins that the model does not use."""
