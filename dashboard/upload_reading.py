"""Pieces of the upload page: how a file was read, what is wrong with it, clicks that help."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from dashboard import upload_state
from dashboard.theme import plain
from dashboard.upload_state import Upload
from data.file_fixes import fixes, replaced
from data.ingest import Problem
from data.provenance import Confidence
from data.schemas import COLUMN_MEANING, DATASETS

MOST_LISTED = 200
"""Problems in a table; the others are counted."""

MOST_CLICKS = 8
"""Buttons offered at once."""

NONE = ""
"""What a picker says when nothing is chosen."""

FOUND_OUT = "found out"
"""How a setting reads that nobody has changed."""

DECIMALS = {"": FOUND_OUT, ".": "point: 1,234.5", ",": "comma: 1.234,5"}
DATES = {
    "": FOUND_OUT,
    "dmy": "day first: 31/01/2026",
    "mdy": "month first: 01/31/2026",
    "ymd": "year first: 26/01/31",
}
ENCODINGS = ("", "utf-8", "cp1252", "utf-16", "cp1250", "mac-roman", "cp1251", "shift_jis")
DELIMITERS = {"": FOUND_OUT, ",": "comma", ";": "semicolon", "tab": "tab", "|": "bar"}

HEADINGS = {
    "error": "To mend before the rows can count",
    "warning": "Assumed, or worth a look",
    "note": "Notes",
}
"""What each kind of problem is called on the page."""


def ready(given: Upload) -> bool:
    """Draw how the file was read and what is wrong; return whether its rows can be used."""
    report = given.ingested.report
    found = len(given.rows)
    if report.status == "rejected":
        st.error(f"**{plain(given.name)}** cannot count yet: {_counted(given, 'error')} to mend.")
    elif report.status == "accepted_with_warnings":
        st.warning(
            f"**{plain(given.name)}**: {found} rows read. {_counted(given, 'warning')} to look at: "
            "something was assumed."
        )
    else:
        st.success(f"**{plain(given.name)}**: {found} rows read, nothing to mend.")
    idle = int((given.rows["confidence"] == str(Confidence.UNVERIFIED)).sum()) if found else 0
    if idle:
        st.info(
            f"{idle} rows are graded unverified: they are kept and shown, and the model does not "
            "use them. Name source and address, or grade them as assumptions with the reason in "
            "their notes."
        )
    _clicks(given)
    _problems(given)
    left, right = st.columns(2)
    with left:
        _columns(given)
    with right:
        _settings(given)
    return report.status != "rejected" and found > 0


def _counted(given: Upload, severity: str) -> str:
    count = sum(one.severity == severity for one in given.ingested.report.problems)
    return f"{count} thing" if count == 1 else f"{count} things"


def _clicks(given: Upload) -> None:
    """Offer the other ways to read the file that would mend it."""
    offered = fixes(given.ingested.report, given.options)
    if offered:
        with st.container(horizontal=True):
            for place, fix in enumerate(offered[:MOST_CLICKS]):
                st.button(
                    plain(fix.label),
                    key=f"fix_{place}",
                    icon=":material/build:",
                    on_click=upload_state.say,
                    args=(given, fix.options),
                )
    _replacing(given)
    if upload_state.changed(given):
        st.button(
            "Read it as it was dropped",
            key="upload_forget",
            icon=":material/restart_alt:",
            on_click=upload_state.forget,
            type="tertiary",
        )


def _replacing(given: Upload) -> None:
    """Let the user write what a wrong cell means."""
    wrong = {
        f"{one.column}: {one.value}": one
        for one in given.ingested.report.problems
        if one.severity == "error" and one.column in given.ingested.report.columns and one.value
    }
    if not wrong:
        return
    with st.expander("Correct a value yourself"), st.form("upload_correct", border=False):
        left, right, end = st.columns([2, 2, 1], vertical_alignment="bottom")
        picked = left.selectbox("Cell that is wrong", list(wrong), format_func=plain)
        text = right.text_input("Read it as", max_chars=100)
        if end.form_submit_button("Read it so"):
            one = wrong[picked]
            upload_state.say(given, replaced(given.options, one.column, one.value, text))
            st.rerun()


def _problems(given: Upload) -> None:
    """List what was found, errors, warnings and notes apart."""
    for severity, heading in HEADINGS.items():
        found = [one for one in given.ingested.report.problems if one.severity == severity]
        if not found:
            continue
        with st.expander(f"{heading}: {len(found)}", expanded=severity == "error"):
            height = min(35 * (min(len(found), MOST_LISTED) + 1) + 3, 320)
            st.dataframe(
                _table(found[:MOST_LISTED]),
                hide_index=True,
                height=height,
                column_config={
                    "Row": st.column_config.TextColumn(width=56),
                    "Column": st.column_config.TextColumn(width="small"),
                    "Found": st.column_config.TextColumn(width="medium"),
                    "What to do": st.column_config.TextColumn(width="large"),
                },
            )
            if len(found) > MOST_LISTED:
                st.caption(f"And {len(found) - MOST_LISTED} more.")


def _table(found: list[Problem]) -> pd.DataFrame:
    rows = [
        ("file" if one.row is None else str(one.row), one.column, one.value, one.expected, one.fix)
        for one in found
    ]
    return pd.DataFrame(rows, columns=["Row", "Column", "Found", "Expected", "What to do"])


def _columns(given: Upload) -> None:
    """Let the user say which column is which, and what fills those that the file lacks.

    Two fields a column cost the browser more than the rows: they are drawn when they are asked for.
    """
    dataset, names = DATASETS[given.dataset], [NONE, *upload_state.file_columns(given)]
    found = sum(bool(upload_state.source_column(given, name)) for name in dataset.columns)
    title = f"Columns: {found} of {len(dataset.columns)} found in the file"
    shown = st.expander(title, key="upload_columns", on_change="rerun")
    if not shown.open:
        return
    with shown:
        st.caption("Left: the column of the file. Right: what rows have where it is empty.")
        beside = {name: to for name, to in given.ingested.report.mapping.items() if " " in to}
        for name, to in list(beside.items())[:12]:
            st.caption(plain(f"{name} holds the {to.replace('_', ' ')}."))
        for target in dataset.columns:
            _column(given, target, names)


def _column(given: Upload, target: str, names: list[str]) -> None:
    left, right = st.columns(2)
    now = upload_state.source_column(given, target)
    held = given.options.constants.get(target, "")
    key = f"{given.key[:12]}_{given.dataset}_{target}"
    picked = left.selectbox(
        target,
        names,
        index=names.index(now) if now in names else 0,
        key=f"column_{key}_{now}",
        format_func=lambda name: name or "not in the file",
        help=COLUMN_MEANING[target],
    )
    text = right.text_input(f"{target}, all rows", held, key=f"constant_{key}", max_chars=200)
    if picked != (now if now in names else NONE):
        upload_state.remap(given, target, picked)
        st.rerun()
    if text != held:
        upload_state.fill(given, target, text)
        st.rerun()


def _settings(given: Upload) -> None:
    """Say how the file was read, and let the user have it read in another way."""
    assumed = given.ingested.report.assumed
    shown = st.expander("How the file was read", key="upload_settings", on_change="rerun")
    if not shown.open:
        return
    with shown:
        said = [f"{name.replace('_', ' ')}: {value}" for name, value in assumed.items()]
        st.caption(plain("; ".join(said)))
        now = given.options
        encodings = dict.fromkeys(ENCODINGS, "") | {name: name for name in ENCODINGS if name}
        encodings[""] = FOUND_OUT
        made = replace(
            now,
            decimal=_choice(given, "Decimal mark", DECIMALS, now.decimal),
            dates=_choice(given, "Order of dates", DATES, now.dates),
            delimiter=_choice(given, "Cells are separated by", DELIMITERS, now.delimiter),
            encoding=_choice(given, "Encoding", encodings, now.encoding),
            sheet=st.text_input("Sheet (name or number)", now.sheet, key=f"sheet_{given.key[:12]}"),
        )
        if made != now:
            upload_state.say(given, made)
            st.rerun()


def _choice(given: Upload, label: str, words: dict[str, str], now: str) -> str:
    shown = words if now in words else {**words, now: now}
    names = list(shown)
    key = f"{label}_{given.key[:12]}_{now}"
    picked: str = st.selectbox(
        label, names, index=names.index(now), key=key, format_func=lambda name: shown[name]
    )
    return picked
