"""Revenue: GPU-hours installed, available, sold; contracted, merchant and as tokens; services."""

from forecasts.compiled import Record, Rows, apart, bare, whole
from forecasts.demand import contractable
from forecasts.hardware import hour_level
from forecasts.lines import LINE
from forecasts.records import TRACK
from forecasts.units import HOURS_PER_MONTH, Array

DEMAND, LIVE, SOLD_SHARE = TRACK["demand_mw"], TRACK["live_mw"], TRACK["sold_share"]
FIRM_SHARE, INSTALLED = TRACK["firm_share"], TRACK["installed_hours"]
AVAILABLE, SOLD_HOURS = TRACK["available_hours"], TRACK["sold_hours"]
CONTRACT_VALUE, MARKET_VALUE = TRACK["contract_value"], TRACK["market_value"]
HARDWARE, REVENUE = TRACK["hardware_usd"], TRACK["revenue"]

CONTRACTED, MERCHANT = LINE["contracted_compute"], LINE["merchant_compute"]
TOKENS, SERVICES = LINE["tokens"], LINE["services"]
RENT, BILLED = LINE["lease_rent"], LINE["tenant_power"]
LEASED, LET = TRACK["leased_mw"], TRACK["let_mw"]

SECONDS_PER_HOUR = 3600.0
TOKENS_PER_MILLION = 1e6


@bare
def serve(q: Record, site: Record, build: Record, paths: Record, tracks: Array) -> None:
    """Fill in what stands each month: live MW, hours installed and available, their value.

    `contract_value` and `market_value` are the available hours at the price of the month their
    contract began, and at the market price of the month. A new phase sells its hours over the
    ramp; a refresh takes over at once. A contract begins with service and is renewed, at the
    market price of that month, each time its length has passed.
    """
    months = tracks.shape[1]
    ramp = max(whole(q.ramp_months), 1)
    term = max(whole(q.contract_months), 1)
    for place in range(build.made[1]):
        cohort = build.cohorts[place]
        rack = site.roadmap[cohort.generation]
        level = hour_level(q, rack, paths.gpu_price)
        launch = min(max(rack.launch, 0), months - 1)
        hours = cohort.gpus * HOURS_PER_MONTH
        live, end = cohort.live, min(cohort.end, months)
        stood, worth = (
            (tracks[LIVE], tracks[INSTALLED], tracks[HARDWARE]),
            build.hardware_usd[place],
        )
        _stack(stood, (cohort.kw / 1e3, hours, worth), live, end)
        full = live if cohort.is_refresh else live + ramp
        begin = live
        while begin < end:
            until = min(begin + term, end)
            signed = level * paths.gpu_price[max(begin, launch)]
            for month in range(begin, min(until, full)):
                ready = hours * q.availability * min((month - live + 1) / ramp, 1.0)
                tracks[AVAILABLE, month] += ready
                tracks[CONTRACT_VALUE, month] += ready * signed
                tracks[MARKET_VALUE, month] += ready * level * paths.gpu_price[max(month, launch)]
            ready, steady = hours * q.availability, max(begin, min(full, until))
            sold = (tracks[AVAILABLE], tracks[CONTRACT_VALUE], tracks[MARKET_VALUE])
            early = min(max(steady, launch), until)
            at_launch = ready * level * paths.gpu_price[launch]
            _stack(sold, (ready, ready * signed, at_launch), steady, early)
            _sell_at_market(
                sold, (ready, ready * signed, ready * level), paths.gpu_price[early:until], early
            )
            begin = until


@apart
def _stack(tracks: Rows, amounts: tuple[float, float, float], begin: int, end: int) -> None:
    """Add an amount to each of three tracks in some months."""
    first, second, third = tracks
    for month in range(begin, end):
        first[month] += amounts[0]
        second[month] += amounts[1]
        third[month] += amounts[2]


@apart
def _sell_at_market(
    tracks: Rows, amounts: tuple[float, float, float], price: Array, begin: int
) -> None:
    """Add hours, their value as signed and their value at the market's price from a month on."""
    available, signed, market = tracks
    for place in range(price.size):
        available[begin + place] += amounts[0]
        signed[begin + place] += amounts[1]
        market[begin + place] += amounts[2] * price[place]


@bare
def token_price(q: Record) -> float:
    """USD that a GPU-hour sold as tokens brings at month 0, after cache discounts.

    Tokens a second x 3,600 / 1e6 x price a million; a cached token costs a share of the price.
    """
    paid = 1 - q.token_cache_share * (1 - q.token_cached_price_share)
    per_hour = q.tokens_per_gpu_second * SECONDS_PER_HOUR / TOKENS_PER_MILLION
    return float(per_hour * q.token_price * paid)


@bare
def sell(q: Record, paths: Record, lines: Array, tracks: Array, free: Array) -> None:
    """Sell what demand, contracts, the market and availability allow; contracts are filled first.

    Under contract: no more than the stated share of capacity, and no more than what signs. Of the
    rest the market takes up to its utilisation. Tokens are sold instead of merchant hours. Tenants
    of powered space are part of demand: what they take is not there for hours. `free` is
    room for the share the market takes, by month.
    """
    stood = (tracks[LIVE], tracks[LEASED], tracks[DEMAND], tracks[LET])
    _share_out(q, contractable(q), stood, (tracks[FIRM_SHARE], free, tracks[SOLD_SHARE]))
    value = (tracks[AVAILABLE], tracks[CONTRACT_VALUE], tracks[MARKET_VALUE], paths.gpu_price)
    shares = (tracks[FIRM_SHARE], free, tracks[SOLD_SHARE], lines[RENT], lines[BILLED])
    sales = (lines[CONTRACTED], lines[MERCHANT], lines[TOKENS], lines[SERVICES])
    _sales(q, value, shares, sales, (tracks[SOLD_HOURS], tracks[REVENUE]))


@apart
def _share_out(q: Record, signing: float, stood: Rows, found: Rows) -> None:
    """Fill in the shares of the hours sold under contract, without, and in all."""
    live, leased, demand, let = stood
    firm, free, sold = found
    for month in range(sold.size):
        own = live[month] - leased[month]
        reach = (demand[month] - let[month]) / own if own > 0 else 0.0
        signed = min(q.contracted_share, reach * signing, 1.0)
        taken = max(min((1 - signed) * q.merchant_utilisation, reach - signed), 0.0)
        firm[month], free[month], sold[month] = signed, taken, signed + taken


@apart
def _sales(q: Record, value: Rows, shares: Rows, sales: Rows, found: Rows) -> None:
    """Fill in sales by kind, hours sold and revenue."""
    hours, signed, market, price = value
    firm, free, sold, rent, billed = shares
    contracted, merchant, tokens, services = sales
    sold_hours, revenue = found
    premium = 1 + q.sovereign_price_premium
    unsigned = (1 - q.token_share) * premium * (1 + q.merchant_price_premium)
    by_token = q.token_share * token_price(q)
    for month in range(revenue.size):
        sold_hours[month] = hours[month] * sold[month]
        contracted[month] = signed[month] * firm[month] * premium
        merchant[month] = market[month] * free[month] * unsigned
        tokens[month] = hours[month] * free[month] * by_token * price[month]
        compute = contracted[month] + merchant[month] + tokens[month]
        services[month] = compute * q.services_share
        revenue[month] = compute + services[month] + rent[month] + billed[month]
