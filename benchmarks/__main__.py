"""Run every benchmark and print figure and bar."""

import argparse
import importlib

ALL = (
    "engine",
    "exports",
    "finance",
    "first_page",
    "forecasting",
    "impact",
    "interaction",
    "irr",
    "load",
    "many_sites",
    "reading",
    "risk",
    "robustness",
    "simulation",
)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure Rackcast's speed.")
    parser.add_argument("names", nargs="*", default=list(ALL), help=f"any of {', '.join(ALL)}")
    for name in parser.parse_args().names:
        print(f"== {name}")
        importlib.import_module(f"benchmarks.{name}").main()


if __name__ == "__main__":
    main()
