"""What stands on a site at a month that can be moved: drawing, figures, the phases by date."""

import streamlit as st

from dashboard import factory_cards, link_state, site_state
from dashboard.charts import factory, site_words
from dashboard.charts.site_drawing import site_drawing
from dashboard.charts.study import Study
from dashboard.small_cards import titled
from dashboard.widgets import chart_card, download
from forecasts.site_month import site_month


@st.fragment
def build_out(study: Study, row: int) -> None:
    """Draw the site at the end of a month with its figures; phases and demand beneath.

    Moving the month draws this part alone anew, from the projection on screen.
    """
    month = site_state.choose_month(study, row)
    one = site_month(study.result, row, month)
    left, right = st.columns([3, 2])
    with left, st.container(border=True, key="card_site", height="stretch"):
        st.html(titled(site_words.headline(study, one), site_drawing(study, row, one)))
    with right, st.container(border=True, key="card_site_figures", height="stretch"):
        st.html(site_words.tables(study, row, one))
        with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
            st.caption("Source: Rackcast projection", help=site_words.NOTE, width="stretch")
            key = f"site_{study.sites[row].key}"
            download(lambda: site_words.by_month(study, row), key, "CSV by month")
    link_state.write_link()
    site_state.seen_first()
    left, right = st.columns(2)
    with left:
        chart_card(factory.build_out(study, row, month), "phases")
    with right:
        factory_cards.demand(study, row)
