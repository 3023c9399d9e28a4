"""Names and needs inside a file of stated projects that lead nowhere."""

import difflib
from collections.abc import Iterable, Iterator

from data.problems import Problem
from forecasts.stated_assets import SOURCES_LINE
from forecasts.stated_blocks import Block, Flow, Priced, periods_of
from forecasts.stated_layout import size_of
from forecasts.stated_schema import Project, StatedFile, Timeline

NEEDS = {
    "rack": ("racks", "give racks, or kw_per_rack and gpus_per_rack"),
    "server": ("servers", "give servers, or gpus_per_server"),
    "gpu": ("gpus", "give gpus, gpus_per_rack, or kw_per_gpu"),
    "gpu_hour": ("gpus", "give gpus, gpus_per_rack, or kw_per_gpu"),
    "installed_gpu_hour": ("gpus", "give gpus, gpus_per_rack, or kw_per_gpu"),
    "it_mw": ("it_mw", "give it_mw, kw_per_rack or kw_per_gpu"),
    "it_kw": ("it_mw", "give it_mw, kw_per_rack or kw_per_gpu"),
    "facility_mw": ("it_mw", "give it_mw, kw_per_rack or kw_per_gpu"),
    "facility_kw": ("it_mw", "give it_mw, kw_per_rack or kw_per_gpu"),
    "mwh": ("it_mw", "give it_mw, kw_per_rack or kw_per_gpu"),
}
"""Size of every phase that an amount per thing needs."""


def broken_links(file: StatedFile, place: str) -> list[Problem]:
    """Return every name that is not there, and every need that is not met."""
    problems: list[Problem] = []
    for name, project in file.projects.items():
        path = f"{place}: projects.{name}"
        problems += _months(project.timeline, project, path)
        problems += _lines(project, path)
        problems += _whole(project, path)
        problems += _alternatives(name, project, file, path)
    return problems


def nearest(key: str, known: Iterable[str]) -> str:
    """Suggest the known name nearest to a wrong one."""
    known = list(known)
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
    if near:
        return f"did you mean {near[0]!r}?"
    if not known:
        return "there is none yet; add it"
    return f"use one of {', '.join(known[:10])}{' …' if len(known) > 10 else ''}"


def _months(timeline: Timeline, block: Block, path: str) -> Iterator[Problem]:
    """Find months that are no whole number of periods, and months after the end."""
    for key in type(block).model_fields:
        value = getattr(block, key)
        where = f"{path}.{key}"
        if isinstance(value, Block):
            yield from _months(timeline, value, where)
        elif isinstance(value, dict):
            for name, inner in value.items():
                yield from _months(timeline, inner, f"{where}.{name}")
        elif isinstance(value, tuple) and value and isinstance(value[0], Block):
            for number, inner in enumerate(value):
                yield from _months(timeline, inner, f"{where}.{number}")
        elif _is_period(key) and isinstance(value, int):
            yield from _month(timeline, value, where)


def _is_period(key: str) -> bool:
    lasting = ("straight_line_months", "dsra_months")
    return (key == "month" or key.endswith(("_month", "_months"))) and key not in lasting


def _month(timeline: Timeline, value: int, where: str) -> Iterator[Problem]:
    single = timeline.per_year != 12 and value == 1 and where.endswith("spread_months")
    if where.rpartition(".")[2] == "month" and ".points." in where:
        return
    if periods_of(value, timeline.per_year) is None and not single:
        each = 12 / timeline.per_year
        expected = f"whole periods of a {timeline.period}"
        fix = f"use a multiple of {each:g}" if each >= 1 else "use month 0, or longer periods"
        yield Problem(where, f"month {value}", expected, fix)


def _lines(project: Project, path: str) -> Iterator[Problem]:
    """Check the names and quantities of every line of money."""
    sources = [SOURCES_LINE] if project.power else []
    first = list(project.capex)
    for number, (name, line) in enumerate(project.capex.items()):
        where = f"{path}.capex.{name}"
        yield from _priced(project, line, where)
        known = [*sources, *first[:number]]
        yield from _unknown(line.lines, known, f"{where}.lines", "a capex line further up")
        if line.share is not None and not known:
            yield Problem(f"{where}.share", "nothing to be a share of", "a line further up", "add")
    tables = {
        "revenue": list(project.revenue),
        "opex": list(project.opex),
        "power": list(project.power.sources) if project.power else [],
        "capex": [*sources, *first],
        "capex_to_date": [*sources, *first],
    }
    for kind in ("opex", "revenue"):
        flows: dict[str, Flow] = getattr(project, kind)
        for name, flow in flows.items():
            where = f"{path}.{kind}.{name}"
            yield from _priced(project, flow, where)
            if flow.of is not None:
                known = [other for other in tables[flow.of] if other != name or flow.of != kind]
                yield from _unknown(flow.lines, known, f"{where}.lines", f"a line of {flow.of}")


def _priced(project: Project, line: Priced, path: str) -> Iterator[Problem]:
    phases = list(project.capacity.phases) if project.capacity else []
    yield from _unknown(line.phases, phases, f"{path}.phases", "a phase")
    if line.share is not None:
        return
    yield from _needed(project, line.per, f"{path}.per")


def _needed(project: Project, per: str, path: str) -> Iterator[Problem]:
    """Check that what an amount is for can be counted."""
    capacity = project.capacity
    if per in NEEDS:
        size, fix = NEEDS[per]
        sizes = [size_of(capacity, one) for one in capacity.phases.values()] if capacity else [None]
        if any(one is None or getattr(one, size) is None for one in sizes):
            yield Problem(path, repr(per), f"{size} of every phase", fix)
    if per == "acre" and (capacity is None or capacity.land_acres is None):
        yield Problem(path, "'acre'", "land_acres in capacity", "add it")
    if per == "mwh" and project.power is None:
        yield Problem(path, "'mwh'", "a power block", "add it")
    if per.startswith("million") and project.tokens is None:
        yield Problem(path, repr(per), "a tokens block", "add it")
    requests = project.tokens.output_tokens_per_request if project.tokens else 0
    if per == "thousand_requests" and not requests:
        yield Problem(path, repr(per), "output_tokens_per_request in tokens", "add it")


def _unknown(names: tuple[str, ...], known: list[str], path: str, what: str) -> Iterator[Problem]:
    for name in names:
        if name not in known:
            yield Problem(path, repr(name), what, nearest(name, known))


def _whole(project: Project, path: str) -> Iterator[Problem]:
    """Check needs of whole blocks: energy, tokens, tax, debt, sale."""
    if project.power is not None:
        yield from _needed(project, "mwh", f"{path}.power")
    if project.tokens is not None and project.tokens.output_billion_per_day is None:
        yield from _needed(project, project.tokens.per, f"{path}.tokens.per")
    if project.use.limited_by_demand:
        yield from _needed(project, "it_mw", f"{path}.use.limited_by_demand")
    if project.demand is not None:
        yield from _needed(project, "it_mw", f"{path}.demand")
    if project.tax is not None and project.timeline.per_year > 12:
        yield Problem(f"{path}.tax", "periods of a day", "months or longer", "change the period")
    if project.capacity is not None:
        yield from _late(project, path)


def _late(project: Project, path: str) -> Iterator[Problem]:
    timeline = project.timeline
    phases = project.capacity.phases if project.capacity else {}
    for name, phase in phases.items():
        live = periods_of(phase.live_month, timeline.per_year)
        if live is not None and live >= timeline.periods:
            end = timeline.periods * 12 / timeline.per_year
            where = f"{path}.capacity.phases.{name}.live_month"
            got = f"month {phase.live_month}"
            yield Problem(where, got, f"a month before the end, {end:g}", "lengthen the timeline")
        if phase.end_month is not None and phase.end_month <= phase.live_month:
            where = f"{path}.capacity.phases.{name}.end_month"
            got = f"month {phase.end_month}"
            yield Problem(where, got, "a month after live_month", "move it later")


def _alternatives(name: str, project: Project, file: StatedFile, path: str) -> Iterator[Problem]:
    """Check what each alternative is priced by."""
    needs = {
        "usd_per_gpu_hour": "gpu_hour",
        "usd_per_server_hour": "server",
        "usd_per_reserved_gpu_hour": "gpu_hour",
        "usd_per_million_input_tokens": "million_tokens",
        "usd_per_million_cached_tokens": "million_tokens",
        "usd_per_million_output_tokens": "million_tokens",
    }
    for key, alternative in project.alternatives.items():
        where = f"{path}.alternatives.{key}"
        if alternative.project is not None:
            others = [other for other in file.projects if other != name]
            yield from _unknown((alternative.project,), others, f"{where}.project", "a project")
            continue
        priced = [one for one in needs if getattr(alternative, one) is not None]
        if not priced and not alternative.usd_per_year and not alternative.upfront_usd:
            yield Problem(where, "no price", f"one of {', '.join(needs)}", "add one")
        for one in priced:
            yield from _needed(project, needs[one], f"{where}.{one}")
    if project.alternatives and project.conventions.comparison in ("straight_line", "annuity"):
        for line, capex in project.capex.items():
            if capex.life_years is None:
                where = f"{path}.capex.{line}.life_years"
                fix = "add it, or compare by cash or present_value"
                yield Problem(where, "nothing", "a life, to compare by year", fix)
