"""The columns of every dataset: the bundled tables and what users upload obey the same rules."""

from dataclasses import dataclass

from data.provenance import Confidence

PROVENANCE_COLUMNS = (
    "value",
    "low",
    "high",
    "unit",
    "source",
    "url",
    "date",
    "confidence",
    "notes",
)
"""Every table ends with these columns, in this order."""

NUMBERS = ("value", "low", "high")
"""The columns that hold numbers."""


WHOLE = frozenset({"racks", "count", "gpus", "months"})
"""Units in which only whole numbers make sense: a scenario takes no others either."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What one parameter of a table must look like: its unit and its possible range."""

    unit: str
    low: float
    high: float

    def problem(self, value: float, parameter: str) -> tuple[str, str] | None:
        """Return what is expected instead of a value, and what mends it; None where it is fine."""
        limits = f"{self.low:g} to {self.high:g} {self.unit} ({parameter})"
        if not self.low <= value <= self.high:
            return limits, "check the unit and the decimal mark"
        if self.unit in WHOLE and value != int(value):
            return f"a whole number, {limits}", "round it"
        return None


@dataclass(frozen=True, slots=True)
class Dataset:
    """One table: what a row states, which columns name it, and which parameters it must hold.

    Attributes
    ----------
    name : str
        File name without `.csv`.
    title, description : str
        What a reader sees in the app and in the data package.
    key : tuple of str
        Columns that together name a row; no two rows share them.
    has_text : bool
        Whether a `text` column stands after `value`.
    parameter : str
        The key column that says what is measured.
    rules : dict
        Unit and range by parameter, for the parameters the model reads.
    bundled : bool
        Whether Rackcast brings a table of it; the others are filled by users only.
    """

    name: str
    title: str
    description: str
    key: tuple[str, ...]
    parameter: str
    has_text: bool
    rules: dict[str, Rule]
    bundled: bool = True

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns in their order."""
        text = ("text",) if self.has_text else ()
        return (*self.key, "value", *text, *PROVENANCE_COLUMNS[1:])


COLUMN_MEANING: dict[str, str] = {
    "value": "The figure, in the row's unit; empty only where a text holds the fact.",
    "text": "The fact where it is not a number.",
    "low": "Lower end of the published range, where there is one.",
    "high": "Upper end of the published range, where there is one.",
    "unit": "Unit of value, low and high.",
    "source": "Who published it, and through whom it was seen.",
    "url": "Where it was seen.",
    "date": "When it was published.",
    "confidence": "reported, estimate, derived, assumption or unverified.",
    "notes": "Definition, conflict with other rows, arithmetic or reasoning.",
    "iso3": "Country (ISO 3166-1 alpha-3) or region.",
    "region": "Part of the country the figure covers, or `national`.",
    "indicator": "What is measured.",
    "parameter": "What is stated.",
    "attribute": "What is stated.",
    "period": "Year, half, quarter or month the figure is for.",
    "status": "Whether it stands, is being built, planned, forecast; seen or only stated.",
    "entity": "Company or market.",
    "fiscal_period": "The publisher's own name of the period.",
    "topic": "What the outlook is about.",
    "vintage": "When the outlook was published.",
    "gpu": "GPU generation.",
    "tier": "How it is sold: on demand, marketplace, contract; or the owner's cost.",
    "system": "Rack system, or the part of the factory the figure is for.",
    "factory": "Factory of the register.",
    "project": "Announced project.",
    "milestone": "What was reached.",
    "scope": "`plan`: about the factory or its partners; `other`: another project of its country.",
    "market": "Power market.",
    "quantity": "Assumption of the scenario.",
    "series": "Your own name of a series.",
    "driver": "Series of the model that follows another one.",
}
"""What each column means, by name."""

SITE_RULES: dict[str, Rule] = {
    "corporate_tax_rate": Rule("percent", 0, 60),
    "country_risk_premium": Rule("percent", 0, 40),
    "default_spread": Rule("percent", 0, 50),
    "withholding_tax_dividends": Rule("percent", 0, 60),
    "fx_volatility": Rule("percent", 0, 100),
    "power_price": Rule("USD_per_kWh", 0.005, 1.0),
    "build_cost": Rule("USD_per_W", 1, 40),
    "land_price": Rule("USD_per_m2", 0, 20_000),
    "pue": Rule("ratio", 1, 3),
    "regime_demand": Rule("ratio", 0.3, 3),
    "grid_carbon": Rule("gCO2_per_kWh", 0, 1500),
    "grid_carbon_change": Rule("percent_per_year", -50, 50),
    "permit_months": Rule("months", 0, 120),
    "grid_lead_months": Rule("months", 0, 180),
    "construction_months": Rule("months", 1, 120),
    "import_duty_it": Rule("percent", 0, 100),
    "property_tax": Rule("percent", 0, 20),
    "labour_cost_index": Rule("ratio", 0.01, 5),
    "compliance_cost": Rule("USD_m", 0, 100),
    "tax_holiday_years": Rule("years", 0, 40),
    **{f"temperature_{month:02d}": Rule("degC", -60, 60) for month in range(1, 13)},
    **{f"humidity_{month:02d}": Rule("percent", 5, 99) for month in range(1, 13)},
    "water_stress": Rule("score", 0, 4),
}
"""What `sites` must hold for every country of the register."""

FACTORY_RULES: dict[str, Rule] = {
    "latitude": Rule("degrees", -90, 90),
    "longitude": Rule("degrees", -180, 180),
    "phase_racks": Rule("racks", 1, 100_000),
    "max_phases": Rule("count", 1, 12),
    "decision_month_phase1": Rule("months", 0, 240),
    "site_capacity_mw": Rule("MW", 0.1, 10_000),
    "lead_months_done": Rule("months", 0, 120),
}
"""The numbers `factories` must hold for every factory."""

HARDWARE_RULES: dict[str, Rule] = {
    "gpus_per_rack": Rule("gpus", 1, 2_000),
    "rack_power_kw": Rule("kW_per_rack", 1, 5_000),
    "rack_price_usd": Rule("USD_per_rack", 1e4, 1e9),
    "closed_loop_water": Rule("l_per_kWh", 0, 5),
    "tower_air_rise": Rule("degC", 1, 40),
    "tower_cycles": Rule("ratio", 1.1, 20),
    "tower_approach": Rule("degC", 0, 30),
    "dry_approach": Rule("degC", 0, 30),
    "dry_air_rise": Rule("degC", 1, 40),
    "adiabatic_start": Rule("degC", 0, 60),
    "adiabatic_effectiveness": Rule("share", 0, 1),
    "hourly_spread": Rule("degC", 0.1, 20),
}
"""Unit and range of the hardware attributes the model reads."""


def _dataset(
    name: str,
    title: str,
    key: str,
    description: str,
    *,
    rules: dict[str, Rule] | None = None,
    has_text: bool = False,
) -> Dataset:
    columns = tuple(key.split(","))
    names = (
        *("parameter", "indicator", "attribute", "quantity", "topic", "tier", "market"),
        *("series", "driver", "milestone"),
    )
    parameter = next(column for column in names if column in columns)
    bundled = name not in ("own_series", "series_links")
    return Dataset(
        name, title, description, columns, parameter, has_text, rules or {}, bundled=bundled
    )


DATASETS: dict[str, Dataset] = {
    dataset.name: dataset
    for dataset in (
        _dataset(
            "regional_demand",
            "Regional demand",
            "iso3,region,indicator,period,status",
            "Data-centre capacity and electricity, AI adoption and commitments, by country.",
            rules={
                "dc_it_capacity": Rule("MW", 0, 1e6),
                "enterprise_ai_adoption": Rule("percent", 0, 100),
            },
        ),
        _dataset(
            "ai_spending",
            "AI spending",
            "entity,indicator,period,fiscal_period,status",
            "Quarterly capital expenditure of the large buyers and quarterly data-centre revenue "
            "of the leading vendor.",
            rules={
                "capex": Rule("USD_bn", 0, 1_000),
                "data_centre_revenue": Rule("USD_bn", 0, 1_000),
            },
        ),
        _dataset(
            "outlooks",
            "Published outlooks",
            "topic,region,period,vintage,status",
            "What others expect: AI spending, sovereign cloud, data-centre power.",
        ),
        _dataset(
            "gpu_hour_prices",
            "GPU-hour prices",
            "gpu,period,tier",
            "What an hour of a GPU costs, by generation, month and way of sale.",
        ),
        _dataset(
            "hardware",
            "Hardware and operating costs",
            "system,attribute,period",
            "Rack systems with power and price, and cost ratios of facility and operations.",
            rules=HARDWARE_RULES,
            has_text=True,
        ),
        _dataset(
            "sites",
            "Sites",
            "iso3,parameter,period",
            "Tax, power price, risk premium, build cost, lead times and rules, by country.",
            rules=SITE_RULES,
            has_text=True,
        ),
        _dataset(
            "factories",
            "Factory register",
            "factory,parameter",
            "The first wave and the candidate sites, with sizes where stated or assumed.",
            rules=FACTORY_RULES,
            has_text=True,
        ),
        _dataset(
            "comparables",
            "Comparable projects",
            "project,attribute",
            "Announced AI factories and benchmarks: power, GPUs, cost, scope, dates.",
            has_text=True,
        ),
        _dataset(
            "site_evidence",
            "Evidence of progress",
            "factory,project,milestone,scope,status,period",
            "What is publicly known of each site's progress, beside other projects of its country.",
            has_text=True,
        ),
        _dataset(
            "country_year",
            "Country statistics",
            "iso3,indicator,period",
            "Output, population, prices, exchange rates and electricity, by country and year.",
        ),
        _dataset(
            "power_prices",
            "Wholesale power prices",
            "iso3,market,period",
            "Day-ahead power price by month.",
        ),
        _dataset(
            "assumptions",
            "Assumptions",
            "quantity",
            "Every assumption of the scenario: base value, plausible range, source or reasoning.",
        ),
        _dataset(
            "bands",
            "Published ranges",
            "indicator",
            "Ranges that experts and lenders publish for the ratios they check first.",
        ),
        _dataset(
            "own_series",
            "Your own series",
            "series,period",
            "Series of your own, whatever they measure: forecast like the others.",
        ),
        _dataset(
            "series_links",
            "What your series drive",
            "driver",
            "Which series of the model follows which of your own: its name in the text column.",
            has_text=True,
        ),
    )
}
"""Every dataset by name."""

UNITS: frozenset[str] = frozenset(
    """USD USD_bn USD_m EUR_bn EUR_m MYR_bn ZAR_bn USD_per_gpu_hour USD_per_rack USD_per_gpu
    USD_per_kW USD_per_W USD_m_per_MW USD_m_per_gpu USD_per_MW_year USD_per_gpu_year USD_per_year
    USD_per_m2 m2_per_MW USD_per_kWh EUR_per_MWh kW_per_rack kW_per_gpu kW MW TWh percent
    percent_per_year share share_per_year months years days count racks gpus ratio score rating
    text local_per_USD USD_per_EUR persons gCO2_per_kWh GB TB PFLOPS degrees MW_months
    persons_per_MW degC USD_per_kW_month date tokens_per_s USD_per_m_tokens gpu_hours MWh t_CO2
    l_per_kWh
    """.split()  # noqa: SIM905 - a list of fifty lines reads worse
)
"""The closed list of units."""

CONFIDENCES = frozenset(Confidence)
"""The closed list of grades."""

COUNTRIES: dict[str, str] = {
    "ARE": "United Arab Emirates",
    "BEL": "Belgium",
    "EGY": "Egypt",
    "KEN": "Kenya",
    "MAR": "Morocco",
    "MYS": "Malaysia",
    "NGA": "Nigeria",
    "OMN": "Oman",
    "QAT": "Qatar",
    "ROU": "Romania",
    "SAU": "Saudi Arabia",
    "ZAF": "South Africa",
}
"""Names of the countries with a factory, by ISO 3166-1 code."""
