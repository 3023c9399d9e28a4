"""What speaks for and against the model, as text for the terminal."""

from collections.abc import Sequence
from textwrap import shorten

from dashboard.charts import bands, past, programme, track
from forecasts.announcement import Moved
from forecasts.past_forecasts import Past, scored
from forecasts.published_record import Outside
from forecasts.regimes import Regime
from forecasts.rule_switches import LICENCE_MONTHS
from forecasts.sanity_bands import Ratio
from forecasts.track_record import MEASURES, TrackRecord


def record_text(record: TrackRecord) -> str:
    """Return the record on announced projects as tables."""
    lines = []
    for measure, scope in (*track.VIEWS.values(), *track.PARTIAL):
        rows = record.of(measure, scope)
        if not rows:
            continue
        title = f"{MEASURES[measure][0]}, {track.UNITS[measure]}" + (f", {scope}" if scope else "")
        lines += [title, f"  {'project':44}{'date':>9}{'said':>10}{'model':>10}{'80 %':>18}  off"]
        digits = track.DIGITS[measure]
        for one in rows:
            span = (
                "none"
                if one.low is None or one.high is None
                else f"{one.low:,.{digits}f}-{one.high:,.{digits}f}"
            )
            lines.append(
                f"  {one.project.name[:43]:44}{track.date_text(one.project.announced):>9}"
                f"{one.said:>10,.{digits}f}{one.predicted:>10,.{digits}f}{span:>18}"
                f"{one.error:>+6.0%}{' taught' if one.teaches else ''}"
            )
        lines += [f"  {track.headline(record, measure, scope)}", ""]
    return "\n".join([*lines, "Rows marked 'taught' were announced before the cut-off."])


def ratios_text(found: Sequence[Ratio]) -> str:
    """Return ratios beside their ranges as a table, flags with their reasons."""
    lines = [f"{'factory':14}{'ratio':42}{'here':>10}   published"]
    for one in found:
        here = bands.written(one.value, one.band.unit, one.name)
        flag = "" if one.inside else "   OUTSIDE"
        lines.append(f"{one.factory:14}{one.label:42}{here:>10}   {bands.span(one)}{flag}")
        if one.reason:
            lines.append(f"{'':14}{one.reason}")
    return "\n".join([*lines, "", bands.headline(found)])


def announcement_text(found: Sequence[Moved]) -> str:
    """Return the announcement line by line."""
    lines: list[str] = []
    for one in found:
        if not lines or one.said.text not in lines:
            lines += [one.said.text, f"    {one.element.how}"]
        row = "stated by the scenario" if one.fact is None else one.fact.place
        npv, irr = one.changes.get("npv"), one.changes.get("irr")
        moved = "no NPV" if npv is None else f"NPV {npv / 1e6:+,.0f} m"
        moved += "" if irr is None else f", IRR {irr * 100:+.2f} points"
        lines.append(f"    {programme.value(one)} ({row})")
        lines.append(f"    {one.place.what}: {moved}")
    return "\n".join([*lines, "", programme.headline(found)])


def scorecard_text(found: Sequence[Past], others: Sequence[Outside]) -> str:
    """Return how past forecasts and published outlooks did."""
    records = scored(found)
    lines = [f"{'what':20}{'ahead':22}{'n':>5}{'error':>8}{'naive':>8}{'bias':>8}{'in 80 %':>9}"]
    lines += [
        f"{one.group:20}{one.ahead:22}{one.forecasts:>5}{one.median_error:>8.0%}"
        f"{one.naive_error:>8.0%}{one.bias:>+8.0%}{one.covered:>9.0%}"
        for one in records
    ]
    lines += ["", past.headline(records), past.meaning(records), ""]
    lines += [
        f"{one.topic[:44]:46}{one.period:8}said {one.vintage:8}{one.said.value or 0:>12,.1f}"
        f"{one.value:>12,.1f} {'came' if one.came else 'newest':7}{one.error:>+6.0%}"
        for one in others
    ]
    return "\n".join([*lines, "", past.published_headline(others)])


REGIMES_MEAN = (
    "Demand: sovereign demand against the European Union's, and the NPV it is worth; cost: of "
    "compliance, USD m a year, and the NPV it takes. The rest: NPV if racks waited "
    f"{LICENCE_MONTHS} months for a licence, law were strict, incentives were granted, USD m."
)
"""What the columns of the rules mean."""


def regimes_text(found: Sequence[Regime]) -> str:
    """Return rules and what they are worth, NPV in USD m."""
    heads = ("licence", "strict", "granted")
    lines = [f"{'factory':14}{'demand':>8}{'worth':>9}{'cost':>8}{'takes':>9}"]
    lines[0] += "".join(f"{head:>10}" for head in heads) + "  AI law"
    for one in found:
        npvs = (one.demand_npv, one.cost_npv, one.wait_npv, one.strict_npv, one.relief_npv)
        worth = ["none" if usd is None else f"{usd / 1e6:+,.1f}" for usd in npvs]
        lines.append(
            f"{one.factory:14}{one.demand:>8.2f}{worth[0]:>9}{one.compliance_usd / 1e6:>8.1f}"
            f"{worth[1]:>9}{worth[2]:>10}{worth[3]:>10}{worth[4]:>10}"
            f"  {shorten(one.rules['ai_regulation'].text, 60, placeholder=' …')}"
        )
    return "\n".join([*lines, "", REGIMES_MEAN])
