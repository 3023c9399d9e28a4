"""Further awkward files: flags of offices, odd quarters, drawn tables, broken packing; by hand."""

import bz2
import gzip
import io
import json
import lzma
import warnings
import zipfile

from cases import A, R, W, frame

AB = [["a", "b"], ["x", 1], ["y", 2]]
AB_TEXT = "a,b\nx,1\ny,2\n"


def numbers():
    """Signs, grouping marks, currencies and flags."""
    for name, cells, values, status in (
        ("apostrophe_curly", ["1’234,50", "12’000,00"], [1234.5, 12000], A),
        ("narrow_space", ["1\u202f234,5", "12\u202f000"], [1234.5, 12000], A),
        ("thin_space", ["1\u2009234,5", "12\u2009000,25"], [1234.5, 12000.25], A),
        ("minus_behind", ["100,5-", "20,25", "3-"], [-100.5, 20.25, -3], A),
        ("minus_sign", ["−5,5", "–6,25", "7"], [-5.5, -6.25, 7], A),
        ("percent_bracket", ["(5,5%)", "2,5%"], [-0.055, 0.025], W),
        ("permille", ["5‰", "6‰"], [0.005, 0.006], W),
        ("unit_glued", ["5MW", "6MW"], [5, 6], A),
        ("per_unit", ["5 €/MWh", "6,5 €/MWh"], [5, 6.5], A),
        ("per_hour", ["$2,40/h", "$3,10/h"], [2.4, 3.1], A),
        ("dollar_inside", ["($1.200,50)", "$300,00", "-$5,25", "$-6,75"],
         [-1200.5, 300, -5.25, -6.75], A),
        ("swiss", ["1'234.50", "12'000.00", "-3'400.25"], [1234.5, 12000, -3400.25], A),
        ("spaces_growing", ["1 234", "12 345", "1 234 567"], [1234, 12345, 1234567], A),
        ("million_glued", ["USD5,5m", "USD 6,5m"], [5500000, 6500000], W),
        ("words_for_nothing", ["n.a.", "..", "...", "5,5"], [None, None, None, 5.5], A),
        ("credit", ["100,50 CR", "20,25 DR"], ["100,50 CR", "20,25 DR"], A),
        ("fractions", ["1/2", "3 1/4"], ["1/2", "3 1/4"], A),
        ("about", ["~5", ">6", "7"], ["~5", ">6", "7"], A),
        ("flags_apart", ["4,5 b", "5,5 p", "6,5"], [4.5, 5.5, 6.5], W),
        ("flags_glued", ["4,5", "5,5p", "6,5e"], [4.5, 5.5, 6.5], W),
        ("codes_no_flags", ["1e5", "12d", "3f"], ["1e5", "12d", "3f"], A),
        ("errors_as_text", ["#REF!", "5", "#DIV/0!"], [None, 5, None], W),
    ):  # fmt: skip
        rows = [[f"r{at}", value] for at, value in enumerate(values)]
        text = "name;value\n" + "".join(f"r{at};{cell}\n" for at, cell in enumerate(cells))
        yield f"fur_num_{name}.csv", text.encode(), status, [["name", "value"], *rows], {}
    flags = "geo,2022,2023\nBE,4.5 b,5.5 p\nRO,:,6.5 e\n"
    wanted = [["geo", "2022", "2023"], ["BE", 4.5, 5.5], ["RO", None, 6.5]]
    yield "fur_flags.csv", flags.encode(), W, wanted, {"problems": [["warning", 2, "2022"]]}
    office = "freq,unit,geo\\TIME_PERIOD\t2022 \t2023 \nA,MW,BE\t4.5 \t5.5 b\nA,MW,RO\t: \t6.5 e\n"
    keys = [["freq", "unit", "geo", "2022", "2023"], ["A", "MW", "BE", 4.5, 5.5]]
    yield "fur_office.tsv", office.encode(), W, [*keys, ["A", "MW", "RO", None, 6.5]], {}


def periods():
    """Quarters and halves as people number them."""
    for name, cells, values in (
        ("german", ["1. Quartal 2024", "2. Quartal 2024"], ["2024Q1", "2024Q2"]),
        ("french", ["1er trimestre 2024", "2e trimestre 2024"], ["2024Q1", "2024Q2"]),
        ("french_short", ["T1 2024", "T2 2024"], ["2024Q1", "2024Q2"]),
        ("english", ["1st quarter 2024", "2nd quarter 2024"], ["2024Q1", "2024Q2"]),
        ("romanian", ["trimestrul 1 2024", "trimestrul 2 2024"], ["2024Q1", "2024Q2"]),
        ("dutch", ["1e kwartaal 2024", "2e kwartaal 2024"], ["2024Q1", "2024Q2"]),
        ("roman", ["I/2024", "II/2024", "III/2024", "IV/2024"],
         ["2024Q1", "2024Q2", "2024Q3", "2024Q4"]),
        ("short", ["1Q24", "2Q24"], ["2024Q1", "2024Q2"]),
        ("apostrophe", ["Q1'24", "Q2'24"], ["2024Q1", "2024Q2"]),
        ("fiscal", ["FY24 Q1", "FY24 Q2"], ["FY2024Q1", "FY2024Q2"]),
        ("fiscal_half", ["H1 FY24", "H2 FY24"], ["FY2024H1", "FY2024H2"]),
        ("month_m", ["2024M01", "2024M02"], ["2024-01", "2024-02"]),
        ("weekday", ["Monday 1 January 2024", "Tue 2 January 2024"], ["2024-01-01", "2024-01-02"]),
        ("points", ["2024.01.31", "2024.02.29"], ["2024-01-31", "2024-02-29"]),
        ("iso_and_day_first", ["2024-01-31", "28/02/2024"], ["2024-01-31", "2024-02-28"]),
        ("zones", ["2024-01-01T00:00:00Z", "2024-01-01T06:30:00+02:00"],
         ["2024-01-01T00:00:00Z", "2024-01-01T06:30:00+02:00"]),
    ):  # fmt: skip
        text = "period,v\n" + "".join(f"{cell},{at}\n" for at, cell in enumerate(cells))
        wanted = [["period", "v"], *([value, at] for at, value in enumerate(values))]
        yield f"fur_date_{name}.csv", text.encode(), A, wanted, {}
    impossible = "date,v\n2024-02-29,5\n2023-02-29,6\n"
    yield "fur_date_no_leap.csv", impossible.encode(), W, frame(impossible, "v"), {}


def layouts():
    """Headers, drawn lines, comments, notes, and lines that do not fit."""
    yield "fur_markdown.csv", b"| a | b |\n|---|---|\n| x | 1 |\n| y | 2 |\n", A, AB, {}
    yield "fur_drawn.csv", b"a;b\n-----;---\nx;1\ny;2\n", A, AB, {}
    comments = "# one\n# two\na,b\nx,1\n# three\ny,2\n# end\n"
    yield "fur_comments.csv", comments.encode(), A, AB, {"assumed": {"header_row": "3"}}
    unquoted = "acct,value\nA,($1,200.50)\nB,$300.00\nC,-$5.25\n"
    place = {"problems": [["error", 2, ""]]}
    yield "fur_unquoted_group.csv", unquoted.encode(), R, None, place
    yield "fur_quote_swallows.csv", b'a,b\n"x, 1\n"y",2\n', R, None, place
    totals = "region,mw\nNorth,5\nSouth,7\nSubtotal,12\nEast,1\nWest,2\nSubtotal,3\nTotal,15\n"
    wanted = [["region", "mw"], ["North", 5], ["South", 7], ["East", 1], ["West", 2]]
    yield "fur_subtotals.csv", totals.encode(), W, wanted, {}
    yield "fur_total_column.csv", b"y,a,b,total\nk,1,2,3\nl,4,5,9\n", A, [
        ["y", "a", "b", "total"], ["k", 1, 2, 3], ["l", 4, 5, 9]], {}  # fmt: skip
    yield "fur_header_two_lines.csv", b'a,"b\n(MW)"\nx,1\ny,2\n', A, [["a", "b (MW)"], *AB[1:]], {}
    levels = "country,2023,,2024,\n,low,high,low,high\nKenya,1,2,3,4\nMali,5,6,7,8\n"
    names = ["country", "2023 low", "2023 high", "2024 low", "2024 high"]
    wanted = [names, ["Kenya", 1, 2, 3, 4], ["Mali", 5, 6, 7, 8]]
    yield "fur_two_levels.csv", levels.encode(), W, wanted, {}
    bank = (
        '\ufeff"Data Source","World Development Indicators",\n\n"Last Updated Date","2026-07-01",'
        '\n\n"Country Name","Country Code","2022","2023",\n"Malaysia","MYS","4.5","",\n'
    )
    wanted = [["Country Name", "Country Code", "2022", "2023"], ["Malaysia", "MYS", 4.5, None]]
    yield "fur_bank.csv", bank.encode(), W, wanted, {"assumed": {"header_row": "5"}}
    yield "fur_zero_inside.csv", b"a,b\nx,1\ny\0y,2\n", W, [["a", "b"], ["x", 1], ["y\0y", 2]], {}
    yield "fur_ends_mixed.csv", b"a,b\r\nx,1\ny,2\r\n", A, AB, {}
    yield "fur_separator_31.csv", b"a\x1fb\nx\x1f1\ny\x1f2\n", W, AB, {}
    long = "z" * 30_000
    yield "fur_long_cell.csv", f"a,b\nx,{long}\n".encode(), A, [["a", "b"], ["x", long]], {}


def documents():
    """JSON as services answer, and what only looks like a table."""
    answer = [{"page": 1, "total": 2}, [{"country": {"id": "MY"}, "date": "2023", "value": 1.5}]]
    wanted = [["country.id", "date", "value"], ["MY", 2023, 1.5]]
    yield "fur_answer.json", json.dumps(answer).encode(), A, wanted, {}
    inner = {"data": {"series": [{"a": "x", "b": 1}, {"a": "y", "b": 2}]}}
    yield "fur_inner.json", json.dumps(inner).encode(), A, AB, {}
    sequence = '\x1e{"a":"x","b":1}\n\x1e{"a":"y","b":2}\n'
    yield "fur_sequence.ndjson", sequence.encode(), A, AB, {}
    for name, content in (
        ("null.json", b"null"), ("commented.json", b'// c\n[{"a":1}]'),
        ("call.js", b'cb([{"a":1}]);'), ("markup.csv", b"<rows><row><a>1</a></row></rows>"),
        ("ebcdic.csv", "a,b\nx,1\n".encode("cp037")), ("comma_end.json", b'[{"a":1},]'),
        ("uneven.json", b'{"a":[1,2],"b":[3]}'),
    ):  # fmt: skip
        yield f"fur_{name}", content, R, None, {}


def packed():
    """Archives with tricks."""
    yield "fur_b.csv.bz2", bz2.compress(AB_TEXT.encode()), A, AB, {}
    yield "fur_x.csv.xz", lzma.compress(AB_TEXT.encode()), A, AB, {}
    yield "fur_twice.csv.gz", gzip.compress(gzip.compress(b"a,b\n", mtime=0), mtime=0), R, None, {}
    yield "fur_bomb.csv.gz", gzip.compress(b"0" * 40_000_000, mtime=0), R, None, {}
    nameless = io.BytesIO()
    with zipfile.ZipFile(nameless, "w") as archive:
        archive.writestr("q.csv", AB_TEXT)
    cut = nameless.getvalue().replace(b"q.csv", b"\0.csv")
    yield "fur_no_name.zip", cut, A, AB, {}
    link = zipfile.ZipInfo("link.csv")
    link.external_attr = 0o120777 << 16
    for name, status, members in (
        ("link", R, [(link, "/etc/passwd")]),
        ("twice", R, [("a.csv", AB_TEXT), ("a.csv", AB_TEXT)]),
        ("mac", A, [("__MACOSX/._a.csv", "junk"), ("a.csv", AB_TEXT)]),
        ("bomb", R, [("a.csv", "0" * 40_000_000)]),
    ):
        held = io.BytesIO()
        with (
            warnings.catch_warnings(action="ignore"),
            zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive,
        ):
            for member, text in members:
                archive.writestr(member, text)
        yield f"fur_{name}.zip", held.getvalue(), status, AB if status == A else None, {}


def all_cases():
    """Return every case of this module."""
    for maker in (numbers, periods, layouts, documents, packed):
        yield from maker()
