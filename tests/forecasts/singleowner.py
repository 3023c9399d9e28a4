"""What NREL-PySAM's Singleowner makes of a random yearly project."""

import numpy as np
import PySAM.Singleowner as Singleowner
from yearly_projects import Project


def inputs(p: Project) -> dict[str, dict[str, object]]:
    """Fill every input of Singleowner that has a say here; rates and shares in percent."""
    reserves = {f"equip{i}_reserve_{what}": 0 for i in (1, 2, 3) for what in ("cost", "freq")}
    return {
        "Revenue": {
            "ppa_soln_mode": 1,
            "ppa_price_input": [0.0],
            "ppa_escalation": 0,
            "ppa_multiplier_model": 0,
            "flip_target_percent": 10,
            "flip_target_year": 1,
            "dispatch_tod_factors": [1] * 9,
            "dispatch_sched_weekday": [[1] * 24] * 12,
            "dispatch_sched_weekend": [[1] * 24] * 12,
        },
        "FinancialParameters": reserves
        | {
            "analysis_period": p.years,
            "inflation_rate": p.inflation * 100,
            "real_discount_rate": p.real_discount * 100,
            "federal_tax_rate": [p.federal * 100],
            "state_tax_rate": [p.state * 100],
            "property_tax_rate": 0,
            "prop_tax_cost_assessed_percent": 100,
            "prop_tax_assessed_decline": 0,
            "insurance_rate": p.insurance * 100,
            "salvage_percentage": p.salvage * 100,
            "system_capacity": 1000,
            "construction_financing_cost": p.construction_finance,
            "cost_debt_closing": p.closing,
            "cost_debt_fee": p.fee * 100,
            "cost_other_financing": p.other_finance,
            "debt_option": int(p.loan.startswith("sculpted")),
            "debt_percent": p.gearing * 100,
            "dscr": p.dscr,
            "dscr_limit_debt_fraction": int(p.loan == "sculpted_capped"),
            "dscr_maximum_debt_fraction": p.gearing * 100,
            "dscr_reserve_months": p.dsra_months,
            "loan_moratorium": p.grace,
            "payment_option": int(p.loan == "straight"),
            "months_receivables_reserve": p.receivable_months,
            "months_working_reserve": p.working_months,
            "reserves_interest": p.reserve_interest * 100,
            "term_int_rate": p.rate * 100,
            "term_tenor": p.tenor,
            "equip_reserve_depr_fed": 0,
            "equip_reserve_depr_sta": 0,
        },
        "SystemCosts": {
            "total_installed_cost": p.cost,
            "om_fixed": p.opex.tolist(),
            "om_fixed_escal": 0,
            "om_production": [0],
            "om_capacity": [0],
        },
        "SystemOutput": {"degradation": [0], "gen": [0.0] * 8760, "system_capacity": 1000},
        "Lifetime": {"system_use_lifetime_output": 0},
        "CapacityPayments": {
            "cp_capacity_payment_type": 1,
            "cp_capacity_payment_amount": p.revenue.tolist(),
            "cp_capacity_payment_esc": 0,
            "cp_capacity_credit_percent": [0],
            "cp_system_nameplate": 1,
            "cp_battery_nameplate": 0,
        },
        "Depreciation": {"depr_custom_schedule": [0]}
        | {"depr_fedbas_method": 1, "depr_stabas_method": 1}
        | {"depr_alloc_custom_percent": 0, "depr_alloc_sl_15_percent": 0}
        | {f"depr_alloc_{kind}_percent": share * 100 for kind, share in p.depreciation.items()},
    }


def of_pysam(p: Project) -> dict[str, np.ndarray]:
    model = Singleowner.new()
    for name in dir(model.Depreciation):
        if name.startswith(("depr_bonus", "depr_itc")):
            setattr(model.Depreciation, name, 0)
    for group, values in inputs(p).items():
        for name, value in values.items():
            setattr(getattr(model, group), name, value)
    model.execute(0)
    out = model.Outputs
    return {
        "debt": np.array([out.size_of_debt]),
        "interest": np.array(out.cf_debt_payment_interest),
        "principal": np.array(out.cf_debt_payment_principal),
        "balance": np.array(out.cf_debt_balance),
        "reserve": np.array(out.cf_reserve_debtservice),
        "depreciation": np.array(out.cf_feddepr_total),
        "state tax": -np.array(out.cf_statax),
        "federal tax": -np.array(out.cf_fedtax),
        "after-tax cash flow": np.array(out.cf_project_return_aftertax),
        "NPV": np.array([out.project_return_aftertax_npv]),
        "uses": np.array([out.cost_installed]),
    }
