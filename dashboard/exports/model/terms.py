"""Inputs in use, and what follows from them by one multiplication: one column per factory."""

from dashboard.exports.model.grid import Grid, Row
from forecasts.scenario import QUANTITIES


def nearest(value: str) -> str:
    """Formula of the nearest whole number, halves to even, as the engine rounds."""
    return f"IF(MOD({value},1)=0.5,2*ROUND({value}/2,0),ROUND({value},0))"


TERMS: tuple[Row, ...] = (
    Row("level", "Share of AI capacity that becomes demand", "share",
        "(1+[demand_change])*[sovereign_share]*[regime_demand]*[capture_share]", "fine"),
    Row("ai_span", "Months until AI's share has risen", "months",
        "MAX([ai_share_years]*12,1E-9)", "number"),
    Row("signing", "Share of demand that signs contracts", "share",
        "[regulated_share]*[regulated_contract_share]+(1-[regulated_share])*([training_share]*"
        "[training_contract_share]+(1-[training_share])*[inference_contract_share])", "share"),
    Row("trust", "Months until a forecast has faded", "months",
        "MAX([forecast_trust]*12,1E-9)", "number"),
    Row("price_slow", "Long-run growth of GPU-hour prices, log a month", "",
        "LN(1-[gpu_price_decay])/12", "fine"),
    Row("power_slow", "Long-run growth of the power price, log a month", "",
        "LN(1+[power_price_growth])/12", "fine"),
    Row("per_mw", "Plant per MW of IT load, at start", "USD/MW",
        "[build_cost]*(1+[ai_build_premium])*1000000"),
    Row("grid_mw", "Grid connection per MW of IT load, at start", "USD/MW",
        "1000*[pue]*[grid_connection_cost]"),
    Row("cooling", "Cooling's part of the plant", "share",
        "1-[shell_cost_share]-[electrical_cost_share]", "share"),
    Row("beside", "Contingency and owner's cost", "share",
        "[contingency_share]+[owners_cost_share]", "share"),
    Row("bringing", "Freight and duty on racks and network", "share",
        "(1+[network_storage_share])*([freight_share]+[import_duty])", "rate"),
    Row("extras", "All that comes with racks", "share",
        "[network_storage_share]+[integration_share]+[security_platform_share]+[bringing]",
        "rate"),
    Row("life", "Life of racks", "months", "MAX(1," + nearest("([hardware_life_years]*12)") + ")",
        "whole"),
    Row("lead", "Racks: order to delivery", "months", nearest("[rack_lead_months]"), "whole"),
    Row("ramp", "Ramp of sales", "months", "MAX(" + nearest("[ramp_months]") + ",1)", "whole"),
    Row("term", "Length of a contract", "months", "MAX(" + nearest("[contract_months]") + ",1)",
        "whole"),
    Row("let_up", "Space for tenants: months until it is let up", "months",
        "MAX(" + nearest("[lease_up_months]") + ",1)", "whole"),
    Row("ageing", "Months over which racks lose value", "months", "[hardware_life_years]*12",
        "number"),
    Row("standing", "Months over which the facility loses value", "months",
        "[facility_life_years]*12", "number"),
    Row("racks_written", "Tax life of racks", "months",
        "MAX(1," + nearest("([hardware_tax_life_years]*12)") + ")", "whole"),
    Row("facility_written", "Tax life of the facility", "months",
        "MAX(1," + nearest("([facility_tax_life_years]*12)") + ")", "whole"),
    Row("premium", "Price against the international price", "x", "1+[sovereign_price_premium]",
        "fine"),
    Row("merchant", "Price of uncontracted hours", "x", "[premium]*(1+[merchant_price_premium])",
        "fine"),
    Row("by_token", "An hour sold as tokens brings, at start", "USD/GPU-h",
        "[tokens_per_gpu_second]*3600/1000000*[token_price]*(1-[token_cache_share]*"
        "(1-[token_cached_price_share]))", "fine"),
    Row("tariff", "Power of a MW of IT load at full draw without cooling, at start", "USD/month",
        "[power_price]*(1+[power_price_change])*1000*730"),
    Row("free_months", "Tax holiday", "months", "[tax_holiday_years]*12", "number"),
    Row("loss_span", "Years a loss is carried; -1 is for ever", "years",
        f"IF([loss_years]>0,{nearest('[loss_years]')},-1)", "whole"),
    Row("senior", "Senior loan, interest a month", "share",
        "([risk_free_rate]+[country_default_spread]+[debt_margin])/12", "fine"),
    Row("soft", "Concessional loan, interest a month", "share", "[concessional_rate]/12", "fine"),
    Row("junior", "Mezzanine loan, interest a month", "share", "[mezzanine_rate]/12", "fine"),
    Row("commit", "Commitment fee a month", "share", "[commitment_fee]/12", "fine"),
    Row("held", "Debt service held in reserve", "months", nearest("[dsra_months]"), "whole"),
    Row("tenor", "Senior loan: payments", "months", nearest("([debt_tenor_years]*12)"), "whole"),
    Row("soft_tenor", "Concessional loan: payments", "months",
        nearest("([concessional_tenor_years]*12)"), "whole"),
    Row("discount", "Discount rate", "a year",
        "[risk_free_rate]+[asset_beta]*[equity_risk_premium]+[country_risk_exposure]*"
        "[country_risk_premium]", "rate"),
    Row("monthly", "Discount rate", "a month", "(1+[discount])^(1/12)-1", "fine"),
    Row("hour_share", "Revenue per USD of hours, with services", "x", "1+[services_share]",
        "fine"),
    Row("hour_cost", "Costs that are shares of it", "x",
        "[cloud_platform_share]+[services_share]*(1-[services_margin])+[overhead_share]*"
        "[hour_share]", "fine"),
)  # fmt: skip
"""Derived terms by factory."""


class Terms:
    """The sheet of inputs in use and derived terms."""

    def __init__(self, grid: Grid, inputs: Grid) -> None:
        self.grid = grid
        grid.title("Inputs in use: what is stated for all factories wins")
        for name, quantity in QUANTITIES.items():
            place = inputs.row(name)
            formula = f"IF(ISNUMBER(Inputs!$E{place}),Inputs!$E{place},Inputs!@{place})"
            grid.add(Row(name, quantity.label, quantity.unit.text, formula, "general"))
        grid.title("Terms that follow")
        for row in TERMS:
            grid.add(row)

    def of(self, factory: int, name: str) -> str:
        """Return an input in use, or a term, of one factory."""
        return self.grid.cell(name, factory)

    def row(self, name: str) -> str:
        """Return an input in use, or a term, of every factory."""
        return self.grid.all(name)
