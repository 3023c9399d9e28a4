"""Which price of a GPU-hour, all else as it is, makes the value of a factory zero."""

from forecasts.compiled import bare
from forecasts.kernel import TAX, Factory, tax_after
from forecasts.lines import LINE
from forecasts.receipts import DAYS_PER_MONTH
from forecasts.units import Array

CONTRACTED, MERCHANT = LINE["contracted_compute"], LINE["merchant_compute"]

MOST_STEPS = 60
"""Steps of the search."""

HIGHEST = 100.0
"""Largest factor on the price that is tried."""

NO_PRICE = -1.0
"""Returned when no factor does."""


@bare
def break_even(one: Factory, gain: float, factors: Array, npv: float) -> float:
    """Factor on every price of a GPU-hour at which NPV is zero; `NO_PRICE` without one up to 100.

    Revenue, services and the costs that are shares of them scale; working capital and tax follow.
    """
    q, lines = one.terms[0], one.book.lines
    months = lines.shape[1]
    shares = 1 + q.services_share
    costs = q.cloud_platform_share + q.services_share * (1 - q.services_margin)
    costs += q.overhead_share * shares
    days = DAYS_PER_MONTH
    margin, worth, before = one.book.work[0], 0.0, 0.0
    for month in range(months):
        compute = lines[CONTRACTED, month] + lines[MERCHANT, month]
        margin[month] = compute * (shares - costs)
        owed = compute * (shares * q.receivable_days - costs * q.payable_days) / days
        owed = 0.0 if month == months - 1 else owed
        worth += (margin[month] + before - owed) * factors[month]
        before = owed
    if worth <= 0:
        return NO_PRICE
    taxed, tax = 0.0, lines[TAX]
    for month in range(months):
        taxed += tax[month] * factors[month]
    low, high = 0.0, HIGHEST
    at_low = _npv_at(one, gain, factors, (npv - taxed, worth), margin, low)
    at_high = _npv_at(one, gain, factors, (npv - taxed, worth), margin, high)
    if at_low >= 0 or at_high <= 0:
        return NO_PRICE
    side = 0
    for _ in range(MOST_STEPS):
        middle = (low * at_high - high * at_low) / (at_high - at_low)
        value = _npv_at(one, gain, factors, (npv - taxed, worth), margin, middle)
        if abs(value) <= 1e-9 * worth or high - low < 1e-13:
            return middle
        if value > 0:
            high, at_high = middle, value
            at_low = at_low / 2 if side == 1 else at_low
            side = 1
        else:
            low, at_low = middle, value
            at_high = at_high / 2 if side == -1 else at_high
            side = -1
    return middle


@bare
def _npv_at(
    one: Factory,
    gain: float,
    factors: Array,
    parts: tuple[float, float],
    margin: Array,
    scale: float,
) -> float:
    """NPV when prices are scaled: before tax it is a line, tax is worked out again."""
    missed, tax, taxed = one.book.work[1], one.book.work[2], 0.0
    for month in range(margin.size):
        missed[month] = (1 - scale) * margin[month]
    on_sale = tax_after(one, missed, gain, tax)
    tax[margin.size - 1] -= on_sale
    for month in range(margin.size):
        taxed += tax[month] * factors[month]
    return float(parts[0] + (scale - 1) * parts[1] + taxed)
