"""A million rows of CSV: read, typed, checked, hashed, in a process of its own."""

import io
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

ROWS = 1_000_000

MEASURE = """
import resource, sys, time
from data.ingest import read
start, wall = time.process_time(), time.perf_counter()
made = read(sys.argv[1], "any")
spent, passed = time.process_time() - start, time.perf_counter() - wall
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
print(made.report.status, made.report.rows, f"{passed:.2f}", f"{spent:.2f}", f"{peak:.2f}")
"""


def write(path: Path, *, quoted: bool) -> None:
    """Write rows of id, country, day, amount and a note."""
    draw = np.random.default_rng(7)
    countries = np.array(["KEN", "NA", "MYS", "ROU", "BEL"])[draw.integers(0, 5, ROWS)]
    days = np.datetime_as_string(
        np.datetime64("2000-01-01") + draw.integers(0, 9_000, ROWS).astype("timedelta64[D]")
    )
    amounts = draw.normal(1_000, 300, ROWS)
    out = io.StringIO()
    out.write("id,country,day,amount,note\n")
    mark = '"' if quoted else ""
    for at in range(ROWS):
        note = f"{mark}note {at % 977}{mark}"
        out.write(f"A{at:07d},{countries[at]},{days[at]},{amounts[at]:.6f},{note}\n")
    path.write_text(out.getvalue(), "utf-8")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for quoted in (False, True):
            path = Path(folder) / "rows.csv"
            write(path, quoted=quoted)
            done = subprocess.run(
                [sys.executable, "-c", MEASURE, str(path)],
                capture_output=True,
                text=True,
                check=True,
            )
            status, rows, wall, spent, peak = done.stdout.split()
            print(
                f"{'quoted' if quoted else 'plain'} {int(rows):,} rows {status}: {wall} s "
                f"({spent} s of processor) (bar 6 s), peak {peak} GB (bar 1.5 GB)"
            )


if __name__ == "__main__":
    main()
