"""Many people at once: open pages move a slider every few seconds, over real websockets.

The visitors speak Streamlit's own protocol in one process of their own, without browsers. The clock
runs from the move until all figures and charts of the overview have arrived; the band of paths
comes later, through the queue, and is counted apart: in a crowd the next move often comes before
it. Measured is one process for each core, all on one port; `--replicas 1` measures one alone.
Memory is the most that each process of the server ever held, added up; what the visitors themselves
take of the processor is told.
"""

import argparse
import asyncio
import json
import os
import random
import statistics
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.first_page import served_process
from benchmarks.visitor import Visitor

EVERY_S, FOR_S = 5.0, 180.0
READY_S = 90.0
"""Seconds within which every replica serves."""

P95_BAR_S, MEMORY_BAR_GB = 1.0, 2.0
FIGURES, CHARTS = 6, 3
BAND, NEVER = 1, 10**9
SLIDER = "GPU hour price (USD/GPU-h)"


@dataclass(slots=True)
class Seen:
    """What all visitors have seen."""

    answers: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    bands: list[float] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    bytes: int = 0


def stands(visitor: Visitor) -> bool:
    """Whether all figures and charts of the run in progress have arrived."""
    return visitor.metrics >= FIGURES and visitor.charts >= CHARTS


async def visit(address: str, number: int, seen: Seen, until: float) -> None:
    """Open the overview and move the slider until the time is over."""
    chance = random.Random(number)
    begun = time.perf_counter()
    async with Visitor(address) as visitor:
        await visitor.run()
        await visitor.until(stands, or_end=False)
        seen.first.append(time.perf_counter() - begun)
        await visitor.until(lambda one: SLIDER in one.sliders, or_end=False)
        low, high, step, _ = visitor.sliders[SLIDER]
        steps = round((high - low) / step)
        due = time.perf_counter() + chance.uniform(0, EVERY_S)
        while due < until:
            await listened(visitor, due, begun, seen)
            begun = time.perf_counter()
            await visitor.move(SLIDER, low + step * chance.randrange(steps))
            await visitor.until(lambda one: one.runs >= 1 and stands(one), or_end=False)
            seen.answers.append(time.perf_counter() - begun)
            due += EVERY_S
        seen.problems += visitor.problems
        seen.bytes += visitor.bytes


async def listened(visitor: Visitor, due: float, begun: float, seen: Seen) -> None:
    """Read what comes until the time is due, as a browser does; then expect a fresh run."""
    if visitor.paths < BAND and await until_due(visitor, due, BAND):
        seen.bands.append(time.perf_counter() - begun)
    await until_due(visitor, due, NEVER)
    visitor.expect()


async def until_due(visitor: Visitor, due: float, paths: int) -> bool:
    """Read what comes until so many paths are behind the page, or the time is due."""
    try:
        async with asyncio.timeout(max(due - time.perf_counter(), 0.0)):
            await visitor.until(lambda one: one.paths >= paths, or_end=False)
    except TimeoutError:
        return False
    return True


async def guarded(address: str, number: int, seen: Seen, until: float) -> None:
    """Let one visitor fail without the others, and count it."""
    try:
        await visit(address, number, seen, until)
    except (OSError, TimeoutError, KeyError, RuntimeError) as error:
        seen.problems.append(f"visitor {number}: {type(error).__name__} {error}")


async def crowd(address: str, visitors: int, seconds: float) -> Seen:
    """Let visitors in within a quarter of the time between moves of each, and wait for all."""
    seen = Seen()
    until = time.perf_counter() + seconds + EVERY_S
    tasks = []
    for number in range(visitors):
        tasks.append(asyncio.create_task(guarded(address, number, seen, until)))
        await asyncio.sleep(EVERY_S / visitors)
    await asyncio.gather(*tasks)
    return seen


def processes(first: int) -> list[int]:
    """Return a process and all that it began."""
    found = [first]
    for place in Path("/proc").glob("[0-9]*"):
        try:
            parent = (place / "stat").read_text().rpartition(")")[2].split()[1]
        except OSError:
            continue
        if int(parent) == first:
            found += processes(int(place.name))
    return found


def peak_gb(process: int) -> float:
    """Return the most memory a process ever held."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    kilobytes = next(line.split()[1] for line in lines if line.startswith("VmHWM"))
    return int(kilobytes) / 1e6


def all_serve(address: str, replicas: int) -> None:
    """Wait until every replica has answered: a fresh connection goes where fewest were sent."""
    seen: set[int] = set()
    until = time.monotonic() + READY_S
    while len(seen) < replicas:
        if time.monotonic() > until:
            raise RuntimeError(f"only replicas {sorted(seen)} serve after {READY_S:.0f} s")
        with urllib.request.urlopen(f"{address}/health", timeout=READY_S) as answer:
            seen.add(int(json.load(answer)["replica"]))
        time.sleep(0.2)


def measure(visitors: int, seconds: float, replicas: int) -> None:
    """Print what a crowd saw, beside the bars."""
    options = ("--replicas", str(replicas)) if replicas > 1 else ()
    with served_process(*options) as (address, process):
        all_serve(address, replicas)
        own = time.process_time()
        began = {one: _cpu(one) for one in processes(process)}
        seen = asyncio.run(crowd(address, visitors, seconds))
        own = time.process_time() - own
        used = sum(_cpu(one) - before for one, before in began.items())
        memory = sum(map(peak_gb, processes(process)))
        lost = len(set(began) - set(processes(process)))
    answers = sorted(seen.answers)
    if not answers:
        raise RuntimeError(f"no visitor was answered: {seen.problems[:3]}")
    p95 = answers[int(0.95 * (len(answers) - 1))]
    bar = f", bar {P95_BAR_S:.0f} s" if visitors <= 25 and replicas > 1 else ""
    served = f"{replicas} processes on {os.cpu_count()} cores"
    print(f"{visitors} visitors, {served}, {seconds:.0f} s, {len(answers)} moves")
    print(f"  figures and charts p50 {statistics.median(answers):5.2f} s, p95 {p95:5.2f} s{bar}")
    print(
        f"  slowest {answers[-1]:5.2f} s; first page of the last to come {max(seen.first):5.2f} s"
    )
    if seen.bands:
        share = len(seen.bands) / len(answers)
        half = statistics.median(seen.bands)
        print(f"  band of paths p50 {half:5.2f} s, after {share:.0%} of moves")
    errors = len(seen.problems) + lost
    print(f"  errors {errors}, bar 0 {seen.problems[:3] or ''}")
    print(
        f"  memory {memory:.2f} GB, bar {MEMORY_BAR_GB:.0f} GB; processor {used:.0f} s, "
        f"of the visitors {own:.0f} s"
    )


def _cpu(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main(arguments: list[str] | None = None) -> None:
    """Measure 25 and 50 visitors with a process for each core; `--replicas 1 2` both ways."""
    parser = argparse.ArgumentParser(description="Measure many people at once.")
    parser.add_argument("--visitors", type=int, nargs="*", default=[25, 50])
    parser.add_argument("--seconds", type=float, default=FOR_S)
    parser.add_argument("--replicas", type=int, nargs="*", default=[os.cpu_count() or 2])
    wanted = parser.parse_args(arguments or [])
    for replicas in wanted.replicas:
        for visitors in wanted.visitors:
            measure(visitors, wanted.seconds, replicas)


if __name__ == "__main__":
    import sys

    main(sys.argv[1:])
