"""Shared by all tests: floating-point slips are errors, and the base case is computed once."""

import numpy as np
import pytest

from data.catalog import Catalog, bundled
from forecasts.engine import Result, run
from forecasts.scenario import Scenario

np.seterr(all="raise", under="ignore")


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return bundled()


@pytest.fixture(scope="session")
def base(catalog: Catalog) -> Result:
    return run(Scenario(), catalog)
