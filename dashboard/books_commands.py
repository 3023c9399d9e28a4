"""`rackcast accounts`: leases by IFRS 16 and US GAAP, and the accounts of the state."""

from typing import Annotated

import typer

from dashboard.cli_options import AsJson, DataFolder, ScenarioName, say
from data.problems import one_of


def add_to(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(accounts)


def accounts(  # noqa: PLR0913 - one option a parameter
    factory: Annotated[str | None, typer.Option(help="A factory; every one if left out.")] = None,
    view: Annotated[
        str, typer.Option(help="cash (rent as a cost), ifrs, usgaap, government.")
    ] = "ifrs",
    leased: Annotated[
        str, typer.Option(help="What a lessor buys instead: nothing, racks, halls or both.")
    ] = "racks",
    construction: Annotated[str, typer.Option(help="Who bears it: partner or state.")] = "partner",
    availability: Annotated[str, typer.Option(help="Who bears it: partner or state.")] = "partner",
    demand: Annotated[str, typer.Option(help="Who bears it: partner or state.")] = "partner",
    bought: Annotated[
        float, typer.Option(min=0, max=1, help="Share of revenue that the state pays, as 0.4.")
    ] = 0.0,
    guaranteed: Annotated[
        float, typer.Option(min=0, max=1, help="Share of loans that it guarantees, as 0.5.")
    ] = 0.0,
    scenario: ScenarioName = "base",
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Show the books with leases (IFRS 16, US GAAP), or the government's deficit and debt."""
    from dashboard import books_text
    from dashboard.charts.study import study
    from dashboard.files import read_catalog, read_scenario
    from forecasts.accounts import VIEWS, View
    from forecasts.engine import run
    from forecasts.leased import CHOICES
    from forecasts.state_rules import BEARERS, StateTerms

    one_of("--view", view, (*map(str, VIEWS), books_text.GOVERNMENT))
    one_of("--leased", leased, tuple(CHOICES))
    bearers = {"construction": construction, "availability": availability, "demand": demand}
    for name, value in bearers.items():
        one_of(f"--{name}", value, BEARERS)
    catalog = read_catalog(data)
    made = study(run(read_scenario(scenario), catalog))
    keys = [site.key for site in made.sites]
    if factory is not None:
        one_of("--factory", factory, tuple(keys))
    rows = [row for row, key in enumerate(keys) if factory in (None, key)]
    if view == books_text.GOVERNMENT:
        terms = StateTerms(**bearers, bought_share=bought, guaranteed_share=guaranteed)  # type: ignore[arg-type]
        say(
            as_json,
            lambda: books_text.state_data(made, rows, terms, catalog),
            lambda: books_text.state_text(made, rows, terms, catalog),
        )
        return
    say(
        as_json,
        lambda: books_text.lease_data(made, rows, View(view), leased),
        lambda: books_text.lease_text(made, rows, View(view), leased),
    )
