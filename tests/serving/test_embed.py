"""Charts for pages of others: what they say of themselves, by whom they may be shown."""

import asyncio
import re

import httpx
import pytest

from dashboard.api.doors import TOKEN, Terms, terms
from dashboard.api.embedding import scenario_of_link
from dashboard.api.service import service
from dashboard.changes import applied
from dashboard.charts.study import study
from dashboard.exports.framed import CHARTS, OF_ALL, OF_ONE, plot_of
from dashboard.link import packed, query_of
from dashboard.theme import LINE_STYLES, unhatched
from data.problems import RefusedError
from forecasts.lines import CAPEX_LINES, OPEX_LINES, REVENUE_LINES
from forecasts.presets import preset
from forecasts.scenario import Scenario

OPEN = Terms(frozenset({"127.0.0.1"}))


def get(path: str, of: Terms = OPEN, **headers: str) -> httpx.Response:
    async def asked():
        through = httpx.ASGITransport(service(of))
        async with httpx.AsyncClient(transport=through, base_url="http://127.0.0.1:8600") as client:
            return await client.get(path, headers=headers)

    return asyncio.run(asked())


def problems(answer: httpx.Response, status: int = 422) -> list[dict]:
    assert answer.status_code == status, answer.text
    return answer.json()["problems"]


CASES = [(name, "") for name in OF_ALL] + [(name, "malaysia") for name in OF_ONE]


@pytest.mark.parametrize(("name", "factory"), CASES)
def test_a_chart_is_a_page_with_title_unit_source_and_stamp(catalog, name, factory):
    answer = get(f"/embed/{name}?factory={factory}&pue=1.3&view=table")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/html")
    page = answer.text
    title = re.search(r"<h1>(.+?)</h1>", page)[1]
    assert title.startswith("Malaysia: ") == bool(factory)
    asked = scenario_of_link({"pue": "1.3"}, catalog)
    assert f"scenario base, 1 change ({asked.hash}), data {catalog.version}, " in page
    assert re.search(r"<svg .+?<title id=\"chart-frame\">.+?</title>", page, re.S)
    assert int(re.search(r"Sources of this scenario \((\d+)\)", page)[1]) > 50
    assert ("Figures</summary>" in page) == (name != "phases")
    assert not re.search(r"<(script|link|img|iframe|form|object)\b| on\w+=|javascript:", page)
    fetched = re.findall(r"(?:src|xlink:href)=[\"'](?!#)|url\((?!#)|@import", page)
    assert not fetched
    assert "nan" not in page.lower().replace("finan", "")


def test_the_figures_are_those_of_the_chart():
    page = get("/embed/capacity").text
    title = re.search(r"reaches (\d+) MW in (20\d\d)", page)
    cells = re.search(rf'<th scope="row">{title[2]}</th>(.+?)</tr>', page)[1]
    total = sum(float(one) for one in re.findall(r">([\d.]+)<", cells))
    assert round(total) == int(title[1])


def test_every_chart_can_be_asked_for_and_no_other():
    assert {name for name, _ in CASES} == set(CHARTS)
    (found,) = problems(get("/embed/joy"), 404)
    assert found["place"] == "chart"
    assert "capacity" in found["expected"]


@pytest.mark.parametrize(
    ("query", "place", "said"),
    [
        ("pue=9&zz=1", "link", "outside 1 to 3"),
        ("scenario=joy", "link", "use one of base"),
        ("own=garbage", "link", "cannot be read"),
        ("factory=atlantis", "factory", "malaysia"),
        ("factory=kenya&kenya.site_capacity_mw=0.01", "factory", "malaysia"),
        ("factories=kenya&factory=oman", "factory", "kenya"),
    ],
)
def test_a_link_that_does_not_fit_is_refused(query, place, said):
    found = problems(get(f"/embed/cash?{query}"))
    assert {one["place"] for one in found} == {place}
    assert said in " ".join(one["message"] for one in found)


def test_all_that_is_wrong_with_a_link_is_told_at_once():
    assert len(problems(get("/embed/cash?pue=9&zz=1&scenario=joy"))) == 3


def test_a_chart_of_one_factory_asks_which():
    (found,) = problems(get("/embed/phases"))
    assert found["place"] == "factory"
    assert "malaysia" in found["expected"]
    (other,) = problems(get("/embed/capacity?factory=oman"))
    assert other["place"] == "chart"


def test_a_link_means_the_scenario_it_was_made_from(catalog):
    changed = applied(preset("constrained"), {"pue": 1.2, "gpu_hour_price": 8.0})
    whole = Scenario(name="mine", sites={"oman": {"pue": 1.2}}, months=120)
    for wanted in (preset("accelerated"), changed, whole):
        query = query_of(wanted)
        assert (
            scenario_of_link(query | {"saved": "mine", "cost_view": "a"}, catalog).hash
            == wanted.hash
        )
    assert scenario_of_link({"own": packed(whole.stated())}, catalog).name == "mine"
    with pytest.raises(RefusedError):
        scenario_of_link({"nothing": "1"}, catalog)


def test_only_pages_that_are_named_may_show_it():
    alone = get("/embed/cash").headers
    assert alone["content-security-policy"].endswith("frame-ancestors 'self'")
    assert "x-frame-options" not in alone
    named = ("https://intranet.example", "http://wiki.example:8080")
    policy = get("/embed/cash", terms("127.0.0.1", named, {})).headers["content-security-policy"]
    assert policy.endswith(f"frame-ancestors 'self' {' '.join(named)}")
    assert policy.startswith("default-src 'none';")
    assert "script-src" not in policy
    other = get("/health", terms("127.0.0.1", named, {})).headers["content-security-policy"]
    assert other.endswith("frame-ancestors 'none'")


def test_a_chart_asks_for_the_token_too():
    locked = terms("127.0.0.1", (), {TOKEN: "0123456789abcdef"})
    problems(get("/embed/cash", locked), 401)
    assert get("/embed/cash", locked, authorization="Bearer 0123456789abcdef").status_code == 200


def test_text_of_a_link_is_written_as_text():
    name = "<script>alert(1)</script>"
    held = packed({"name": name, "pue": 1.3})
    page = get(f"/embed/cash?own={held}").text
    assert name not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("factory", ["malaysia", "saudi_arabia", "kenya"])
def test_no_two_series_of_a_chart_have_one_colour(base, factory):
    held = study(base)
    for name, own in [(name, None) for name in OF_ALL] + [(name, factory) for name in OF_ONE]:
        colours = [series.colour for series in plot_of(held, name, own).seen]
        assert len(set(colours)) == len(colours), (name, own)


def test_no_two_cost_lines_have_one_colour_where_nothing_is_hatched():
    for lines in (OPEX_LINES, CAPEX_LINES, REVENUE_LINES):
        assert len({unhatched(LINE_STYLES[name]) for name in lines}) == len(lines)
