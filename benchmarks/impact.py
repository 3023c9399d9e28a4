"""From a clean file of 500 rows to what it changes, on the analyst's page."""

import time

from data.catalog import bundled
from data.catalog_store import Incoming, previewed
from data.ingest import read
from forecasts.impact import impact
from forecasts.scenario import Scenario

ROWS = 500
BAR_SECONDS = 3.0


def file_of(rows: int) -> bytes:
    """Return power prices of five countries, by month."""
    lines = ["iso3,market,period,value,unit"]
    for at in range(rows):
        month = at // 5
        iso3 = ("MYS", "BEL", "ROU", "KEN", "ZAF")[at % 5]
        period = f"{2018 + month // 12}-{month % 12 + 1:02d}"
        lines.append(
            f"{iso3},day_ahead,{period},{40 + month * 0.7 + 13 * (at % 7):.2f},EUR_per_MWh"
        )
    return "\n".join(lines).encode()


def main() -> None:
    """Print seconds of processor time beside the bar."""
    base = bundled()
    impact(Scenario(), base, base)
    content = file_of(ROWS)
    began = time.process_time()
    made = read(content, "power_prices", existing=base.tables["power_prices"])
    assert made.report.status != "rejected"
    found = impact(Scenario(), base, previewed(base, Incoming("power_prices", made.frame)))
    spent = time.process_time() - began
    print(
        f"{ROWS} rows, {len(found.series)} series: read, checked, impact of every return in "
        f"{spent:.2f} s (bar {BAR_SECONDS:.0f} s)"
    )


if __name__ == "__main__":
    main()
