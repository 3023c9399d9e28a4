"""What a header states beside what its cells carry."""

import re

from data.reading.findings import Findings
from data.reading.kinds import Analysis
from data.reading.numerals import SCALES, Number, unit_of

STATED = re.compile(r"[(\[]([^()\[\]]{1,30})[)\]]")
"""What a header states in brackets."""


def say_header(analysis: Analysis, numbers: dict[int, Number], findings: Findings) -> None:
    """Say where cells carry another unit than their header, or a size that it states too."""
    stated = STATED.search(analysis.column.name)
    words = re.split(r"[ ,]+", stated[1]) if stated else []
    units = {unit for unit in map(unit_of, words) if unit}
    own = {one.unit for one in numbers.values() if one.unit}
    scaled = [word for word in words if word.lower() in SCALES]
    if units and own and not {one.lower() for one in units} & {one.lower() for one in own}:
        findings.add(
            "warning", None, analysis.column.name, f"cells in {', '.join(sorted(own))}",
            f"the unit of the header, {', '.join(sorted(units))}",
            "the numbers were taken as the cells say; correct the header or the cells",
        )  # fmt: skip
    if scaled and any(one.scale for one in numbers.values()):
        findings.add(
            "warning", None, analysis.column.name, f"{scaled[0]} in the header and in cells",
            "a size stated once", "the cells' own size was read, the header's was not applied",
        )  # fmt: skip
