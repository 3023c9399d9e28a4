"""What a reader of a stated project must be told: identities, traps, and figures that clash."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from forecasts.funding import Facility
from forecasts.metrics import Status, irr
from forecasts.stated_costs import Metrics
from forecasts.stated_ledger import Ledger
from forecasts.stated_lines import EXIT_LINE
from forecasts.stated_returns import (
    on_one_line,
    present,
    rate_of,
    timed,
    use_of,
)
from forecasts.stated_schema import Source
from forecasts.units import MONTHS_PER_YEAR

SAME = 1e-9
"""Relative difference up to which two sums count as the same."""

LOWEST_RATE = -0.9
"""Rate of a period below which a float no longer holds the IRR well enough for that check."""

HIGH_TERMINAL = 0.4
"""Share of the present value of receipts from which resale and sale are worth a word."""

THIN = 0.05
"""Equity over uses of funds below which its IRR is a matter of gearing more than of the project."""

POWER_PRICES = (5.0, 500.0)
"""USD per MWh outside which a price was probably entered in another unit."""

GPU_KW = (0.2, 6.0)
"""kW per GPU outside which a power was probably entered in another unit."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding; `level` is ok, note, warning or failed (then results must not be used)."""

    name: str
    level: str
    factory: str
    message: str


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A computed project."""

    name: str
    book: Ledger
    found: Metrics
    loans: Facility | None

    def value(self, metric: str) -> float | None:
        """Value of a metric, None where there is none."""
        metric_found = self.found.get(metric)
        return None if metric_found is None else metric_found.value


Said = Iterator[tuple[str, str, str]]
"""Name, level and message of findings."""


def findings(case: Case) -> list[Finding]:
    """Run every rule on a project."""
    return [
        Finding(name, level, case.name, message)
        for rule in RULES
        for name, level, message in rule(case)
    ]


def source_findings(source: Source | None) -> list[Finding]:
    """Tell whether the source is pinned down, and where versions of it differ."""
    if source is None:
        return [Finding("source", "warning", "", "no source is stated: nothing can be checked")]
    found = []
    if not source.is_fixed:
        message = "the source is kept in a repository, but no commit is stated: it may change"
        found.append(Finding("source version", "warning", "", message))
    for other in source.other_versions:
        message = f"at {other.commit[:12]} the source says otherwise: {other.differs}"
        found.append(Finding("source version", "warning", "", message))
    return found


def _identities(case: Case) -> Said:
    book = case.book
    total = case.value("total_capex") or 0.0
    phases = sum(float(book.cash(paid.sum(axis=0)).sum()) for paid in book.paid.values())
    again = case.value("total_refresh") or 0.0
    yield _holds("capex of phases and lines agree", phases - again, total)
    lines = sum((part.flows for part in timed(book)), np.zeros(book.layout.periods))
    parts = [case.value(key) or 0.0 for key in ("total_revenue", "total_terminal")]
    costs = [case.value(key) or 0.0 for key in ("total_cost", "total_tax")]
    yield _holds("lines sum to net cash", float(lines.sum()), sum(parts) - sum(costs))
    flows, _ = on_one_line(timed(book))
    rate = irr(flows).rate
    if rate is not None and rate > LOWEST_RATE:
        worth = flows * (1 + rate) ** -np.arange(flows.size, dtype=np.float64)
        share = float(worth.sum() / np.abs(worth).sum())
        yield _holds("present value at the IRR is zero", share + 1, 1.0)
    if case.loans is not None:
        owed = float(np.abs(case.loans.closing_usd[:, -1]).sum())
        size = float(case.loans.size_usd.sum())
        yield _holds("debt is repaid", size - owed, size)


def _holds(name: str, found: float, wanted: float) -> tuple[str, str, str]:
    gap = abs(found - wanted) / max(abs(wanted), 1.0)
    if gap <= SAME:
        return name, "ok", "holds"
    return name, "failed", f"{found:,.6g} against {wanted:,.6g}"


def _profit(case: Case) -> Said:
    price, cost = case.value("levelised_price"), case.value("lcoc")
    npv, rate = case.value("npv"), case.value("discount_rate")
    found_irr, yield_ = case.value("irr"), case.value("yield_on_cost")
    sold = bool(case.book.project.revenue)
    if sold and price is not None and cost is not None and price < cost * (1 - SAME):
        message = f"sold at USD {price:.4g} per GPU-hour, below its levelised cost of {cost:.4g}"
        also = f", although the yield on cost is {yield_:.1%}" if yield_ and yield_ > 0 else ""
        yield "price below LCOC", "warning", f"{message}{also}: not profitable"
    if found_irr is not None and rate is not None and found_irr < rate:
        message = f"the IRR of {found_irr:.2%} is below the discount rate of {rate:.2%}"
        yield "IRR below discount rate", "warning", f"{message}: NPV is negative"
    if sold and npv is not None and npv < 0 and yield_ is not None and yield_ > (rate or 0.0):
        message = (
            f"NPV is USD {npv:,.0f} although the yield on cost of {yield_:.1%} exceeds the "
            f"discount rate: yield on cost ignores how long income lasts and what is left"
        )
        yield "yield on cost misleads", "warning", message
    cost_of, paid = (case.value(f"{key}_per_million_tokens") for key in ("cost", "revenue"))
    if sold and cost_of is not None and paid is not None and 0 < paid < cost_of:
        message = f"a million tokens earn USD {paid:.4g} and cost {cost_of:.4g}"
        yield "tokens sold below cost", "warning", message


def _irr_status(case: Case) -> Said:
    found = case.found["irr"]
    if found.status in (Status.MULTIPLE, Status.NONE):
        yield "no single IRR", "warning", found.reason
    if case.book.project.conventions.irr_quoted == "nominal" and found.value is not None:
        message = "IRR is quoted as periods times the rate of a period, which understates it"
        yield "nominal IRR", "warning", message


def _break_even(case: Case) -> Said:
    found, base = case.found["break_even_utilisation"], use_of(case.book)
    if found.status is Status.NEVER:
        yield "no break-even", "warning", found.reason
    elif found.value is not None and base is not None and found.value > base * (1 + SAME):
        message = f"NPV is zero at {found.value:.1%} use; use is {base:.1%} on average"
        yield "break-even above stated use", "warning", message
    if case.book.project.conventions.break_even_costs == "fixed":
        message = "break-even counts all costs as fixed; fees and energy that follow use lower it"
        yield "break-even with fixed costs", "note", message
    for name in case.book.project.alternatives:
        against = case.found[f"alternatives.{name}.break_even_utilisation"]
        if against.status is Status.NEVER:
            message = f"owning never costs less than {name}: {against.reason}"
            yield f"never cheaper than {name}", "warning", message


def _energy(case: Case) -> Said:
    power, capacity = case.book.project.power, case.book.project.capacity
    if power is None or capacity is None:
        return
    overhead = capacity.server_overhead or 1.0
    if power.counts == "gpus" and overhead > 1:
        message = f"energy counts GPUs alone; with server overhead it is {overhead:g} times as much"
        yield "energy without server overhead", "warning", message
    short = case.book.cash(case.book.unserved_mw)
    if (short > 1e-9).any():
        month = int(np.argmax(short > 1e-9)) * MONTHS_PER_YEAR / case.book.layout.per_year
        message = (
            f"{short.max():.4g} MW of load have no supply, first in month {month:g}; they are "
            "neither billed nor taken off sales"
        )
        yield "power is short", "warning", message
    price = case.value("power_price")
    if price is not None and not POWER_PRICES[0] <= price <= POWER_PRICES[1]:
        message = f"energy costs USD {price:.4g} per MWh: is it in USD per MWh or per kWh?"
        yield "power price", "warning", message
    on_it = [name for name, line in case.book.project.opex.items() if line.per == "it_kw"]
    facility, it_mw = (case.value(key) for key in ("facility_mw", "it_mw"))
    if on_it and facility is not None and it_mw is not None and facility > it_mw:
        message = (
            f"{', '.join(on_it)} is charged on IT power, energy on facility power "
            f"(PUE {facility / it_mw:.3g})"
        )
        yield "two bases of power", "note", message


def _forms(case: Case) -> Said:
    """Costs of a GPU-hour that look alike and are not."""
    use, conventions = case.book.project.use, case.book.project.conventions
    tco, sla = case.value("tco_annuity"), case.value("lcoc_sla")
    if tco and sla and abs(sla - tco) > SAME * tco:
        message = (
            f"LCOC of USD {sla:.4g} is the TCO of {tco:.4g} over {use.availability:.0%} "
            f"availability with {use.spares:.0%} spares; do not compare one with the other"
        )
        yield "LCOC is not TCO", "warning", message
    rate = conventions.annuity_rate or case.value("discount_rate") or 0.0
    if tco and rate and conventions.annuity_compounding == "nominal":
        true = (1 + rate_of(rate, "nominal", MONTHS_PER_YEAR)) ** MONTHS_PER_YEAR - 1
        message = f"the annuity uses {rate:.2%} / 12 a month, which is {true:.2%} a year"
        yield "nominal rate", "note", message
    average, stated = case.value("wacc"), case.value("discount_rate")
    if average is not None and stated is not None and abs(average - stated) > 1e-6:
        message = f"the cost of capital comes to {average:.2%}; {stated:.2%} is used"
        yield "cost of capital", "note", message
    over_cost, margin = case.value("profit_over_cost"), case.value("profit_margin")
    if over_cost is not None and margin is not None and over_cost > 1:
        message = f"profit is {over_cost:.0%} of cost, which is {margin:.1%} of receipts"
        yield "profit over cost is no margin", "note", message


def _ends(case: Case) -> Said:
    """What is assumed about the end."""
    book, project = case.book, case.book.project
    terminal = timed(book)[-1]
    left, income = present(project, terminal), case.value("pv_revenue") or 0.0
    if project.revenue and left > HIGH_TERMINAL * (income + left):
        message = f"{left / (income + left):.0%} of the present value of receipts comes at the end"
        yield "resting on the end", "note", message
    others = [name for name in book.terminal if name != EXIT_LINE and book.terminal[name].any()]
    if EXIT_LINE in book.terminal and others:
        message = f"sale of the whole and residual of {', '.join(others)} both count"
        yield "value counted twice", "warning", message
    if EXIT_LINE in book.terminal and not book.terminal[EXIT_LINE].any():
        yield "no value at exit", "warning", "income at the end is not positive: the sale gives 0"
    years = (book.layout.periods - book.layout.reference) / book.layout.per_year
    for name, line in project.capex.items():
        worn = line.life_years is not None and line.life_years < years - 1e-9
        if worn and line.repeat_months is None:
            message = f"{name} has a life of {line.life_years:g} years and is used for {years:g}"
            yield "used beyond its life", "warning", message
        late = book.paid[name].sum() - book.cash(book.paid[name].sum(axis=0)).sum()
        if late > SAME * book.paid[name].sum():
            yield "paid after the end", "warning", f"USD {late:,.0f} of {name} fall after the end"


def _sizes(case: Case) -> Said:
    capacity = case.book.project.capacity
    if capacity is None:
        return
    for phase, size in zip(capacity.phases.values(), case.book.layout.sizes, strict=True):
        wanted, got = phase.it_mw, size.it_mw
        if wanted is not None and got is not None and abs(wanted - got) > SAME * wanted:
            message = f"{wanted:g} MW wanted become {got:g} MW in whole {capacity.whole}"
            yield "whole pieces", "note", message
    each = case.value("kw_per_gpu")
    if each is not None and not GPU_KW[0] <= each <= GPU_KW[1]:
        message = f"a GPU takes {each:.4g} kW of IT power: are MW, kW and GPUs as meant?"
        yield "power of a GPU", "warning", message
    if case.book.project.revenue and use_of(case.book) == 1.0:
        yield "every hour sold", "note", "utilisation and occupancy are 100 %"
    stranded, wanted_share = case.value("stranded"), case.value("demand_captured")
    if stranded:
        message = f"{stranded:,.1f} MW-months of capacity stand without demand"
        yield "stranded capacity", "note", message
    if wanted_share is not None and wanted_share < 1:
        yield "demand not met", "note", f"{wanted_share:.1%} of the demand is met"


def _debt(case: Case) -> Said:
    if case.loans is None:
        return
    live, tenor = (
        case.loans.terms.availability,
        max(tranche.tenor for tranche in case.loans.terms.tranches),
    )
    dry = int((case.loans.cfads_usd[live : live + tenor] <= 0).sum())
    if dry:
        message = f"cash is zero or below in {dry} periods of the tenor: they carry no debt"
        yield "no cash in the tenor", "warning", message
    service = case.loans.service_usd
    paying = service > 0
    if (paying & (case.loans.cfads_usd <= 0)).any():
        yield "service without cash", "warning", "there is debt service in periods without cash"
    if not case.loans.size_usd.sum() > 0:
        yield "nothing lent", "warning", "cash carries no debt on these terms"
    least = case.value("dscr_min")
    if least is not None and least < 1:
        message = f"cash covers service {least:.2f} times at its lowest: equity pays the rest"
        yield "cash does not cover service", "warning", message
    equity = case.found.get("equity_irr")
    if equity is not None and equity.status is not Status.OK:
        yield "no equity IRR", "warning", equity.reason


def _above_all(case: Case) -> Said:
    """Debt asked for above what there is to pay, and equity too thin to earn a rate on."""
    finance, loans = case.book.project.finance, case.loans
    if finance is None or loans is None:
        return
    uses = float(loans.uses_usd.sum())
    asked = [(name, one.gearing, one.amount_usd or 0.0) for name, one in finance.loans.items()]
    for name, gearing, amount_usd in (*asked, ("all loans together", finance.max_gearing, 0.0)):
        share = max(gearing if gearing > 1 else 0.0, amount_usd / uses if uses > 0 else 0.0)
        if share > 1 + SAME:
            message = f"{name}: {share:.1%} of the uses of funds is asked for; at most 100% is lent"
            yield "debt above 100 %", "warning", message
    equity, rate = float(loans.equity_usd.sum()), case.value("equity_irr")
    if rate is not None and equity < THIN * uses:
        message = f"the equity IRR of {rate:.1%} is earned on {equity / uses:.2%} of the cost"
        yield "thin equity", "warning", message


RULES: tuple[Callable[[Case], Said], ...] = (
    _identities,
    _profit,
    _irr_status,
    _break_even,
    _energy,
    _forms,
    _ends,
    _sizes,
    _debt,
    _above_all,
)
"""Every rule; none knows which case it looks at."""
