"""Public evidence of progress on the page of a factory: verdict, rows, a row of one's own."""

import streamlit as st

from dashboard import data_state, evidence_state, state, upload_cards, widgets
from dashboard.charts import progress_seen
from dashboard.charts.study import Study
from dashboard.site_text import today
from dashboard.theme import plain
from data.evidence_terms import MILESTONES, SCOPES, STATUSES
from data.provenance import Confidence
from forecasts.plan import Site

PERIOD_HELP = "A day, month, quarter, half or year: 2027-03-09, 2027-03, 2027Q1, 2027H1, 2027."


def line(study: Study, row: int) -> None:
    """Say in a line what is publicly known, under the site."""
    st.caption(f"**Public evidence.** {_said(study, row)}", help=progress_seen.RULE)


def _said(study: Study, row: int) -> str:
    """Return the verdict as Markdown whose dates stay on one line."""
    said = progress_seen.verdict(study, row, state.catalog(), today())
    return plain(said.replace("-", "\N{NON-BREAKING HYPHEN}"))


def evidence(study: Study, row: int) -> None:
    """Show the milestones of phase 1 beside their evidence, every row, and take one more."""
    site, catalog = study.sites[row], state.catalog()
    st.markdown("**Public evidence beside the plan**")
    st.markdown(_said(study, row))
    found = progress_seen.plan_table(study, row, catalog)
    widgets.table(found, alt=f"Milestones of {site.name} beside public evidence")
    st.caption(progress_seen.RULE)
    version = evidence_state.kept()
    if version:
        upload_cards.undoing(version, 1)
    _more(site)


@st.fragment
def _more(site: Site) -> None:
    """Show every row, and the form, once somebody opens them: what is closed costs no time."""
    every = progress_seen.rows_table(state.catalog(), site.key)
    title = f"All {len(every)} rows filed under {site.name}, other projects too"
    rows = st.expander(title, key="evidence_rows", on_change="rerun")
    if rows.open:
        with rows:
            if every.empty:
                st.caption("No row so far.")
            else:
                widgets.table(every, alt=f"Evidence filed under {site.name}")
                widgets.download(every, f"evidence_{site.key}")
    form = st.expander("Add evidence", key="evidence_form", on_change="rerun")
    if form.open:
        with form:
            _form(site.key)


def _form(factory: str) -> None:
    refused = data_state.may("accept data")
    st.caption(
        "The row comes into force for everyone in this workspace and can be taken back; many rows "
        "at once come in on page Upload, as Evidence of progress. It moves no figure."
    )
    with st.form(f"evidence_{factory}", border=False):
        cells = {"factory": factory, **_what(), **_when(), **_source()}
        asked = st.form_submit_button(
            "Keep the evidence", disabled=bool(refused), help=refused or None
        )
    if asked:
        problems = evidence_state.keep({name: str(cell).strip() for name, cell in cells.items()})
        if not problems:
            st.rerun()
        widgets.problem_list(problems)


def _what() -> dict[str, str]:
    """Ask what was reached, and whose it is: each row apart, so that a phone keeps the order."""
    left, middle, right = st.columns(3)
    return {
        "project": left.text_input("Project", max_chars=120, key="evidence_project"),
        "milestone": middle.selectbox(
            "What was reached",
            list(MILESTONES),
            format_func=MILESTONES.__getitem__,
            key="evidence_milestone",
        ),
        "scope": right.selectbox(
            "Whose", list(SCOPES), format_func=SCOPES.__getitem__, key="evidence_scope"
        ),
    }


def _when() -> dict[str, str]:
    """Ask whether it happened, when, and what exactly."""
    left, middle, right = st.columns(3)
    return {
        "status": left.selectbox(
            "Did it happen?",
            list(STATUSES),
            format_func=STATUSES.__getitem__,
            key="evidence_status",
        ),
        "period": middle.text_input("When", help=PERIOD_HELP, key="evidence_period"),
        "text": right.text_input("What exactly", max_chars=200, key="evidence_text"),
    }


def _source() -> dict[str, str]:
    """Ask who says so, where, since when, and how good that is."""
    left, middle, right = st.columns(3)
    said = {
        "source": left.text_input("Source", max_chars=200, key="evidence_source"),
        "url": middle.text_input("Address", placeholder="https://", key="evidence_url"),
        "date": right.text_input("Published on", placeholder="2027-03-09", key="evidence_date"),
    }
    left, right = st.columns([1, 2])
    return said | {
        "confidence": left.selectbox(
            "Grade", [str(one) for one in Confidence], key="evidence_grade"
        ),
        "notes": right.text_input("Notes", max_chars=500, key="evidence_notes"),
    }
