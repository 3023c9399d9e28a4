"""The Excel model of a projection: live formulas that recalculate what the engine computed."""

import datetime as dt
import io

import xlsxwriter

from dashboard.exports.case import Case
from dashboard.exports.model.assembly import Assembly


def workbook(case: Case) -> bytes:
    """Return the workbook of a case.

    Parameters
    ----------
    case : Case
        A projection with its tables and the day of the export. The same case gives the same bytes.
    """
    held = io.BytesIO()
    book = xlsxwriter.Workbook(
        held,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        },
    )
    made = dt.datetime(case.made.year, case.made.month, case.made.day)
    book.set_properties(
        {
            "title": f"Rackcast: {case.result.plan.scenario.name}",
            "comments": "; ".join(f"{label}: {text}" for label, text in case.stamp),
            "created": made,
        }
    )
    book.set_calc_mode("auto")
    Assembly(book, case).write()
    book.close()
    return held.getvalue()
