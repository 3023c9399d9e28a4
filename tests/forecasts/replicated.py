"""A result beside its replica in plain Python."""

import pytest
from replica import monthly_pue, project

from forecasts.lines import LINES


def replicated(result, row, phases=None):
    """Every line and the hours sold of one factory of a result, or with other phases."""
    plan = result.plan
    quantities = {one: float(values[row, 0]) for one, values in plan.values.items()}
    return project(
        quantities,
        result.phases[row] if phases is None else phases,
        [generation.launch_month for generation in plan.generations[row]],
        (
            result.demand_mw[0, row].tolist(),
            result.drivers.gpu_price_index[0, row].tolist(),
            result.drivers.power_index[0, row].tolist(),
            result.drivers.local_index[0, row].tolist(),
            monthly_pue(quantities, plan.temperature[row].tolist()),
        ),
        plan.months,
    )


def assert_every_line_agrees(result):
    """Every line of every factory, and the hours sold, are those of the replica."""
    for row, site in enumerate(result.plan.sites):
        lines, hours = replicated(result, row)
        assert result.sales.sold_gpu_hours[0, row] == pytest.approx(hours, rel=1e-9)
        for line in LINES:
            wanted = lines.get(line, [0.0] * result.plan.months)
            found = result.lines[line][0, row]
            assert found == pytest.approx(wanted, rel=1e-9, abs=0.01), f"{site.key}: {line}"
