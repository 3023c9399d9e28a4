"""Would you believe it? The model beside what others announced, measured and forecast."""

from dashboard import alert_cards, cards, state, trust_cards, widgets

alert_cards.banner()
view = widgets.switch("What to look at", list(trust_cards.VIEWS), "trust_view")
trust_cards.VIEWS[view]()
cards.stamp(state.current())
