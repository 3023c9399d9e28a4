"""Formats of the workbook: inputs blue on yellow, formulas black, the planner's decisions green."""

import xlsxwriter
from xlsxwriter.format import Format

NUMBERS = {
    "usd": "#,##0;[Red]-#,##0;-",
    "number": "#,##0.00;[Red]-#,##0.00;-",
    "fine": "0.0000;[Red]-0.0000;-",
    "share": "0.0%;[Red]-0.0%;-",
    "rate": "0.00%;[Red]-0.00%;-",
    "whole": "#,##0;[Red]-#,##0;0",
    "general": "#,##0.######",
    "date": "mmm yy",
    "year": "0",
}
"""Number formats by name."""

FONT = {"font_name": "Calibri", "font_size": 10}

STYLES: dict[str, dict[str, object]] = {
    **{name: {"num_format": code} for name, code in NUMBERS.items()},
    **{f"{name}_total": {"num_format": NUMBERS[name], "bold": True, "top": 1}
       for name in ("usd", "number", "share")},
    "input": {"font_color": "#0000C0", "bg_color": "#FFF8DC", "num_format": "General",
              "valign": "top", "border": 1, "border_color": "#D9D9D9"},
    "locked": {"font_color": "#7A4B00", "bg_color": "#FDE9D9", "num_format": "General",
               "valign": "top", "border": 1, "border_color": "#D9D9D9"},
    "idle": {"font_color": "#595959", "bg_color": "#EDEDED", "num_format": "General",
             "valign": "top", "border": 1, "border_color": "#D9D9D9"},
    "planner": {"font_color": "#1B5E20", "bg_color": "#E2F0D9", "num_format": "#,##0",
                "valign": "top", "border": 1, "border_color": "#D9D9D9"},
    "data": {"font_color": "#1B5E20", "num_format": "#,##0.00"},
    "growth": {"font_color": "#1B5E20", "num_format": "0.0000"},
    "engine": {"font_color": "#595959", "italic": True, "num_format": "General"},
    "label": {}, "text": {}, "wrap": {"text_wrap": True, "valign": "top"},
    "general_top": {"num_format": NUMBERS["general"], "valign": "top"},
    "beside": {"indent": 1}, "beside_wrap": {"indent": 1, "text_wrap": True, "valign": "top"},
    "unit": {"font_color": "#595959"},
    "note": {"italic": True, "font_color": "#595959"},
    "bold": {"bold": True, "valign": "top"},
    "title": {"bold": True, "font_size": 16, "font_color": "#12355B"},
    "section": {"bold": True, "font_color": "#FFFFFF", "bg_color": "#12355B"},
    "part": {"bold": True, "bg_color": "#DCE6F1"},
    "head": {"bold": True, "bg_color": "#DCE6F1", "bottom": 1, "text_wrap": True,
             "valign": "top"},
    "head_beside": {"bold": True, "bg_color": "#DCE6F1", "bottom": 1, "text_wrap": True,
                    "valign": "top", "indent": 1},
    "head_date": {"bold": True, "bg_color": "#DCE6F1", "bottom": 1, "num_format": "mmm yy"},
    "head_year": {"bold": True, "bg_color": "#DCE6F1", "bottom": 1, "num_format": "0"},
    "good": {"bold": True, "font_color": "#1B5E20", "bg_color": "#E2F0D9", "border": 1},
    "bad": {"bold": True, "font_color": "#9C0006", "bg_color": "#FFC7CE", "border": 1},
}  # fmt: skip
"""Every style by name."""


def formats(book: xlsxwriter.Workbook) -> dict[str, Format]:
    """Return every style as a format of the workbook."""
    return {name: book.add_format({**FONT, **style}) for name, style in STYLES.items()}
