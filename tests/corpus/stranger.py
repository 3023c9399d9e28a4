"""Stranger files still: scripts, fiscal quarters, flags, marks of programs, odd workbooks; by hand."""

import io
import zipfile
from datetime import date, datetime, time, timedelta

import openpyxl
from binaries import PLAIN, _parts, book_of, saved, zipped
from cases import A, R, W, frame
from columns import tables_of_columns

AB = [["a", "b"], ["x", 1], ["y", 2]]


def encodings():
    """Scripts that share bytes, and marks of broken or old systems."""
    hebrew = "city,mw\nתל אביב,5\nירושלים,6\nבאר שבע,7\nחיפה,8\nאילת,9\n"
    whole = "עיר,ערך\nתל אביב,5\nירושלים,6\nחיפה,7\n"
    arabic = "المدينة,قيمة\nالقاهرة,5\nالرياض,6\nأبوظبي,7\n"
    russian = "city,mw\nМосква,5\nНовосибирск,6\nСанкт-Петербург,7\n"
    polish = "miasto,mw\nŁódź,5\nKraków,6\nGdańsk,7\nŚwinoujście,3\n"
    hungarian = "város,mw\nGyőr,5\nPécs,6\nSzékesfehérvár,7\nÚjpest,8\n"
    romanian = "judeţ,mw\nBrăila,5\nIaşi,6\nBacău,7\nTârgovişte,2\n"
    lithuanian = "miestas,mw\nŠiauliai,5\nPanevėžys,6\nKėdainiai,7\n"
    for name, text, codec in (
        ("cp1255", hebrew, "cp1255"), ("cp1255_header", whole, "cp1255"),
        ("iso8859_8", hebrew, "iso8859-8"), ("cp1256", arabic, "cp1256"),
        ("iso8859_6", arabic, "iso8859-6"), ("cp1251", russian, "cp1251"),
        ("cp866", russian, "cp866"), ("iso8859_5", russian, "iso8859-5"),
        ("cp1251_ukrainian", "місто,mw\nКиїв,5\nЛьвів,6\nЄвпаторія,3\n", "cp1251"),
        ("cp1250_polish", polish, "cp1250"), ("iso8859_2_polish", polish, "iso8859-2"),
        ("cp1250_hungarian", hungarian, "cp1250"), ("cp1250_romanian", romanian, "cp1250"),
        ("utf16le_romanian", romanian, "utf-16-le"), ("utf16be_russian", russian, "utf-16-be"),
        ("cp1257", lithuanian, "cp1257"), ("cp874", "เมือง,mw\nกรุงเทพ,5\nเชียงใหม่,6\n", "cp874"),
        ("euc_kr", "도시,mw\n서울,5\n부산,6\n", "euc-kr"),
        ("big5", "城市,mw\n臺北,5\n高雄,6\n新竹,7\n", "big5"),
        ("latin1", "site,mw\nMünchen,5\nZürich,6\nGenève,7\n", "latin-1"),
        ("latin9", "site,coût €\nSœur,5\nŒuvre,6\n", "iso8859-15"),
        ("cp850", "site,mw\nMünchen,5\nZürich,6\nSão Paulo,8\n", "cp850"),
        ("cp1252_marks", "name,note\nA,“quoted” – it’s 5 °C\nB,plain\n", "cp1252"),
    ):  # fmt: skip
        number = text.split("\n", 1)[0].split(",")[1] if "note" not in text else ""
        yield f"str_enc_{name}.csv", text.encode(codec), W, frame(text, number), {}
    marks = {"assumed": {"encoding": "cp1252"}}
    smart = "name,note\nA,it’s – “so”\n".encode("cp1252")
    yield "str_enc_marks_named.csv", smart, W, [["name", "note"], ["A", "it’s – “so”"]], marks
    cut = b"\xff\xfe" + "a,b\n1,2\n3,4\n".encode("utf-16-le")[:-1]
    yield "str_enc_utf16_odd.csv", cut, W, [["a", "b"], [1, "2"], [3, "4\ufffd"]], {}
    swapped = b"\xfe\xff" + "a,b\n1,2\n".encode("utf-16-le")
    yield "str_enc_mark_lies.csv", swapped, R, None, {}
    yield "str_enc_bom_twice.csv", b"\xef\xbb\xbf\xef\xbb\xbfa,b\nx,1\ny,2\n", A, AB, {}
    yield "str_enc_bom_quoted.csv", '\ufeff"a","b"\n"x","1"\n"y","2"\n'.encode(), A, AB, {}
    broken = "a,v\nBucureÅŸti,5\nx,6\n"
    lost = {"problems": [["warning", 2, "a"]]}
    yield "str_enc_mojibake_turkish.csv", broken.encode(), W, frame(broken, "v"), lost
    yield "str_enc_end_of_file.csv", b"a,b\nx,1\ny,2\n\x1a", A, AB, {}
    yield "str_enc_padded.csv", b"a,b\nx,1\ny,2\n" + b"\0" * 600, R, None, {}
    yield "str_enc_line_separators.csv", "a,b\u2028x,1\u2028y,2\u2028".encode(), W, AB, {}
    yield "str_enc_returns_doubled.csv", b"a,b\r\r\nx,1\r\r\ny,2\r\r\n", A, AB, {}


def numbers():
    """Signs and marks outside, letters that mean several things, units that do not fit."""
    for name, head, cells, values, status in (
        ("euro_outside", "x", ["(€1.234,50)", "€(500,25)", "(500) €"], [-1234.5, -500.25, -500], A),
        ("percent_outside", "x", ["(5)%", "(5%)", "2%"], [-0.05, -0.05, 0.02], W),
        ("double_minus", "x", ["-($5)", "$6", "$7"], ["-($5)", 6, 7], W),
        ("credit_and_debit", "x", ["5 CR", "5 DR", "7"], ["5 CR", "5 DR", "7"], (A, W)),
        ("letters", "x", ["123a", "456b", "789"], ["123a", "456b", "789"], (A, W)),
        ("revised", "x", ["1,234.5 r", "2,345.5", "3,456.5 p"], [1234.5, 2345.5, 3456.5], W),
        ("note_words", "x", ["123 [note 1]", "456"], [123, 456], W),
        ("note_bracket", "x", ["123 a)", "456 b)"], [123, 456], W),
        ("section_mark", "x", ["12.5†", "13.5‡", "14.5§"], [12.5, 13.5, 14.5], W),
        ("powers", "x", ["10⁶", "10³"], ["10⁶", "10³"], A),
        ("metres_or_millions", "x", ["5 m", "6 m", "7"], ["5 m", "6 m", "7"], W),
        ("feet", "x", ["5 ft", "6 ft"], ["5 ft", "6 ft"], A),
        ("too_small", "x", ["1e-400", "5", "6"], [0, 5, 6], W),
        ("indian_rupees", "x", ["₹ 1,23,456.50", "₹12,34,567"], [123456.5, 1234567], A),
        ("groups_of_two_points", "x", ["12.34.567", "1.23.456"], ["12.34.567", "1.23.456"], A),
        ("each_its_mark", "x", ["1.5", "2,5", "3.25"], [1.5, 2.5, 3.25], W),
        ("unit_of_header", "x [MW]", ["5 kW", "6 kW"], [5, 6], W),
        ("unit_of_header_same", "x (MW)", ["5 MW", "6 MW"], [5, 6], A),
        ("size_twice", "x (USD bn)", ["5 bn", "6 bn"], [5e9, 6e9], W),
        ("currency_of_header", "x (USD)", ["€5", "€6"], [5, 6], W),
        ("energy_and_power", "x", ["5 MWh", "6 MW"], ["5 MWh", "6 MW"], W),
        ("milliards", "x", ["5,0 Mrd. €", "6,5 Mio. €"], [5e9, 6.5e6], A),
        ("lakh", "x", ["1.2 lakh", "3 crore"], [120000, 30000000], A),
        ("german_errors", "x", ["#NV", "#WERT!", "5", "6"], [None, None, 5, 6], W),
        ("plus_minus", "x", ["5±1", "6±2"], ["5±1", "6±2"], A),
        ("times_ten", "x", ["1.5×10^6", "2.5x10^3"], ["1.5×10^6", "2.5x10^3"], A),
        ("halves", "x", ["½", "1½"], ["½", "1½"], A),
        ("hexadecimal", "x", ["0x1F", "0x2A"], ["0x1F", "0x2A"], A),
        ("full_width", "x", ["１２３", "４５６"], ["１２３", "４５６"], A),
        ("below", "x", ["<0.5", "0.7", "0.9"], ["<0.5", 0.7, 0.9], W),
        ("more_digits", "x", ["0.12345678901234567890", "1"], [0.12345678901234568, 1], A),
    ):  # fmt: skip
        text = f"name|{head}\n" + "".join(f"r{at}|{cell}\n" for at, cell in enumerate(cells))
        rows = [["name", head], *[[f"r{at}", value] for at, value in enumerate(values)]]
        yield f"str_num_{name}.csv", text.encode(), status, rows, {}


def periods():
    """Months of Malay and other calendars, fiscal quarters, days that no calendar has."""
    for name, head, cells, values, status in (
        ("malay", "date", ["15 Januari 2024", "1 Mac 2024", "3 Ogos 2024", "31 Disember 2024"],
         ["2024-01-15", "2024-03-01", "2024-08-03", "2024-12-31"], A),
        ("malay_short", "month", ["Jan 2024", "Mac 2024", "Okt 2024", "Dis 2024"],
         ["2024-01", "2024-03", "2024-10", "2024-12"], A),
        ("french_weekday", "date", ["mercredi 31 janvier 2024", "jeudi 1 février 2024"],
         ["2024-01-31", "2024-02-01"], A),
        ("german_day", "date", ["15. März 2024", "1. Dezember 2024"],
         ["2024-03-15", "2024-12-01"], A),
        ("romanian_day", "date", ["15 ianuarie 2024", "1 decembrie 2024"],
         ["2024-01-15", "2024-12-01"], A),
        ("fiscal_glued", "period", ["1QFY24", "2QFY24"], ["FY2024Q1", "FY2024Q2"], A),
        ("fiscal_fq", "period", ["FQ1 2024", "FQ2 2024"], ["FY2024Q1", "FY2024Q2"], A),
        ("fiscal_two_years", "period", ["Q1 FY2024/25", "Q2 FY2024/25"],
         ["FY2024-2025Q1", "FY2024-2025Q2"], A),
        ("calendar_year", "period", ["CY24Q1", "CY24Q2"], ["2024Q1", "2024Q2"], A),
        ("fifth_quarter", "period", ["2024-Q1", "2024-Q5"], ["2024Q1", "2024-Q5"], W),
        ("no_such_day", "date", ["20240230", "20240228"], ["20240230", "2024-02-28"], W),
        ("no_such_month", "date", ["20241301", "20240228"], ["20241301", "2024-02-28"], W),
        ("no_such_week", "week", ["2024-W53", "2020-W53"], ["2024-W53", "2020-W53"], W),
        ("zero_day", "date", ["0000-00-00", "2024-01-31", "2024-02-01"],
         ["0000-00-00", "2024-01-31", "2024-02-01"], W),
        ("codes", "code", ["Mar-01", "Apr-02"], ["Mar-01", "Apr-02"], A),
        ("short_years", "date", ["31/12/99", "01/01/00", "15/06/49", "15/06/51"],
         ["1999-12-31", "2000-01-01", "2049-06-15", "1951-06-15"], A),
        ("three_pairs", "date", ["01-02-03", "04-05-06"], ["2003-02-01", "2006-05-04"], W),
        ("nanoseconds", "time", ["2024-01-31 10:00:00.123456789", "2024-01-31 10:00:00.5"],
         ["2024-01-31T10:00:00.123456789", "2024-01-31T10:00:00.5"], A),
        ("noon", "time", ["1/31/2024 3:30 PM", "2/1/2024 12:00 AM"],
         ["2024-01-31T15:30:00", "2024-02-01T00:00:00"], A),
        ("zones", "time", ["2024-01-31T10:00:00+01:00", "2024-06-30T10:00:00-05:00"],
         ["2024-01-31T10:00:00+01:00", "2024-06-30T10:00:00-05:00"], A),
        ("epoch", "timestamp", ["1706659200", "1706745600"], [1706659200, 1706745600], A),
        ("estimates", "period", ["2024A", "2025E"], ["2024A", "2025E"], A),
        ("cumulated", "period", ["3M 2024", "6M 2024"], ["3M 2024", "6M 2024"], A),
    ):  # fmt: skip
        text = f"{head}|v\n" + "".join(f"{cell}|{at}\n" for at, cell in enumerate(cells))
        wanted = [[head, "v"], *([value, at] for at, value in enumerate(values))]
        yield f"str_date_{name}.csv", text.encode(), status, wanted, {}


def layouts():
    """Headers of three rows, notes, sums, two values for one key, marks that do not agree."""
    three = "Region,Capacity,Capacity,Price\n,2023,2024,2024\n,MW,MW,EUR/MWh\nNorth,5,6,70\nSouth,7,8,80\n"
    names = ["Region", "Capacity 2023 MW", "Capacity 2024 MW", "Price 2024 EUR/MWh"]
    wanted = [names, ["North", 5, 6, 70], ["South", 7, 8, 80]]
    yield "str_lay_three_rows.csv", three.encode(), W, wanted, {}
    above = ",Capacity (MW),,Price (EUR),\nRegion,2023,2024,2023,2024\nN,5,6,70,71\nS,7,8,80,81\n"
    names = [
        "Region",
        "Capacity (MW) 2023",
        "Capacity (MW) 2024",
        "Price (EUR) 2023",
        "Price (EUR) 2024",
    ]
    wanted = [names, ["N", 5, 6, 70, 71], ["S", 7, 8, 80, 81]]
    yield "str_lay_names_above.csv", above.encode(), W, wanted, {}
    notes = "a,b\n1,2\n3,4\n\nNotes:\n1) estimates\n2) Source: ministry, 2024\n"
    yield "str_lay_notes.csv", notes.encode(), W, [["a", "b"], [1, 2], [3, 4]], {}
    malay = "negeri,MW\nJohor,5\nSelangor,7\nJumlah,12\n"
    wanted = [["negeri", "MW"], ["Johor", 5], ["Selangor", 7]]
    yield "str_lay_total_malay.csv", malay.encode(), W, wanted, {}
    french = "pays;MW\nFrance;5,5\nBelgique;6,5\nTotal général;12,0\n"
    wanted = [["pays", "MW"], ["France", 5.5], ["Belgique", 6.5]]
    yield "str_lay_total_french.csv", french.encode(), W, wanted, {}
    nameless = "region,a,b\nN,1,2\nS,4,5\n,5,7\n"
    wanted = [["region", "a", "b"], ["N", 1, 2], ["S", 4, 5], [None, 5, 7]]
    place = {"problems": [["warning", 4, ""]]}
    yield "str_lay_total_nameless.csv", nameless.encode(), W, wanted, place
    wrong = "region,a\nN,1\nS,4\nTotal,6\n"
    yield "str_lay_total_wrong.csv", wrong.encode(), W, frame(wrong, "a"), {}
    twice = "iso3,period,value\nMYS,2023,5\nMYS,2023,6\nROU,2023,7\n"
    place = {"problems": [["warning", 3, "value"]]}
    yield "str_lay_two_values.csv", twice.encode(), W, frame(twice, "period,value"), place
    dates = "month,value\n2024-01,1.5\n2024-02,1.6\n2024-02,1.7\n"
    place = {"problems": [["warning", 4, "value"]]}
    yield "str_lay_two_values_of_a_month.csv", dates.encode(), W, frame(dates, "value"), place
    titled = "Table 1: Power\n\nRegion,MW\nN,1\n\nTable 2: Price\n\nRegion,EUR\nN,5\n"
    yield "str_lay_two_titled_tables.csv", titled.encode(), R, None, {}
    gap = "region,,a,,b\nN,,1,,2\nS,,4,,5\n"
    wanted = [["region", "a", "b"], ["N", 1, 2], ["S", 4, 5]]
    yield "str_lay_gaps.csv", gap.encode(), A, wanted, {}
    marks = [["a", "b", "c"], [1, 2, 3], [4, 5, 6]]
    yield "str_lay_header_commas.csv", b"a,b,c\n1;2;3\n4;5;6\n", W, marks, {}
    yield "str_lay_pipes_twice.csv", b"a||b||c\n1||2||3\n4||5||6\n", A, marks, {}
    box = "+---+---+\n| a | b |\n+---+---+\n| x | 1 |\n| y | 2 |\n+---+---+\n"
    yield "str_lay_box.csv", box.encode(), A, AB, {}
    turned = "indicator,2022,2023\nPopulation,1000,1100\nGDP,5.5,6.5\n"
    yield "str_lay_turned.csv", turned.encode(), A, frame(turned, "2022,2023"), {}
    yield "str_lay_unit_column.csv", b"name,value,unit\nA,5,MW\nB,6,kW\n", A, [
        ["name", "value", "unit"], ["A", 5, "MW"], ["B", 6, "kW"]], {}  # fmt: skip
    yield "str_lay_header_thrice.csv", b"Value,value,VALUE\n1,2,3\n", A, [
        ["Value", "value", "VALUE"], [1, 2, 3]], {}  # fmt: skip
    yield "str_quote_newlines.csv", b'a,b\n"l1\nl2\nl3",1\n"z",2\n', A, [
        ["a", "b"], ["l1\nl2\nl3", 1], ["z", 2]], {}  # fmt: skip
    yield "str_quote_swallows_two.csv", b'a,b\n"x,1\ny,2\n"z",3\n', R, None, {}
    yield "str_quote_curly.csv", "a,b\n“x, y”,1\n“z”,2\n".encode(), R, None, {}
    yield "str_thousands_unquoted.csv", b"name,v\nx,1,234\ny,2,345\n", R, None, {}
    dde = "n,v\n\"=cmd|'/c calc'!A0\",5\nb,6\n"
    wanted = [["n", "v"], ["=cmd|'/c calc'!A0", 5], ["b", 6]]
    yield "str_dde.csv", dde.encode(), W, wanted, {"problems": [["warning", 2, "n"]]}
    for name, content in (
        ("no_letter.csv", "\n,,,\n;;;\n"), ("settings.csv", "[section]\na=1\nb=2\n"),
        ("pairs.csv", "name=Kenya,value=1\nname=Mali,value=2\n"),
        ("statements.csv", "INSERT INTO t VALUES (1,'a');\nINSERT INTO t VALUES (2,'b');\n"),
        ("yaml.csv", "- a: 1\n  b: 2\n- a: 3\n  b: 4\n"),
        ("pointer.csv", "version git-lfs.v1\noid sha256:abc\nsize 12345\n"),
        ("unmerged.csv", "a,b\n<<<<<<< HEAD\n1,2\n=======\n3,4\n>>>>>>> x\n"),
        ("mail.csv", "From: a@b.c\nTo: d@e.f\nSubject: x\n\nhello, world\n"),
        ("many_columns.csv", "a,b\n" + ",".join("1" * 30_000) + "\n1,2\n"),
    ):  # fmt: skip
        yield f"str_no_{name}", content.encode(), R, None, {}


def documents():
    """JSON with endless numbers, halves of letters, unlike records."""
    half = b'[{"a":"\\u00e9\\ud83d\\ude80","b":"\\ud800"}]'
    lost = {"problems": [["warning", 2, "b"]]}
    yield "str_half_letter.json", half, W, [["a", "b"], ["é🚀", "\ufffd"]], lost
    yield "str_endless.json", b'[{"a":1e400},{"a":1}]', W, [["a"], ["1e400"], ["1"]], {}
    infinite = b'{"a":NaN}\n{"a":Infinity}\n{"a":2}\n{"a":3}\n{"a":4}\n'
    yield "str_infinity.ndjson", infinite, W, [["a"], [None], ["Infinity"], [2], [3], [4]], {}
    yield "str_unlike.ndjson", b'{"a":1}\n[1,2]\n', R, None, {}
    mixed = b'{"a":1,"b":"x"}\n{"b":"y","c":2}\n{"a":3}\n'
    wanted = [["a", "b", "c"], [1, "x", None], [None, "y", 2], [3, None, None]]
    yield "str_mixed.ndjson", mixed, A, wanted, {}
    yield "str_text_number.ndjson", b'{"a":1}\n{"a":"2"}\n{"a":3.5}\n', W, [
        ["a"], [1], [2], [3.5]], {}  # fmt: skip
    yield "str_commas.ndjson", b'{"a":1},\n{"a":2},\n', R, None, {}
    values = [["column_1", "column_2"], [1, 2], [3, 4]]
    yield "str_values.json", b"[[1,2],[3,4]]", W, values, {}
    table = b'{"schema":{"fields":[{"name":"a"}]},"data":[{"a":1},{"a":2}]}'
    yield "str_schema.json", table, A, [["a"], [1], [2]], {}
    yield "str_index.json", b'{"Kenya":{"mw":1},"Mali":{"mw":2}}', A, [
        ["key", "mw"], ["Kenya", 1], ["Mali", 2]], {}  # fmt: skip
    yield "str_negative_zero.json", b'[{"a":-0},{"a":-0.0},{"a":1}]', A, [["a"], [0], [0], [1]], {}
    yield "str_uneven.json", b'[["a","b"],[1],[3,4,5]]', R, None, {}
    yield "str_empty.json", b"{}", R, None, {}
    yield "str_rest.json", b'[{"a":1}] junk', R, None, {}


def workbooks():
    """Workbooks that count from 1904, hide their table, merge numbers, or hold no results."""
    old = book_of([["date", "v"], [43830, 1], [43831, 2]])
    old.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    yield "str_xl_serials_1904.xlsx", saved(old), W, [
        ["date", "v"], ["2024-01-01", 1], ["2024-01-02", 2]], {}  # fmt: skip
    timed = book_of([["d", "v"], [datetime(2024, 1, 31, 6), 1], [datetime(2024, 2, 29, 18, 30), 2]])
    timed.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    yield "str_xl_times_1904.xlsx", saved(timed), A, [
        ["d", "v"], ["2024-01-31T06:00:00", 1], ["2024-02-29T18:30:00", 2]], {}  # fmt: skip
    cover = book_of(PLAIN)
    cover.create_sheet("Cover")["A1"] = "Report"
    cover["Data"].sheet_state, cover.active = "hidden", 1
    yield "str_xl_hidden_table.xlsx", saved(cover), W, None, {"assumed": {"sheet": "Cover"}}
    deep = book_of(PLAIN)
    deep.create_sheet("Deep").append(["x"])
    deep["Deep"].sheet_state = "veryHidden"
    yield "str_xl_deeply_hidden.xlsx", saved(deep), A, PLAIN, {}
    merged = book_of([["c", "a", "b"], ["Kenya", 5, None], ["Mali", 3, 4]])
    merged.active.merge_cells("B2:C2")
    yield "str_xl_merged_number.xlsx", saved(merged), W, None, {"problems": [["warning", 2, ""]]}
    bare = book_of([["n", "v"], ["a", "=1+1"], ["b", "=A1"], ["c", "=SUM(B2:B3)"]])
    wanted = [["n", "v"], ["a", None], ["b", None], ["c", None]]
    yield "str_xl_no_results.xlsx", saved(bare), W, wanted, {}
    hours = book_of([["t", "v"], [timedelta(hours=30), 1], [timedelta(days=2), 2]])
    yield "str_xl_durations.xlsx", saved(hours), A, [
        ["t", "v"], ["30:00:00", 1], ["48:00:00", 2]], {}  # fmt: skip
    clock = book_of([["t", "v"], [time(10, 30), 1], [time(23, 59), 2]])
    yield "str_xl_clock.xlsx", saved(clock), A, [
        ["t", "v"], ["10:30:00", 1], ["23:59:00", 2]], {}  # fmt: skip
    mixed = book_of([["d", "v"], [date(2024, 1, 31), 1], ["31/01/2024", 2], [45322, 3]])
    yield "str_xl_days_mixed.xlsx", saved(mixed), W, [
        ["d", "v"], ["2024-01-31", 1], ["2024-01-31", 2], ["2024-01-31", 3]], {}  # fmt: skip
    large = book_of([["n", "v"], ["a", 2.0**70], ["b", 1]])
    yield (
        "str_xl_large.xlsx",
        saved(large),
        A,
        [["n", "v"], ["a", 1.180591620717411e21], ["b", 1]],
        {},
    )
    signs = book_of([["n", "v"], ["a", "(1,234)"], ["b", "$5"], ["c", "(€7)"]])
    wanted = [["n", "v"], ["a", "(1,234)"], ["b", "$5"], ["c", "(€7)"]]
    yield "str_xl_signs.xlsx", saved(signs), W, wanted, {}
    titled = book_of([["Report 2024"], [], ["Country", "Q1 2024", "Q2 2024"], ["Kenya", 1, 2],
                      ["Mali", 3, 4], ["Total", 4, 6], ["Source: x"]])  # fmt: skip
    wanted = [["Country", "Q1 2024", "Q2 2024"], ["Kenya", 1, 2], ["Mali", 3, 4]]
    yield "str_xl_report.xlsx", saved(titled), W, wanted, {}
    tables = book_of([["a", "b"], [1, 2], [3, 4], [None, None], ["c", "d"], ["x", 5], ["y", 6]])
    yield "str_xl_two_tables.xlsx", saved(tables), R, None, {"problems": [["error", 5, ""]]}
    parts = _parts(saved(book_of(PLAIN)))
    yield "str_xl_macro.xlsx", zipped(parts | {"xl/vbaProject.bin": b"x" * 100}), A, PLAIN, {}
    rest = {name: part for name, part in parts.items() if "worksheets" not in name}
    yield "str_xl_no_sheets.xlsx", zipped(rest), R, None, {}
    inner = parts["xl/worksheets/sheet1.xml"]
    bomb = inner.replace(b"</sheetData>", b" " * 30_000_000 + b"</sheetData>")
    yield "str_xl_bomb.xlsx", _packed(parts | {"xl/worksheets/sheet1.xml": bomb}), R, None, {}


def _packed(members):
    """Return a zip file whose contents are made as small as they can be."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0))
            archive.writestr(info, content, compress_type=zipfile.ZIP_DEFLATED)
    return out.getvalue()


def all_cases():
    """Return every case of this module."""
    for maker in (encodings, numbers, periods, layouts, documents, workbooks, tables_of_columns):
        yield from maker()
