"""A look at public sources as text for the terminal, and as plain data."""

from dashboard.charts.impact import group_name
from dashboard.theme import NOTHING, change_text, signed
from dashboard.watch_runs import MAIN_METRICS, Look, Seen, publisher
from data.alert_store import Alert
from forecasts.metric_register import METRICS

Json = dict[str, object]

SHOWN = 20
"""Changes told of a source; JSON has them all."""

STEPS = 3
"""Groups of rows told with what they add to NPV."""


def look_text(made: Look) -> str:
    """Return a look for people: source by source, then alerts, a line each."""
    lines = [f"{made.at}, data {made.data_version}, {made.label}"]
    for one in made.seen:
        lines += _seen_text(one)
    lines += [alert_text(one) for one in made.raised]
    if not made.raised:
        lines.append("no new alert")
    older = made.waiting - len(made.raised)
    if older > 0:
        lines.append(f"{older} earlier alerts wait to be acknowledged" if older > 1
                     else "1 earlier alert waits to be acknowledged")  # fmt: skip
    return "\n".join(lines)


def alert_text(alert: Alert) -> str:
    """Return an alert in one line."""
    return f"ALERT {alert.number}: {alert.told}"


def _seen_text(one: Seen) -> list[str]:
    name = publisher(one.connector)
    if one.found is None:
        return [f"{name}: could not be asked; the others go on"]
    if one.found.incoming is None:
        return [f"{name}: nothing new among {one.found.seen:,} figures"]
    changes = one.changes
    new = int((changes["kind"] == "added").sum())
    lines = [f"{name}: {new:,} new, {len(changes) - new:,} changed of {one.found.seen:,} figures"]
    for row in changes.head(SHOWN).to_dict("records"):
        lines.append(
            f"  {group_name(str(row['row']))}: {row['before'] or NOTHING} to {row['after']}"
        )
    if len(changes) > SHOWN:
        lines.append(f"  and {len(changes) - SHOWN:,} more")
    return [*lines, *_effect_text(one)]


def _effect_text(one: Seen) -> list[str]:
    if one.effect is None:
        return ["  what it moves cannot be told"]
    series = ", ".join(moved.title for moved in one.effect.series) or "no series of the model"
    told = [f"{METRICS[name].label} {_moved(one, name)}" for name in MAIN_METRICS]
    lines = [f"  moves {series}; {', '.join(told)}"]
    if one.npv_change:
        lines += [f"    {step.label}: NPV {_change('USD', step.change)}"
                  for step in one.steps[:STEPS]]  # fmt: skip
    return lines


def _moved(one: Seen, metric: str) -> str:
    before, after = one.moved(metric)
    if before is None or after is None:
        return "has no value"
    return _change(METRICS[metric].unit, after - before)


def _change(unit: str, change: float) -> str:
    return signed(change_text(unit, change) or "unchanged")


def look_data(made: Look, threshold_usd: float) -> Json:
    """Return a look as plain data."""
    return {
        "at": made.at,
        "data_version": made.data_version,
        "scenario": made.label,
        "scenario_hash": made.scenario.hash,
        "threshold_usd": threshold_usd,
        "sources": [_seen_data(one) for one in made.seen],
        "alerts": [alert_data(one) for one in made.raised],
        "waiting": made.waiting,
    }


def _seen_data(one: Seen) -> Json:
    metrics = {
        name: dict(zip(("before", "after"), one.moved(name), strict=True))
        for name in (MAIN_METRICS if one.effect is not None else ())
    }
    return {
        "source": one.connector.name,
        "dataset": one.connector.dataset,
        "rows_seen": None if one.found is None else one.found.seen,
        "changes": one.changes.to_dict("records"),
        "series": [] if one.effect is None else [moved.key for moved in one.effect.series],
        "metrics": metrics,
        "npv_steps": [{"label": step.label, "change_usd": step.change} for step in one.steps],
        "problems": [str(problem) for problem in one.problems],
    }


def alert_data(alert: Alert) -> Json:
    """Return an alert as plain data."""
    return {
        "number": alert.number,
        "kind": alert.kind,
        "told": alert.told,
        "at": alert.at,
        "data_version": alert.data_version,
        "acknowledged_by": alert.acknowledged_by or None,
        "acknowledged_at": alert.acknowledged_at or None,
        "figures": dict(alert.content),
    }
