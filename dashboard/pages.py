"""The pages of the app, said once: for its menu, its server and whoever walks through them."""

PAGES = (
    ("overview", "Overview", "public", "Where, when, how much and how good: all factories."),
    ("scenarios", "Scenarios", "compare_arrows", "Saved scenarios: compare, approve, history."),
    ("assumptions", "Assumptions", "edit_note", "Every assumption, by factory too; phases."),
    ("factory", "Factory", "factory", "One factory: phases, demand, cost, cash and returns."),
    ("risk", "Risk", "casino", "How sure: paths, probabilities, and which site comes first."),
    ("portfolio", "Portfolio", "account_tree", "Which sites, how large and when, in a budget."),
    ("timing", "Timing", "schedule", "What a month costs; wait, stage or stop."),
    ("trust", "Trust", "verified", "The model beside announced projects and published figures."),
    ("outlooks", "Forecasts", "query_stats", "The series behind the model, with intervals."),
    ("tables", "Data", "database", "Every figure with its source, date and grade."),
    ("briefing", "Briefing", "co_present", "Decks, briefs, charts and data to take along."),
    ("upload", "Upload", "upload_file", "Your own figures: what they change, before they count."),
    ("methods", "Methods", "menu_book", "How the model works, and what its words mean."),
    ("operations", "Operations", "monitor_heart", "For admins: data, queue, memory, backups."),
)
"""Name of the file, title, icon, and what the page is for; the first stands at the bare address."""


def address_of(name: str, title: str) -> str:
    """Return the address of a page.

    Examples
    --------
    >>> address_of("overview", "Overview"), address_of("outlooks", "Forecasts")
    ('/', '/forecasts')
    """
    return "/" if name == PAGES[0][0] else f"/{title.lower()}"
