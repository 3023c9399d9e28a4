"""Our World in Data (Ember, Energy Institute): carbon intensity of electricity, by year."""

import csv
import io
from typing import Final

from data.connectors.connector import Connector, Rows, unlike
from data.schemas import COUNTRIES

URL: Final = (
    "https://ourworldindata.org/grapher/carbon-intensity-electricity.csv"
    "?csvType=full&useColumnShortNames=true"
)
"""Grams of carbon dioxide per kilowatt-hour."""

FIRST_YEAR: Final = 2005


def rows_of(url: str, content: bytes, day: str) -> Rows:
    """Return one row per country and year that has a value."""
    try:
        table = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    except (UnicodeDecodeError, csv.Error) as error:
        raise unlike(url, "no CSV") from error
    header = [name.strip().lower() for name in table[0]] if table else []
    if "code" not in header or "year" not in header or len(header) < 4:
        raise unlike(url, f"columns {', '.join(header)[:80]}")
    code, year = header.index("code"), header.index("year")
    number = next(at for at, name in enumerate(header) if name not in ("entity", "code", "year"))
    return [
        {
            "iso3": cells[code],
            "indicator": "carbon_intensity",
            "period": cells[year],
            "value": cells[number],
            "unit": "gCO2_per_kWh",
            "source": "Our World in Data (Ember, Energy Institute)",
            "url": "https://ourworldindata.org/grapher/carbon-intensity-electricity",
            "date": day,
            "confidence": "reported",
        }
        for cells in table[1:]
        if len(cells) == len(header)
        and cells[code] in COUNTRIES
        and cells[number].strip()
        and cells[year].isdigit()
        and int(cells[year]) >= FIRST_YEAR
    ]


OWID: Final = Connector(
    "owid", "Our World in Data: carbon intensity of electricity", "country_year", (URL,), rows_of
)
"""The connector."""
