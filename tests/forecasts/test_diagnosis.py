import numpy as np
import pytest
from statsmodels.stats.diagnostic import acorr_ljungbox

from forecasts.diagnosis import diagnosed, one_step_errors


def named(errors):
    return {one.name: one for one in diagnosed(np.asarray(errors, dtype=float))}


def test_white_errors_pass_about_nineteen_times_in_twenty():
    rng = np.random.default_rng(5)
    passed = {"bias": 0, "memory": 0, "spread": 0}
    for _ in range(400):
        for name, one in named(rng.standard_normal(40)).items():
            passed[name] += bool(one.holds)
    assert all(0.90 <= count / 400 <= 0.985 for count in passed.values()), passed


def test_memory_is_ljung_and_box():
    errors = np.random.default_rng(1).standard_normal(35)
    known = acorr_ljungbox(errors, lags=[7]).iloc[0]["lb_pvalue"]
    assert named(errors)["memory"].p_value == pytest.approx(known, rel=1e-10)


def test_each_fault_is_found():
    rng = np.random.default_rng(2)
    noise = rng.standard_normal(60)
    assert named(noise + 1.0)["bias"].holds is False
    assert "low" in named(noise + 1.0)["bias"].text
    assert named(np.cumsum(noise))["memory"].holds is False
    assert named(noise * np.repeat([0.05, 2.0], 30))["spread"].holds is False
    assert "grew" in named(noise * np.repeat([0.05, 2.0], 30))["spread"].text


@pytest.mark.parametrize("errors", [[], [0.3] * 4, [1.0] * 20])
def test_too_little_says_so(errors):
    for one in diagnosed(np.asarray(errors, dtype=float)):
        assert one.holds is None
        assert one.p_value is None
        assert one.text.endswith(".")


def test_one_step_errors_are_those_of_the_combination():
    rng = np.random.default_rng(3)
    history = 100 + np.cumsum(rng.standard_normal(40))
    errors = one_step_errors(history)
    assert errors.shape == (34,)
    assert abs(errors.mean()) < 0.8
    assert 0.4 < errors.std() < 1.6
    assert one_step_errors(history[:6]).size == 0
    jump = np.append(history, history[-1] + 50)
    assert one_step_errors(jump)[-1] > 10
    assert one_step_errors(jump)[:-1] == pytest.approx(errors)
