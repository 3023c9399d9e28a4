"""Flows whose rates of return are hard to find; `irr_references` says where roots come from."""

import datetime as dt
from fractions import Fraction

import numpy as np
from irr_references import Case, days, noise, product

ARB_ROOTS = {
    ("normal", 400, 1): (
        "-0.34035433395728361882914389609248652736675921290893",
        "-0.096663524981221508117925253797613617877919853990979",
        "-0.018258982972113888089220218789041260886249274795836",
        "0.039616286610157779930612732475351200575216931961192",
    ),
    ("normal", 1000, 2): (
        "-0.042143652492156023724586930966563974247796192107874",
        "-0.0021974696848395725331306822544307984734254920339928",
        "0.011139744394425260484212025332260743254227195271298",
        "0.059230187544630361137626430001819746446796797997551",
        "2.9637232975083559371929987198111577868860313756510",
    ),
    ("normal", 1000, 5): (
        "-0.044613543879837324620417953417738320193311847406925",
        "0.00016708465029142687950455067285962224912458788554890",
    ),
    ("alternating", 600, 3): (
        "-0.0026632604170343274252540002554614188426323781905290",
        "0.018252195232786454985662344992280011358037057548583",
        "0.10266294862034032105716497527744135312476020423176",
    ),
    ("walk", 500, 4): ("0.012230388424484643180876998415066687375132177427944",),
}
"""Isolated by arb (python-flint 0.9.0), certified, from the flows of `noise`."""


def _factor(rate):
    growth = 1 + Fraction(rate)
    return [growth.denominator, -growth.numerator]


def _built(name, *rates, cofactors=()):
    """Whole flows with exactly these rates, repeated or not; cofactors have no positive root."""
    roots = tuple(sorted({Fraction(rate) for rate in rates}))
    return Case(name, product(*map(_factor, rates), *cofactors), None, roots)


def _regular():
    for count in (1, 2, 3, 5):
        rates = [Fraction(step, 10) for step in range(1, count + 1)]
        yield _built(f"{count} roots", *rates)
        yield _built(f"{count} roots, longer", *rates, cofactors=[[1] * 40])
        yield _built(f"{count} roots, below zero", *(-rate for rate in rates))
    for power in (2, 3, 4, 5, 6):
        yield _built(f"root of multiplicity {power}", *["1/10"] * power)
        yield _built(f"zero of multiplicity {power}", *[0] * power)
    yield _built("double root in 600 flows", "1/10", "1/10", cofactors=[[3] * 598])
    yield _built("double and simple", "1/10", "1/10", "1/2")
    yield _built("double and near simple", "1/10", "1/10", "1001/10000")
    yield _built("triple and double", *["1/10"] * 3, *["1/4"] * 2)
    yield _built("two double roots", *["1/10"] * 2, *["1/4"] * 2)
    yield _built("two roots 1e-4 apart", "1/10", "1001/10000")
    yield _built("two roots 1e-7 apart", "1/10", Fraction(1000001, 10**7))
    yield _built("three roots 1e-3 apart", "1/10", "101/1000", "102/1000")
    yield _built("1000 flows, 3 roots", "1/100", "2/100", "5/100", cofactors=[[1] * 997])
    yield _built("3000 flows, 2 roots", "1/100", "3/100", cofactors=[[1, 0, 2] * 999])
    for digits in (3, 5, 7, 9, 12, 14):
        near = Fraction(1, 10**digits) - 1
        yield _built(f"1e-{digits} above -100 %", near)
        yield _built(f"1e-{digits} above -100 % and 10 %", near, "0.1")
    for digits in (3, 4, 6, 9, 12):
        yield _built(f"rate of 1e{digits}", 10**digits)
        yield _built(f"rates of 1e{digits} and 10 %", 10**digits, "0.1")
    yield _built("from -99.9 % to 1e6", Fraction(1, 1000) - 1, 0, 10**6)
    for power in (50, 100, 200, 300):
        yield Case(f"rate of 1e{power}", [-1.0, 10.0**power])
        yield Case(f"rate of 1e{power}, later flows", [-1.0, 10.0**power, 5.0, 7.0])
    yield Case("rate beyond floats", [-1e-200, 1e200])


def _rootless():
    yield Case("no root", [1.0, -3.0, 2.5])
    yield Case("no root by a hair", [1e7, -2.2e7, 1.21e7 + 1])
    yield Case("two roots by a hair", [1e7, -2.2e7, 1.21e7 - 1])
    yield Case("no root, inflows about an outlay", [10.0, *[5.0] * 9, -20.0, *[5.0] * 9])
    yield Case("no root in 1000 flows", [*[1.0] * 500, -20.0, *[1.0] * 499], None, ())
    yield Case("squares", product([1, -2, 2], [1, -2, 2], [2, -3, 2]))


def _scales():
    for scale in (1e-300, 1e-12, 1e-3, 1e15, 1e250):
        yield Case(f"one root at scale {scale:g}", [-100.0 * scale, 60.0 * scale, 60.0 * scale])
        flows = [-1000.0 * scale, 3600.0 * scale, -4310.0 * scale, 1716.0 * scale]
        yield Case(f"three roots at scale {scale:g}", flows)
    yield Case("flows of 1e-12 to 1e15", [-1e15, 1e-12, 3e2, -7e-5, 1.5e15, -1e-12])
    yield Case("rising by 1e5 a period", [(-1) ** i * 10.0 ** (5 * i) for i in range(12)])
    yield Case("falling by 1e5 a period", [(-1) ** i * 10.0 ** (-5 * i) for i in range(12)])
    yield Case("nearly cancelling", [1e15, -1e15, 1.0, -2.0])
    yield Case("nearly cancelling, two roots", [1e9, -2e9 - 1, 1e9 + 1, 1e-3, -1e-3])
    yield Case("differences", np.diff([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8], 3).tolist())


def _shapes():
    yield Case("leading zeros", [0.0, 0.0, 0.0, -100.0, 0.0, 121.0])
    yield Case("trailing zeros", [-100.0, 0.0, 121.0, 0.0, 0.0])
    yield Case("zeros about three roots", [0.0, -1e3, 3.6e3, -4.31e3, 1.716e3, 0.0])
    yield Case("gaps", [-100.0, *[0.0] * 58, 150.0], None, None)
    yield Case("first positive", [100.0, -110.0])
    yield Case("first positive, two roots", [132.0, -230.0, 100.0])
    yield Case("outlay and decommissioning", [-100.0, *[15.0] * 18, -120.0])
    yield Case("refresh", [-100.0, *[30.0] * 6, -90.0, *[30.0] * 6, -90.0, *[30.0] * 5])
    for count in (2, 3, 8, 21):
        yield Case(f"{count} alternating", [(-1.0) ** i * (1 + i % 3) for i in range(count)])
    for count in (1000, 3000):
        yield Case(f"{count} alternating", [(-1.0) ** i for i in range(count)], None, (0,))
    for seed in range(12):
        kind = ("normal", "alternating", "walk")[seed % 3]
        yield Case(f"{kind} noise {seed}", noise(kind, 14 + seed % 7, 100 + seed))
    for key, roots in ARB_ROOTS.items():
        yield Case("{} noise of {} flows {}".format(*key), noise(*key), None, roots)


def _once(name, flows, dates=None):
    """One change of sign, so one root (Descartes); the ladder only has to bracket it."""
    return Case(name, flows, dates, "one")


def _long():
    for count, yearly in ((181, 0.12), (1000, 0.3), (3000, 0.08)):
        level = 100 * ((1 + yearly) ** (1 / 12) - 1)
        yield _once(f"annuity of {count}", [-100.0, *[level] * (count - 1)])
    yield _once("annuity that loses", [-1e6, *[1.0] * 999])
    yield _once("late return", [*[-1.0] * 2999, 5000.0])
    yield _once("build and earn", [*[-7.5] * 24, *np.linspace(1, 4, 157).tolist()])
    yield _once("build and earn much", [*[-1.0] * 2, *[900.0] * 998])


def _dated():
    quarters = days(*range(0, 3650, 91))
    yield _once("quarters", [-100.0, *[4.0] * (len(quarters) - 1)], quarters)
    leap = [dt.date(2023, 2, 28), dt.date(2024, 2, 29), dt.date(2028, 2, 29), dt.date(2032, 3, 1)]
    yield Case("leap days", [-100.0, 20.0, 60.0, 70.0], leap)
    yield Case("leap days, two roots", [-100.0, 250.0, -20.0, -135.0], leap)
    yield Case("unsorted", [70.0, -100.0, 60.0, 20.0], [leap[i] for i in (3, 0, 2, 1)])
    yield Case("first flow last in time", [160.0, -100.0, -20.0], days(4000, 0, 500))
    yield Case("repeated days", [-60.0, -40.0, 30.0, 30.0, 61.0], days(0, 0, 366, 366, 800))
    yield Case("a day that nets to zero", [-60.0, 40.0, -40.0, 70.0], days(0, 90, 90, 366))
    yield Case("same day only", [-100.0, 120.0], days(5, 5))
    yield Case("same day only, zero", [-100.0, 100.0], days(5, 5))
    yield Case("overnight gain", [-100.0, 100.5], days(0, 1))
    yield Case("overnight doubling", [-100.0, 200.0], days(0, 1))
    yield Case("overnight halving", [-100.0, 99.0], days(0, 1))
    yield Case("a month to 1e6", [-1000.0, 1e9, 5.0], days(0, 30, 31))
    yield Case("a millennium", [-1.0, 2.0], [dt.date(1000, 1, 1), dt.date(2000, 1, 1)])
    yield Case("all of time", [-1.0, 5.0, -4.1], [dt.date.min, dt.date(1000, 1, 1), dt.date.max])
    yield Case("irregular signs", [-100.0, 300.0, -90.0, -180.0, 80.0], days(0, 7, 400, 401, 5000))
    for count in (2, 3, 5):
        rates = [Fraction(step, 10) for step in range(1, count + 1)]
        flows = product(*map(_factor, rates))
        dates = days(*(365 * year for year in range(count + 1)))
        yield Case(f"dated, {count} roots", flows, dates, tuple(rates))
    double = tuple([Fraction(1, 10)])
    yield Case("dated double root", product([10, -11], [10, -11]), days(0, 365, 730), double)
    triple = product([10, -11], [10, -11], [10, -11])
    yield Case("dated triple root", triple, days(0, 365, 730, 1095), double)
    month_ends = days(*(31 * month for month in range(1000)))
    yield _once("1000 dated flows", [-100.0, *[1.5] * 999], month_ends)


CASES = [
    case for group in (_regular, _rootless, _scales, _shapes, _long, _dated) for case in group()
]
