"""Parquet as other tools write it: types, gaps, names; by hand."""

import io
import zipfile
from decimal import Decimal

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from binaries import parquet
from cases import A, R, W


def tables_of_columns():
    """Parquet with the types that other tools write."""
    held = {
        "decimal": (pa.array([Decimal("1.10"), Decimal("2.25")], pa.decimal128(10, 2)), [1.1, 2.25], A),
        "decimal_large": (pa.array([Decimal("12345678901234567890.12"), Decimal("1.5")], pa.decimal128(30, 2)),
                          [12345678901234567890.12, 1.5], A),
        "short_float": (pa.array([0.1, 0.2], pa.float32()), [0.1, 0.2], A),
        "gap_in_integers": (pa.array([9007199254740993, None]), ["9007199254740993", None], A),
        "unsigned": (pa.array([18446744073709551615, 1], pa.uint64()), ["18446744073709551615", "1"], A),
        "duration": (pa.array([1000, 90_000], pa.duration("ms")), ["0:00:01", "0:01:30"], A),
        "not_finite": (pa.array([float("nan"), float("inf")]), [None, None], W),
        "dictionary": (pa.array(["x", "y"]).dictionary_encode(), ["x", "y"], A),
        "zoned": (pa.array([1706659200, 1706745600], pa.timestamp("s", "Asia/Kuala_Lumpur")),
                  ["2024-01-31T08:00:00+08:00", "2024-02-01T08:00:00+08:00"], A),
        "days": (pa.array([1706659200000, 1706745600000], pa.timestamp("ms")),
                 ["2024-01-31", "2024-02-01"], A),
        "nothing": (pa.nulls(2), [None, None], A),
        "struct": (pa.array([{"x": 1}, {"x": 2}]), ['{"x": 1}', '{"x": 2}'], W),
        "bytes": (pa.array([b"\xff", b"abc"]), ["\ufffd", "abc"], W),
    }  # fmt: skip
    for name, (cells, values, status) in held.items():
        rows = [["n", "v"], *[[key, value] for key, value in zip("ab", values, strict=True)]]
        made = parquet(pa.table({"n": ["a", "b"], "v": cells}))
        yield f"str_pq_{name}.parquet", made, status, rows, {}
    stamps = pa.array([1706659200123456789, 1706659200000000001], pa.timestamp("ns"))
    out = io.BytesIO()
    pq.write_table(pa.table({"t": stamps}), out, use_deprecated_int96_timestamps=True)
    wanted = [["t"], ["2024-01-31T00:00:00.123456789"], ["2024-01-31T00:00:00.000000001"]]
    yield "str_pq_int96.parquet", out.getvalue(), A, wanted, {}
    yield "str_pq_no_columns.parquet", parquet(pa.table({})), R, None, {}
    same = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"])
    yield "str_pq_same_names.parquet", parquet(same), R, None, {}
    out = io.BytesIO()
    pd.DataFrame({"v": [1, 2]}, index=pd.Index(["a", "b"], name="n")).to_parquet(out)
    yield "str_pq_index.parquet", out.getvalue(), A, [["v", "n"], [1, "a"], [2, "b"]], {}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.csv", "a,b\nx,1\n")
        archive.writestr("readme.txt", "hello")
    yield "str_two_members.zip", out.getvalue(), R, None, {}
