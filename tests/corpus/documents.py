"""JSON in its forms, whole and broken; by hand."""

from cases import PLAIN, A, R, W


def documents():
    """JSON in its forms."""
    plain = PLAIN
    yield (
        "json_records.json",
        b'[{"name":"Kenya","value":1.5},{"name":"Mali","value":2}]',
        A,
        plain,
        {},
    )
    yield "json_columns.json", b'{"name":["Kenya","Mali"],"value":[1.5,2]}', A, plain, {}
    yield (
        "json_split.json",
        b'{"columns":["name","value"],"data":[["Kenya",1.5],["Mali",2]]}',
        A,
        plain,
        {},
    )
    yield "json_lists.json", b'[["name","value"],["Kenya",1.5],["Mali",2]]', A, plain, {}
    yield (
        "json_lines.ndjson",
        b'{"name":"Kenya","value":1.5}\n{"name":"Mali","value":2}\n',
        A,
        plain,
        {},
    )
    yield (
        "json_inside.json",
        b'{"meta":{"n":2},"data":[{"name":"Kenya","value":1.5},{"name":"Mali","value":2}]}',
        A,
        plain,
        {},
    )
    yield (
        "json_pandas.json",
        b'{"name":{"0":"Kenya","1":"Mali"},"value":{"0":1.5,"1":2}}',
        A,
        plain,
        {},
    )
    yield (
        "json_nested.json",
        b'[{"n":"a","at":{"x":1,"y":2}},{"n":"b","at":{"x":3,"y":4}}]',
        A,
        [["n", "at.x", "at.y"], ["a", 1, 2], ["b", 3, 4]],
        {},
    )
    yield (
        "json_missing_key.json",
        b'[{"a":1,"b":2},{"a":3}]',
        A,
        [["a", "b"], [1, 2], [3, None]],
        {},
    )
    yield "json_bom.json", b'\xef\xbb\xbf[{"a":1}]', A, [["a"], [1]], {}
    yield (
        "json_code.json",
        b'[{"a":"007","b":null},{"a":"012","b":true}]',
        A,
        [["a", "b"], ["007", None], ["012", "true"]],
        {},
    )
    yield (
        "json_big.json",
        b'[{"a":9007199254740993},{"a":1}]',
        A,
        [["a"], ["9007199254740993"], ["1"]],
        {},
    )
    yield "json_cut.json", b'[{"a":1},{"a":', R, None, {}
    yield "json_key_twice.json", b'[{"a":1,"a":2}]', R, None, {}
    yield "json_scalar.json", b'"hello"', (W, R, A), None, {}
    yield (
        "json_line_broken.ndjson",
        b'{"a":1}\n{"a":2\n{"a":3}\n',
        R,
        None,
        {"problems": [["error", 2, ""]]},
    )
    yield "json_deep.json", b"[" * 5000 + b"]" * 5000, R, None, {}
    yield "json_nan.json", b'[{"a":NaN},{"a":1}]', (A, W), [["a"], [None], [1]], {}
