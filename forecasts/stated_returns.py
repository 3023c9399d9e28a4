"""Returns of a stated project under its own conventions of time."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from forecasts.debt import TaxTerms, levered_tax
from forecasts.metrics import DAYS_PER_YEAR, Irr, Metric, Status, irr, moic, peak_funding
from forecasts.stated_blocks import Capex, Flow, periods_of
from forecasts.stated_ledger import Ledger
from forecasts.stated_lines import ledger
from forecasts.stated_schema import Project, When
from forecasts.units import Array

OFFSET: dict[str, float] = {"start": 0.0, "mid": 0.5, "end": 1.0}
"""Where in its period a flow comes."""

IRR_REASONS = {
    Status.MULTIPLE: "Cash changes sign more than once and several rates fit: {roots}.",
    Status.NONE: "No rate makes the present value of this cash zero.",
    Status.SAME_SIGN: "Cash never changes sign, so no rate can make its present value zero.",
    Status.EMPTY: "There is no cash.",
}
"""Why there is no single IRR, by status."""

NO_SALES = "Nothing is sold: there is no return, only cost."
"""Why a project without revenue has no IRR, payback or multiple."""

FIXED = frozenset(("project", "acre", "installed_gpu_hour"))
"""What revenue may be counted by that does not follow use."""

ROUNDS = 60
"""Most steps towards a break-even; two are enough unless energy is drawn from several sources."""


def wacc(project: Project) -> float | None:
    """Weighted average cost of capital, where its parts are stated."""
    parts = project.cost_of_capital
    if parts is None:
        return None
    debt = parts.debt_share * parts.debt_rate * (1 - parts.tax_rate)
    return debt + (1 - parts.debt_share) * parts.equity_rate


def discount_rate(project: Project) -> float:
    """Yearly discount rate."""
    stated = project.conventions.discount_rate
    return stated if stated is not None else (wacc(project) or 0.0)


def rate_of(yearly: float, compounding: str, per_year: int) -> float:
    """Rate of one of `per_year` periods.

    Examples
    --------
    >>> round(rate_of(0.12, "nominal", 12), 6), round(rate_of(0.12, "effective", 12), 6)
    (0.01, 0.009489)
    """
    if compounding == "nominal":
        return yearly / per_year
    return float((1 + yearly) ** (1 / per_year) - 1)


@dataclass(frozen=True, slots=True, eq=False)
class Timed:
    """Flows and when they come, (period,) each: within a period all flows of a kind together."""

    when: When
    flows: Array

    @property
    def times(self) -> Array:
        """Periods from the valuation to each flow."""
        return np.arange(self.flows.size, dtype=np.float64) + OFFSET[self.when]


def factors(project: Project, when: When) -> Array:
    """Discount factor of each period for flows at its start, middle or end, (period,)."""
    timeline, conventions = project.timeline, project.conventions
    periods = np.arange(timeline.periods, dtype=np.float64)
    if conventions.compounding == "yearly_steps":
        rate = discount_rate(project)
        times = np.floor(periods / timeline.per_year) + OFFSET[when]
    else:
        rate = rate_of(discount_rate(project), conventions.compounding, timeline.per_year)
        times = periods + OFFSET[when]
    return np.asarray((1.0 + rate) ** -times, np.float64)


def terminal_when(project: Project) -> When:
    """When residual and exit values come."""
    conventions = project.conventions
    return conventions.terminal_flows or conventions.operating_flows


def income_tax(book: Ledger) -> Array:
    """Tax before interest by period, (period,); 0 without a tax block."""
    project, layout = book.project, book.layout
    if project.tax is None:
        return np.zeros(layout.periods)
    terms = tax_terms(project, int(layout.live.min()), int(layout.live.min()))
    return levered_tax(taxable(book), terms, int(layout.live.min()))


def tax_terms(project: Project, sales: int, service: int) -> TaxTerms:
    """Tax in the words of `forecasts.debt`, which counts a holiday from the first service."""
    tax, per_year = project.tax, project.timeline.per_year
    if tax is None:
        return TaxTerms(rate=0.0)
    free = periods_of(tax.holiday_months, per_year) or 0
    return TaxTerms(
        tax.rate,
        tax.losses == "refunded",
        year_periods=per_year if tax.settled == "year" else 1,
        spread=False,
        holiday_periods=max(sales + free - service, 0) if free else 0,
    )


def working_capital(book: Ledger) -> Array:
    """Cash out (negative) or in by what is owed on both sides, (period,)."""
    terms, layout = book.project.working_capital, book.layout
    if terms is None:
        return np.zeros(layout.periods)
    costs = book.sum(book.opex) + book.sum(book.power)
    days = terms.receivable_days * book.sum(book.revenue) - terms.payable_days * costs
    owed = book.cash(days) * layout.per_year / DAYS_PER_YEAR
    owed[-1] = 0.0
    return np.asarray(-np.diff(owed, prepend=0.0))


def taxable(book: Ledger) -> Array:
    """Taxable income before interest, (period,), with the gain of the end in the last period."""
    income = book.cash(book.income) - depreciation(book)
    income[-1] += gain(book)
    return np.asarray(income)


def gain(book: Ledger) -> float:
    """Residual and exit values over the capex that is not yet written off; never a loss."""
    lines = book.project.capex
    free = [name for name, line in lines.items() if line.receipt and not _written_off(line)]
    untaxed = sum(float(book.cash(book.paid[name].sum(axis=0)).sum()) for name in free)
    basis = book.cash(book.capex).sum() - untaxed - depreciation(book).sum()
    return max(float(book.cash(book.sum(book.terminal)).sum() - basis), 0.0)


def _written_off(line: Capex) -> bool:
    return line.tax_life_years is not None or bool(line.tax_shares)


def depreciation(book: Ledger) -> Array:
    """Tax depreciation by period, (period,)."""
    layout, out = book.layout, np.zeros(book.layout.total)
    for name, line in book.project.capex.items():
        shares = np.repeat(np.array(line.tax_shares), layout.per_year) / layout.per_year
        if line.tax_life_years is not None:
            count = max(round(line.tax_life_years * layout.per_year), 1)
            shares = np.full(count, 1 / count)
        for row, period in np.argwhere(book.paid[name] != 0):
            begin = max(int(period), int(layout.live[row]))
            part = shares[: max(layout.total - begin, 0)]
            out[begin : begin + part.size] += book.paid[name][row, period] * part
    return book.cash(out)


def timed(book: Ledger) -> tuple[Timed, Timed, Timed]:
    """Capital, operating (after tax) and terminal flows, cash in positive."""
    conventions = book.project.conventions
    operating = book.cash(book.income) - income_tax(book) + working_capital(book)
    return (
        Timed(conventions.capital_flows, -book.cash(book.capex)),
        Timed(conventions.operating_flows, operating),
        Timed(terminal_when(book.project), book.cash(book.sum(book.terminal))),
    )


def present(project: Project, part: Timed) -> float:
    """Present value of flows."""
    return float(part.flows @ factors(project, part.when))


def net_present_value(book: Ledger) -> float:
    """NPV of the project, after tax where tax is stated."""
    return sum(present(book.project, part) for part in timed(book))


def on_one_line(parts: tuple[Timed, ...]) -> tuple[Array, int]:
    """Add flows of different times up on one grid of periods, or of half periods."""
    halves = 2 if any(part.when == "mid" for part in parts) else 1
    grid = np.zeros(max(part.flows.size for part in parts) * halves + halves)
    for part in parts:
        np.add.at(grid, np.rint(part.times * halves).astype(np.int64), part.flows)
    return np.trim_zeros(grid, "b"), halves


def yearly_irr(found: Irr, steps: int, quoted: str) -> Metric:
    """IRR a year from one of `steps` a year, or why there is none."""

    def yearly(rate: float) -> float:
        return rate * steps if quoted == "nominal" else (1 + rate) ** steps - 1

    unit = "share_per_year"
    if found.rate is not None:
        return Metric(yearly(found.rate), unit)
    roots = ", ".join(f"{yearly(root):.2%}" for root in found.roots)
    return Metric(None, unit, found.status, IRR_REASONS[found.status].format(roots=roots))


def returns(book: Ledger) -> dict[str, Metric]:
    """NPV, IRR, paybacks, MOIC, peak funding, and what they were discounted at."""
    project, parts = book.project, timed(book)
    flows, halves = on_one_line(parts)
    steps = halves * book.layout.per_year
    worth = [Timed(one.when, one.flows * factors(project, one.when)) for one in parts]
    discounted, _ = on_one_line((worth[0], worth[1], worth[2]))
    multiple = moic(flows)
    found = {
        "npv": Metric(net_present_value(book), "USD"),
        "irr": yearly_irr(irr(flows), steps, project.conventions.irr_quoted),
        "payback": payback(flows, steps),
        "discounted_payback": payback(discounted, steps),
        "moic": Metric(multiple, "ratio")
        if multiple is not None
        else Metric(None, "ratio", Status.UNDEFINED, "Nothing is paid in."),
    }
    if not project.revenue:
        found |= {
            name: Metric(None, found[name].unit, Status.UNDEFINED, NO_SALES)
            for name in ("irr", "payback", "discounted_payback", "moic")
        }
    found |= {
        "peak_funding": Metric(peak_funding(flows), "USD"),
        "net_cash": Metric(float(flows.sum()), "USD"),
        "discount_rate": Metric(discount_rate(project), "share_per_year"),
    }
    average = wacc(project)
    if average is not None:
        found["wacc"] = Metric(average, "share_per_year")
    if project.tax is not None:
        tax = income_tax(book)
        found["total_tax"] = Metric(float(tax.sum()), "USD")
        cost = present(project, Timed(project.conventions.operating_flows, tax))
        found["npv_before_tax"] = Metric(net_present_value(book) + cost, "USD")
    return found


def payback(flows: Array, steps: int) -> Metric:
    """Years until cumulative cash is and stays at or above zero, a straight line within a step.

    Examples
    --------
    >>> payback(np.array([-100.0, 40.0, 40.0, 40.0]), 1).value
    2.5
    """
    cumulative = np.cumsum(flows)
    below = np.flatnonzero(cumulative < 0)
    if below.size == 0:
        return Metric(None, "years", Status.UNDEFINED, "Cumulative cash is never below zero.")
    last = int(below[-1])
    if last == flows.size - 1:
        reason = "Cumulative cash is below zero at the end of the timeline."
        return Metric(None, "years", Status.NEVER, reason)
    return Metric(float((last - cumulative[last] / flows[last + 1]) / steps), "years")


def crossing(surplus: Callable[[float], float]) -> float | None:
    """Scale of use at which a surplus is zero; None when more use does not raise it.

    It is a straight line in the scale, but for the order of power sources and for demand
    that limits sales: then a few more steps.
    """
    low, here = 0.0, 1.0
    at_low, at_here = surplus(low), surplus(here)
    if at_here - at_low <= 1e-12 * max(abs(at_here), abs(at_low), 1e-300):
        return None
    for _ in range(ROUNDS):
        if at_here == at_low:
            return None
        new = here - at_here * (here - low) / (at_here - at_low)
        low, at_low, here = here, at_here, new
        if abs(here - low) <= 1e-14 * max(abs(here), 1.0):
            return here
        at_here = surplus(here)
        if abs(at_here) <= 1e-15 * (abs(at_low) + 1e-300):
            return here
    return here if np.isfinite(here) else None


def use_of(book: Ledger) -> float | None:
    """Share of what stands that is sold or let: what a break-even scales; None without revenue."""
    installed = book.cash(book.sales.installed_gpu_hours.sum(axis=0)).sum()
    standing = book.layout.standing(book.layout.live)
    revenue = book.project.revenue
    let = {n: book.cash(book.revenue[n]).sum() for n, line in revenue.items() if line.every}
    full = sum(value / (1 - revenue[n].vacancy) for n, value in let.items() if value > 0)
    sold = [line for line in revenue.values() if not line.every and follows_use(line)]
    if full > 0 and not sold:
        return float(sum(let.values()) / full)
    weight = book.sales.installed_gpu_hours if installed > 0 else standing * 1.0
    used = book.cash((book.sales.used * weight).sum(axis=0)).sum()
    whole = book.cash(weight.sum(axis=0)).sum()
    return float(used / whole) if whole > 0 else None


def break_even(book: Ledger, cost: float, income: float) -> dict[str, Metric]:
    """Use and price at which NPV is zero.

    `util x (PV cost - PV variable) / (PV revenue - PV variable)`; with `break_even_costs: fixed`
    no cost counts as variable: `util x PV cost / PV revenue`, before tax.
    """
    project, base = book.project, use_of(book)
    if not any(follows_use(line) for line in project.revenue.values()):
        base = None
    scale = None
    if base is not None and project.conventions.break_even_costs == "fixed" and income > 0:
        scale = cost / income
    elif base is not None:
        scale = crossing(lambda s: net_present_value(ledger(project, s)))
    price = crossing(lambda k: net_present_value(ledger(project, price=k)))
    return {
        "break_even_price_ratio": Metric(price, "ratio")
        if price is not None
        else Metric(None, "ratio", Status.UNDEFINED, "No price changes the result."),
        "break_even_utilisation": never_above_one(scale, base),
        "break_even_ratio": Metric(max(scale, 0.0) * base, "ratio")
        if scale is not None and base is not None
        else Metric(None, "ratio", Status.UNDEFINED, "No use pays for the rest."),
    }


def follows_use(line: Flow) -> bool:
    """Whether a line of revenue grows with utilisation or occupancy."""
    fixed = line.per in FIXED or line.share is not None or bool(line.amounts_usd)
    return not fixed


def never_above_one(scale: float | None, base: float | None) -> Metric:
    """Break-even use as a share, or `never` with the reason."""
    if base is None:
        return Metric(None, "share", Status.UNDEFINED, "No revenue follows use.")
    if scale is None:
        reason = "More use does not earn more than it costs."
        return Metric(None, "share", Status.NEVER, reason)
    needed = max(scale, 0.0) * base
    if needed > 1 + 1e-12:
        reason = f"Even full use would not do: {needed:.2%} would be needed."
        return Metric(None, "share", Status.NEVER, reason)
    return Metric(needed, "share")
