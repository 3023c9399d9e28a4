"""Revenue: GPU-hours installed, available, sold; contracted, merchant and as tokens; services."""

from forecasts.compiled import Record, bare, whole
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
        _stack(tracks[LIVE], live, end, cohort.kw / 1e3)
        _stack(tracks[INSTALLED], live, end, hours)
        _stack(tracks[HARDWARE], live, end, build.hardware_usd[place])
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
            _stack(tracks[AVAILABLE], steady, until, ready)
            _stack(tracks[CONTRACT_VALUE], steady, until, ready * signed)
            _market(tracks[MARKET_VALUE], (steady, until, launch), ready * level, paths.gpu_price)
            begin = until


@bare
def _stack(track: Array, begin: int, end: int, amount: float) -> None:
    """Add an amount in some months."""
    for month in range(begin, end):
        track[month] += amount


@bare
def _market(track: Array, span: tuple[int, int, int], level: float, price: Array) -> None:
    """Add a level at the market's price in some months; before the launch at that of the launch."""
    begin, end, launch = span
    for month in range(begin, min(end, launch)):
        track[month] += level * price[launch]
    for month in range(max(begin, launch), end):
        track[month] += level * price[month]


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
    signing = contractable(q)
    premium = 1 + q.sovereign_price_premium
    merchant_premium = premium * (1 + q.merchant_price_premium)
    by_token, token_share, services_share = token_price(q), q.token_share, q.services_share
    most_firm, taken = q.contracted_share, q.merchant_utilisation
    months = tracks.shape[1]
    firm, sold = tracks[FIRM_SHARE], tracks[SOLD_SHARE]
    live, demand, hours = tracks[LIVE], tracks[DEMAND], tracks[AVAILABLE]
    leased, let = tracks[LEASED], tracks[LET]
    for month in range(months):
        own = live[month] - leased[month]
        reach = (demand[month] - let[month]) / own if own > 0 else 0.0
        firm[month] = min(most_firm, reach * signing, 1.0)
        free[month] = max(min((1 - firm[month]) * taken, reach - firm[month]), 0.0)
        sold[month] = firm[month] + free[month]
    sold_hours, signed, market = tracks[SOLD_HOURS], tracks[CONTRACT_VALUE], tracks[MARKET_VALUE]
    contracted, merchant, tokens = lines[CONTRACTED], lines[MERCHANT], lines[TOKENS]
    price, services, revenue = paths.gpu_price, lines[SERVICES], tracks[REVENUE]
    rent, billed = lines[RENT], lines[BILLED]
    for month in range(months):
        sold_hours[month] = hours[month] * sold[month]
    for month in range(months):
        contracted[month] = signed[month] * firm[month] * premium
    for month in range(months):
        merchant[month] = market[month] * free[month] * (1 - token_share) * merchant_premium
    for month in range(months):
        tokens[month] = hours[month] * free[month] * token_share * by_token * price[month]
    for month in range(months):
        services[month] = (contracted[month] + merchant[month] + tokens[month]) * services_share
    for month in range(months):
        compute = contracted[month] + merchant[month] + tokens[month]
        revenue[month] = compute + services[month] + rent[month] + billed[month]
