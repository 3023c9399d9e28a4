"""The views of the page Trust."""

import streamlit as st

from dashboard import issue_cards, state, trust_state, widgets
from dashboard.charts import bands, past, programme, rules, track
from dashboard.charts.study import short
from dashboard.theme import plain
from forecasts.past_forecasts import scored
from forecasts.rule_switches import SWITCHES
from forecasts.track_record import COST, COST_PER_GPU, MEASURES, TrackRecord


def projects() -> None:
    """Show the model beside announced projects."""
    record = trust_state.projects()
    view = widgets.switch("Measure", list(track.VIEWS), "trust_measure")
    measure, scope = track.VIEWS[view]
    st.header(track.headline(record, measure, scope), anchor=False)
    st.caption(track.meaning(record, measure, scope))
    chart = track.predicted(record, measure, scope)
    if chart is not None:
        widgets.chart_card(chart, f"track_{measure}")
    if measure == COST:
        _apart(record)
    st.subheader("Error by year and scope", anchor=False)
    st.caption(
        "Each project is predicted from those announced before it alone, so nothing is known early."
    )
    years = track.by_year(record)
    widgets.table(years, alt="Errors by year and scope")
    st.subheader("Would another way have done better?", anchor=False)
    widgets.table(track.summary(record), alt="Errors of other ways to predict")
    widgets.download(track.summary(record), "track_record")


def _apart(record: TrackRecord) -> None:
    """Show what must not be averaged with whole projects of known power."""
    st.subheader("Shown apart: sums that pay for a part, or without a stated power", anchor=False)
    st.caption("They are never averaged in with whole projects.")
    for measure, scope in track.PARTIAL:
        rows = record.of(measure, scope)
        if rows:
            what = "whole project, power not stated" if measure == COST_PER_GPU else scope
            st.markdown(f"**{MEASURES[measure][0]}, {what}**")
            widgets.table(track.table_of(rows, measure), alt=f"Projects of scope {what}")


def ratios() -> None:
    """Show the ratios an expert checks first beside their published ranges."""
    found, study = trust_state.ratios(), state.current()
    st.header(bands.headline(found), anchor=False)
    st.caption(
        "Each ratio is worked out from the scenario on screen. Outside the published range it has "
        "a flag and a reason."
    )
    if not found:
        st.info("No phase is built in this scenario, so there is no ratio to compare.")
        return
    st.subheader("Each ratio, its range and where the factories lie", anchor=False)
    widgets.table(bands.by_ratio(found, study), alt="Ratios with published ranges and sources")
    st.subheader("Flags and their reasons", anchor=False)
    picker, _ = st.columns([1, 2])
    with picker:
        key = state.choose("Factory", "factory", {site.key: short(site) for site in study.sites})
    said = bands.told(found, key)
    for figure, reason in said:
        st.markdown(f":material/flag: **{plain(figure)}** {plain(reason)}")
    if not said:
        st.success("No ratio of this factory lies outside its published range.")
    with st.expander("All flags"):
        flags = bands.flags(found, study)
        widgets.table(flags, alt="Ratios outside their published range, each with the reason")
    with st.expander("Every ratio of every factory"):
        every = bands.every(found, study)
        widgets.table(every, alt="Every ratio of every factory beside its published range")
        widgets.download(every, "ratios")


def announcement() -> None:
    """Show every element of the announcement: its place, value, source and weight."""
    found = trust_state.announcement()
    st.header(programme.headline(found), anchor=False)
    st.caption(
        "The programme of 2 June 2026, element by element: where each acts in the model, its "
        "value, source and grade, and what a tenth more of it moves, with all else as it is. No "
        "size, price or date was announced: those are assumptions, and their grade says so."
    )
    chart = programme.moves(found)
    if chart is not None:
        widgets.chart_card(chart, "announcement")
    table = programme.table(found)
    widgets.table(table, alt="Every element of the announcement, line by line")
    widgets.download(table, "announcement_lines")


def past_record() -> None:
    """Show what earlier data would have forecast, and how published outlooks did."""
    found, others = trust_state.past()
    records = scored(found)
    st.header(past.headline(records), anchor=False)
    st.caption(
        f"{past.meaning(records)} Every half-year the tables are cut and forecast by the method of "
        "today. New data are scored as soon as they are in: refresh or upload, then look here."
    )
    widgets.table(past.records_table(records), alt="How past forecasts did, beside naive")
    keys = list(dict.fromkeys(one.key for one in found))
    if keys:
        known = state.outlook()
        names = {key: known.histories[key].title for key in keys}
        picker, _ = st.columns([1, 2])
        with picker:
            key = st.selectbox("Series", keys, format_func=lambda one: names[str(one)])
        chart = past.lines(found, str(key), known)
        if chart is not None:
            widgets.chart_card(chart, "past")
    st.subheader(past.published_headline(others), anchor=False)
    st.caption(
        "What others published, against what came as they count it; where nothing has come yet, "
        "against their newest edition. Guidance of companies: against the sum of their quarters."
    )
    published = past.published_table(others)
    alt = "Published outlooks against what came"
    widgets.table(past.readable(published), alt=alt, exact=True)
    widgets.download(published, "published_record")


def _switches() -> None:
    """Let the rules be switched in the scenario on screen."""
    with st.container(horizontal=True):
        for name, on in trust_state.switches().items():
            st.toggle(
                SWITCHES[name].label,
                value=on,
                key=f"rule_{name}_{state.scenario().hash}",
                help=SWITCHES[name].help,
                on_change=trust_state.turn,
                args=(name,),
            )


def regimes() -> None:
    """Show the rules of every country and what they do to demand, cost and time."""
    found, study = trust_state.regimes(), state.current()
    st.header(rules.headline(found, study), anchor=False)
    st.caption(
        "NPV in USD m that each rule brings or takes. Demand and compliance are counted in every "
        "scenario; waiting, stricter law and incentives only where switched on. A switch states "
        "its values factory by factory under Assumptions, where each can be changed; Undo takes "
        "it back."
    )
    _switches()
    widgets.table(rules.effects(found, study), alt="What the rules are worth by factory")
    st.subheader("Incentives as numbers", anchor=False)
    widgets.table(rules.reliefs(found, study), alt="Incentives stated as a number")
    st.subheader("The rules, with date and source", anchor=False)
    widgets.table(rules.rules(found, study), alt="Rules of every country")
    widgets.download(rules.rules(found, study), "rules")


VIEWS = {
    "Announced projects": projects,
    "Ratios": ratios,
    "The announcement": announcement,
    "Past forecasts": past_record,
    "Issued forecasts": issue_cards.issued,
    "Country rules": regimes,
}
"""Views by name, in their order."""
