"""Machine code that is kept between runs: a broken file is compiled again, whatever broke it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

LOOP = """
import sys
from pathlib import Path
from numba.core import config
from forecasts import compiled

compiled._compiler()
config.CACHE_DIR = sys.argv[1]
sys.path.insert(0, sys.argv[1])
from tripled import tripled

print(tripled(2.0), sum(tripled._machine.stats.cache_hits.values()))
"""

STAGE = """
from forecasts.compiled import compiled


@compiled
def tripled(value: float) -> float:
    return 3 * value
"""


def ran(folder: Path) -> str:
    """Run a stage in a process of its own; return its answer and how often code was kept."""
    here = str(Path(__file__).parents[2])
    made = subprocess.run(
        [sys.executable, "-c", LOOP, str(folder)],
        env=os.environ | {"PYTHONPATH": here},
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    return made.stdout.strip()


@pytest.mark.parametrize(("kind", "content"), [("nbi", b""), ("nbc", b"garbage"), ("nbc", b"")])
def test_a_broken_file_of_machine_code_is_made_again(tmp_path: Path, kind: str, content: bytes):
    (tmp_path / "tripled.py").write_text(STAGE)
    assert ran(tmp_path) == "6.0 0"
    (kept,) = tmp_path.rglob(f"*.{kind}")
    kept.write_bytes(content)
    assert ran(tmp_path) == "6.0 0"
    assert ran(tmp_path) == "6.0 1"
