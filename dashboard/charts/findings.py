"""What a result says, in sentences: headlines are computed, never written in advance."""

from collections.abc import Mapping

from dashboard.charts.study import Study, short
from dashboard.theme import money, number, percent
from forecasts.lines import CAPEX_LINES, LINES, OPEX_LINES
from forecasts.metrics import Metric


def listed(words: list[str]) -> str:
    """Join words as a sentence does.

    Examples
    --------
    >>> listed(["Malaysia", "Belgium", "Romania"])
    'Malaysia, Belgium and Romania'
    """
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def headline(study: Study) -> str:
    """Say which factories earn their cost of capital, and which leads."""
    order = study.order()
    good = [row for row in order if study.clears(row)]
    total = len(study.sites)
    if not good:
        return f"No factory earns its cost of capital{_closest(study, order)}"
    names = [short(study.sites[row]) for row in good]
    if len(good) == total and total > 1:
        return f"All {total} factories earn their cost of capital; {_leads(names[0])}"
    verb = "earns its" if len(good) == 1 else "earn their"
    who = listed(names) if len(good) <= 4 else f"{len(good)} of {_factories(total)}"
    lead = f"; {_leads(names[0])}" if len(good) > 1 else ""
    return f"{who} {verb} cost of capital{lead}"


def _leads(name: str) -> str:
    return f"{name} returns most per dollar of capex"


def _factories(count: int) -> str:
    return "1 factory" if count == 1 else f"{count} factories"


def _closest(study: Study, order: list[int]) -> str:
    """Say how near the best of them comes, by the measure that ranks them."""
    value = study.value_per_capex(order[0])
    if value is None:
        return ""
    name = short(study.sites[order[0]])
    return f"; {name} comes closest, with an NPV of {percent(value)} of its capex"


def size_sentence(study: Study) -> str:
    """Say what is built, what it costs and what it is worth today."""
    built = sum(phase.it_mw for own in study.result.phases for phase in own)
    count = sum(len(own) for own in study.result.phases)
    capex, npv = study.portfolio["capex"].value, study.portfolio["npv"].value
    if not built or capex is None or npv is None:
        return "Nothing is built in this scenario."
    verb = "worth" if npv >= 0 else "a loss of"
    return (
        f"{count} {'phase brings' if count == 1 else 'phases bring'} {number(built)} MW of IT load "
        f"for {money(capex)} of first-time "
        f"capex; at each factory's cost of capital that is {verb} {money(abs(npv))} today."
    )


def unmoved(study: Study, base: Study) -> str:
    """Say that the changes move nothing, and which late grids do not; empty where they do.

    Parameters
    ----------
    study, base : Study
        The scenario on screen, and what its changes are counted from.
    """
    if _figures(study) != _figures(base):
        return ""
    late = study.result.plan.values["grid_delay_months"]
    spare = [
        short(site)
        for site, months, phases in zip(study.sites, late, study.result.phases, strict=True)
        if months > 0 and phases and phases[0].critical != "grid"
    ]
    why = (
        f" In {listed(spare)} construction and racks take longer than the late grid, which "
        "therefore costs nothing yet."
        if spare
        else ""
    )
    return f" What you changed moves none of these figures.{why}"


def _figures(study: Study) -> list[tuple[object, ...]]:
    """Which factories, and every metric of all of them and of each."""
    each = (study.portfolio, *study.returns)
    keys = tuple(site.key for site in study.sites)
    return [keys, *(tuple(one.value for one in own.values()) for own in each)]


def how_sure(cases: Mapping[str, Study]) -> str:
    """Say how far the named scenarios lie apart: what is known so far of the spread of returns."""
    found = []
    for name, study in cases.items():
        npv, total = study.portfolio["npv"].value, len(study.sites)
        if npv is not None:
            good = sum(study.clears(row) for row in range(total))
            found.append((npv, f"{name} {money(npv)} ({good} of {total})"))
    said = listed([text for _, text in sorted(found)])
    of_what = "NPV by scenario (factories that earn their cost of capital)"
    return f"{of_what}: {said}." if said else ""


def verdict(study: Study, row: int) -> str:
    """Say in a few words how a factory fares, with the reason."""
    if not study.result.phases[row]:
        return "Not built: no phase fits the site, the grid and the horizon"
    irr, rate = study.returns[row]["irr"], study.returns[row]["discount_rate"].value
    word = "Earns" if study.clears(row) else "Misses"
    if irr.value is None or rate is None:
        return f"{word} its cost of capital. {irr.reason}"
    earned, asked = told_apart(irr.value, rate)
    return f"{word} its cost of capital: IRR {earned} against {asked}"


def told_apart(one: float, other: float) -> tuple[str, str]:
    """Write two shares with as many decimals as show that they differ, 1 to 3.

    Examples
    --------
    >>> " ".join(" ".join(told_apart(0.09788, 0.0981)).split())
    '9.79 % 9.81 %'
    """
    for digits in (1, 2):
        texts = percent(one, digits), percent(other, digits)
        if texts[0] != texts[1]:
            return texts
    return percent(one, 3), percent(other, 3)


def coverage_finding(study: Study, row: int) -> str:
    """Say how much of demand the build-out meets, and what stands idle."""
    captured, stranded = (
        study.returns[row][name].value for name in ("demand_captured", "stranded")
    )
    live = float(study.result.sales.live_mw[row].sum())
    if captured is None or stranded is None or live <= 0:
        return "No capacity goes live in this scenario"
    idle = stranded / live
    if idle < 0.005:
        return f"The build-out meets {percent(captured, 0)} of demand and is never larger than it"
    return (
        f"The build-out meets {percent(captured, 0)} of demand; "
        f"{percent(idle, 0)} of its capacity has no buyer"
    )


def cash_finding(returns: Mapping[str, Metric]) -> str:
    """Say when the money is back, or that it is not."""
    payback, peak = returns["payback"].value, returns["peak_funding"].value
    if not peak:
        return "No money is tied up in this scenario"
    needs = f"Needs {money(peak)} at the deepest point"
    if payback is None:
        return f"{needs} and does not pay back by the end"
    return f"{needs} and pays back {number(payback, 1)} years after the first decision"


def capex_finding(study: Study, row: int) -> str:
    """Say which line takes most of the first-time capex."""
    return _largest(study, row, CAPEX_LINES, "first-time capex")


def opex_finding(study: Study, row: int) -> str:
    """Say which line takes most of the opex."""
    return _largest(study, row, OPEX_LINES, "running cost")


def _largest(study: Study, row: int, names: tuple[str, ...], of_what: str) -> str:
    totals = {name: -float(study.result.lines[name][0, row].sum()) for name in names}
    whole = sum(totals.values())
    if whole <= 0:
        return f"No {of_what}: nothing is built"
    top = max(totals, key=lambda name: totals[name])
    return f"{percent(totals[top] / whole, 0)} of {of_what} goes to {LINES[top].label.lower()}"
