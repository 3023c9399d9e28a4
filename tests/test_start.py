"""What a process must not pay for before it is needed."""

import subprocess
import sys

HEAVY = ("numba", "pandas", "scipy", "statsmodels", "streamlit", "plotly", "sqlalchemy")


def test_importing_the_model_imports_no_heavy_library() -> None:
    asked = (
        "import sys, forecasts.engine, forecasts.combine, forecasts.uncertainty, data.catalog\n"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


def test_a_stage_of_plain_numbers_runs_without_the_compiler() -> None:
    asked = (
        "from forecasts.capex import progress, s_curve\n"
        "print(progress(3, 0, 6), float(s_curve(0, 6, 12).sum()))"
    )
    said = subprocess.run(
        [sys.executable, "-c", asked],
        capture_output=True,
        text=True,
        check=True,
        env={"NUMBA_DISABLE_JIT": "1", "PATH": "", "PYTHONPATH": ":".join(sys.path)},
    )
    assert said.stdout.split() == ["0.5", "1.0"]
