"""What each text file of the corpus holds and what must come of it, written by hand.

A case: file name, content, status, frame expected (header and rows) or nothing, and further facts.
`A` is accepted, `W` accepted with warnings, `R` rejected.
"""

A, W, R = "accepted", "accepted_with_warnings", "rejected"

LATIN = "ville,coût\nOrléans,5\nNîmes,6\n"
ROMANIAN = "oraş,mw\nBucureşti,5\nTimişoara,3\nConstanţa,2\nGalaţi,4\n"
CYRILLIC = "город,мвт\nМосква,5\nКазань,6\nСамара,7\n"
PLAIN = [["name", "value"], ["Kenya", 1.5], ["Mali", 2]]
PLAIN_TEXT = "name,value\nKenya,1.5\nMali,2\n"


def frame(text: str, number: str = "") -> list[list[object]]:
    """Return the cells of a plain comma text; columns named in `number` become numbers."""
    rows: list[list[object]] = [line.split(",") for line in text.strip().split("\n")]
    for at, name in enumerate(rows[0]):
        if name in number.split(","):
            for row in rows[1:]:
                row[at] = float(str(row[at])) if row[at] else None
    return rows


def encodings():
    """The same letters in many encodings; what had to be guessed is a warning."""
    for name, codec, status in (
        ("utf8", "utf-8", A), ("utf8_bom", "utf-8-sig", A), ("utf16_bom", "utf-16", A),
        ("utf16le_bare", "utf-16-le", W), ("utf16be_bare", "utf-16-be", W), ("utf32_bom", "utf-32", A),
        ("utf32le_bare", "utf-32-le", W), ("cp1252", "cp1252", W), ("mac_roman", "mac-roman", W),
    ):  # fmt: skip
        yield f"enc_{name}.csv", LATIN.encode(codec), status, frame(LATIN, "coût"), {}
    big = b"\xfe\xff" + LATIN.encode("utf-16-be")
    yield "enc_utf16be_bom.csv", big, A, frame(LATIN, "coût"), {}
    yield "enc_cp1250.csv", ROMANIAN.encode("cp1250"), W, frame(ROMANIAN, "mw"), {}
    yield "enc_iso8859_2.csv", "m,v\nŁódź,1\nKraków,2\nGdańsk,3\n".encode("iso8859-2"), W, None, {}
    yield "enc_cp1251.csv", CYRILLIC.encode("cp1251"), W, frame(CYRILLIC, "мвт"), {}
    yield "enc_koi8.csv", CYRILLIC.encode("koi8-r"), W, frame(CYRILLIC, "мвт"), {}
    greek = "πόλη,τιμή\nΑθήνα,5\nΠάτρα,6\n"
    yield "enc_cp1253.csv", greek.encode("cp1253"), W, frame(greek, "τιμή"), {}
    turkish = "şehir,değer\nİstanbul,5\nMuğla,3\nIğdır,2\n"
    yield "enc_cp1254.csv", turkish.encode("cp1254"), W, frame(turkish, "değer"), {}
    japanese = "都市,値\n東京,5\n大阪,6\nさくら,7\n"
    yield "enc_shift_jis.csv", japanese.encode("shift_jis"), W, frame(japanese, "値"), {}
    chinese = "城市,数值\n北京,5\n上海,6\n广州,7\n"
    yield "enc_gbk.csv", chinese.encode("gbk"), W, frame(chinese, "数值"), {}
    euro = "item,price €\nCafé,5\n"
    yield "enc_cp1252_euro.csv", euro.encode("cp1252"), W, frame(euro, "price €"), {}
    named = {"options": {"encoding": "mac-roman"}}
    yield "enc_named.csv", LATIN.encode("mac-roman"), A, frame(LATIN, "coût"), named
    cut = "ville,v\nOrléans,5\nNîmes,6\nOrlé".encode()[:-1]
    yield (
        "enc_cut.csv",
        cut,
        W,
        [["ville", "v"], ["Orléans", 5], ["Nîmes", 6], ["Orl\ufffd", None]],
        {},
    )
    broken = "a,v\nOrléans,5\nNîmes,6\n".encode() + b"Orl\xe9ans,7\n"
    yield (
        "enc_mixed.csv",
        broken,
        W,
        [["a", "v"], ["Orléans", 5], ["Nîmes", 6], ["Orl\ufffdans", 7]],
        {"problems": [["warning", 4, "a"]]},
    )
    yield (
        "enc_mojibake.csv",
        "a,v\nCafÃ©,5\nx,6\n".encode(),
        W,
        frame("a,v\nCafÃ©,5\nx,6\n", "v"),
        {"problems": [["warning", 2, "a"]]},
    )
    yield (
        "enc_replacement.csv",
        "a,v\nx,6\nCaf\ufffd,5\n".encode(),
        W,
        None,
        {"problems": [["warning", 3, "a"]]},
    )
    yield "enc_zero.csv", b"a,v\nx\0y,5\nz,6\n", W, None, {}
    yield "enc_emoji.csv", "a,v\n🚀,5\n".encode(), A, frame("a,v\n🚀,5\n", "v"), {}


def separators():
    """Delimiters, quotes, line ends."""
    for name, mark in (("semicolon", ";"), ("tab", "\t"), ("pipe", "|")):
        yield f"sep_{name}.csv", PLAIN_TEXT.replace(",", mark).encode(), A, PLAIN, {}
    yield "sep_caret.csv", PLAIN_TEXT.replace(",", "^").encode(), W, PLAIN, {}
    yield "sep_stated.csv", ("sep=;\r\n" + PLAIN_TEXT.replace(",", ";")).encode(), A, PLAIN, {}
    yield "sep_crlf.csv", PLAIN_TEXT.replace("\n", "\r\n").encode(), A, PLAIN, {}
    yield "sep_cr.csv", PLAIN_TEXT.replace("\n", "\r").encode(), A, PLAIN, {}
    yield "sep_no_last_newline.csv", PLAIN_TEXT.strip().encode(), A, PLAIN, {}
    yield "sep_spaces.txt", b"name    value\nKenya   1.5\nMali    2\n", W, PLAIN, {}
    yield "sep_space_after.csv", b'name, value\n"Kenya", 1.5\n"Mali", 2\n', A, PLAIN, {}
    yield "sep_trailing.csv", b"name,value,\nKenya,1.5,\nMali,2,\n", A, PLAIN, {}
    yield "quote_newline.csv", b'a,b\n"x\ny",1\nz,2\n', A, [["a", "b"], ["x\ny", 1], ["z", 2]], {}
    yield "quote_delimiter.csv", b'a,b\n"x, y",1\nz,2\n', A, [["a", "b"], ["x, y", 1], ["z", 2]], {}
    yield (
        "quote_double.csv",
        b'a,b\n"say ""hi""",1\nz,2\n',
        A,
        [["a", "b"], ['say "hi"', 1], ["z", 2]],
        {},
    )
    yield (
        "quote_backslash.csv",
        b'a,b\n"say \\"hi\\"",1\nz,2\n',
        A,
        [["a", "b"], ['say "hi"', 1], ["z", 2]],
        {},
    )
    yield (
        "quote_single.csv",
        b"'a','b'\n'x, y','1'\n'z','2'\n",
        A,
        [["a", "b"], ["x, y", 1], ["z", 2]],
        {},
    )
    yield (
        "quote_inches.csv",
        b'a,b\n5" disk,1\nz,2\n',
        A,
        [["a", "b"], ['5" disk', 1], ["z", 2]],
        {},
    )
    yield "quote_open.csv", b'a,b\n"x,1\ny,2\nz,3\n', R, None, {}
    yield (
        "ragged_short.csv",
        b"a,b,c\n1,2,3\n4,5\n6,7,8\n",
        W,
        [["a", "b", "c"], [1, 2, 3], [4, 5, None], [6, 7, 8]],
        {"problems": [["warning", 3, ""]]},
    )
    yield "ragged_long.csv", b"a,b\n1,2\n3,4,5\n6,7\n", R, None, {"problems": [["error", 3, ""]]}
    yield "ragged_decimal_comma.csv", b"name,value\nx,1,5\ny,2,5\n", R, None, {}
    yield "blank_rows.csv", b"\n\nname,value\n\nKenya,1.5\n,\nMali,2\n\n", A, PLAIN, {}
    yield "one_column.csv", b"value\n1\n2\n3\n", A, [["value"], [1], [2], [3]], {}


def numbers():
    """Numbers as people write them; each column says what it must become."""
    for name, cells, expected, status in (
        ("thousands_comma", ["1,234,567", "12,345", "1"], [1234567, 12345, 1], A),
        ("thousands_dot", ["1.234.567", "12.345", "1"], [1234567, 12345, 1], A),
        ("thousands_space", ["1 234 567", "12 345,5", "1"], [1234567, 12345.5, 1], A),
        ("thousands_nbsp", ["1\u00a0234\u00a0567", "12\u202f345,25"], [1234567, 12345.25], A),
        ("thousands_apostrophe", ["1'234'567.5", "1’234"], [1234567.5, 1234], A),
        ("indian", ["12,34,567.50", "1,00,000"], [1234567.5, 100000], A),
        ("decimal_comma", ["1,5", "1.234,56", "0,001"], [1.5, 1234.56, 0.001], A),
        ("ambiguous_comma", ["1,234", "2,345"], [1234, 2345], W),
        ("negatives", ["(1,234.50)", "5-", "\u22127", "-8", "–9"], [-1234.5, -5, -7, -8, -9], A),
        ("currency", ["$1,234.50", "$ 5", "-$6", "($7)"], [1234.5, 5, -6, -7], A),
        ("euro_after", ["1.234,50 €", "5 €"], [1234.5, 5], A),
        ("currency_code", ["USD 1,200.5", "5 USD"], [1200.5, 5], A),
        ("percent", ["12%", "12.5 %", "-3%"], [0.12, 0.125, -0.03], W),
        ("scales", ["12k", "3.4 bn", "5 million"], [12000, 3.4e9, 5e6], W),
        ("scientific", ["1e5", "1.5E+03", "2e-3"], [1e5, 1500, 0.002], A),
        ("signs", ["+5", ".5", "5.", "-0"], [5, 0.5, 5, 0], A),
        ("footnote_marks", ["123*", "456", "789¹"], [123, 456, 789], W),
        ("missing_words", ["1", "n/a", "–", "#N/A", "..", "2"], [1, None, None, None, None, 2], A),
        ("big_integers", ["9007199254740993", "9007199254740995"], ["9007199254740993", "9007199254740995"], A),
        ("huge_integers", ["123456789012345678901234567890"], ["123456789012345678901234567890"], A),
        ("floats", ["0.1", "0.30000000000000004", "1e-320"], [0.1, 0.30000000000000004, 1e-320], A),
        ("unit_words", ["250 MW", "1,200.5 MW"], [250, 1200.5], A),
        ("leading_zeros", ["007", "012", "123"], ["007", "012", "123"], A),
        ("dates_not_numbers", ["1.2.3", "1.10.2", "2.0.1"], ["1.2.3", "1.10.2", "2.0.1"], A),
        ("mixed_units", ["250 MW", "1 GW"], ["250 MW", "1 GW"], W),
        ("mixed_currency", ["€5", "$6"], ["€5", "$6"], W),
        ("mixed_percent", ["12%", "0.5"], ["12%", "0.5"], W),
        ("overflow", ["1", "2", "3", "1e999"], [1, 2, 3, "1e999"], W),
        ("underscore", ["1_000", "2_000"], ["1_000", "2_000"], A),
        ("other_digits", ["٣٤", "٥٦"], ["٣٤", "٥٦"], A),
        ("ranges", ["5-6", "7-8"], ["5-6", "7-8"], A),
        ("one_text", ["1", "2", "soon", "4"], [1, 2, "soon", 4], W),
        ("infinity", ["1", "2", "3", "inf"], [1, 2, 3, "inf"], W),
        ("versions", ["v1.10", "v1.9"], ["v1.10", "v1.9"], A),
        ("rand_codes", ["R1", "R2"], ["R1", "R2"], A),
        ("rand", ["R 5", "R1 200,50"], [5, 1200.5], A),
        ("tenors", ["3M", "6M"], ["3M", "6M"], W),
        ("hex_and_codes", ["1E5", "2D4", "3F1"], ["1E5", "2D4", "3F1"], A),
    ):  # fmt: skip
        text = "name|x\n" + "".join(f"r{at}|{cell}\n" for at, cell in enumerate(cells))
        rows = [["name", "x"], *[[f"r{at}", one] for at, one in enumerate(expected)]]
        yield f"num_{name}.csv", text.encode(), status, rows, {}
    yield (
        "num_semicolon_dot.csv",
        b"n;x\na;1.234\nb;2.345\n",
        W,
        [["n", "x"], ["a", 1234], ["b", 2345]],
        {},
    )
    yield (
        "num_column_proves.csv",
        b"n;x;y\na;1.234;0,5\nb;2.345;1,25\n",
        A,
        [["n", "x", "y"], ["a", 1234, 0.5], ["b", 2345, 1.25]],
        {},
    )
    yield (
        "num_stated.csv",
        b"n;x\na;1.234\n",
        A,
        [["n", "x"], ["a", 1.234]],
        {"options": {"decimal": "."}},
    )
    yield (
        "num_both_marks.csv",
        b"n|x\na|1.234,5\nb|1,234.5\nc|1,234\n",
        R,
        None,
        {"problems": [["error", 4, "x"]]},
    )
    yield (
        "num_version_column.csv",
        b"n,version\na,1.9\nb,1.10\n",
        A,
        [["n", "version"], ["a", "1.9"], ["b", "1.10"]],
        {},
    )
    yield (
        "num_zip.csv",
        b"name,zip\na,01234\nb,98765\n",
        A,
        [["name", "zip"], ["a", "01234"], ["b", "98765"]],
        {},
    )
    yield (
        "num_booleans.csv",
        b"n,x\na,TRUE\nb,false\nc,\n",
        A,
        [["n", "x"], ["a", "true"], ["b", "false"], ["c", None]],
        {},
    )
    yield (
        "num_dot_three.csv",
        b"n,x\na,1.234\nb,0.567\n",
        A,
        [["n", "x"], ["a", 1.234], ["b", 0.567]],
        {},
    )


def dates():
    """Dates and periods; each column says what it must become."""
    for name, cells, expected, status in (
        ("iso", ["2024-01-31", "2024-02-29"], None, A),
        ("dmy_proven", ["13/02/2024", "03/04/2024"], ["2024-02-13", "2024-04-03"], A),
        ("mdy_proven", ["02/13/2024", "03/04/2024"], ["2024-02-13", "2024-03-04"], A),
        ("ambiguous", ["01/02/2024", "03/04/2024"], ["2024-02-01", "2024-04-03"], W),
        ("dots", ["31.01.2024", "01.02.2024"], ["2024-01-31", "2024-02-01"], A),
        ("conflict", ["13/02/2024", "02/13/2024"], None, R),
        ("quarters", ["2024Q1", "Q2 2024", "3Q24", "Q4-24", "2025-Q1"], ["2024Q1", "2024Q2", "2024Q3", "2024Q4", "2025Q1"], A),
        ("halves", ["H1 2024", "2024H2", "1H25"], ["2024H1", "2024H2", "2025H1"], A),
        ("fiscal", ["FY2024", "FY25"], ["FY2024", "FY2025"], A),
        ("fiscal_quarters", ["FY24Q3", "Q4 FY24"], ["FY2024Q3", "FY2024Q4"], A),
        ("months_iso", ["2024-01", "2024-02"], None, A),
        ("months_short", ["Jan-24", "Feb-24"], ["2024-01", "2024-02"], A),
        ("months_french", ["janvier 2024", "févr. 2024", "août 2024"], ["2024-01", "2024-02", "2024-08"], A),
        ("months_dutch", ["januari 2024", "maart 2024", "mei 2024"], ["2024-01", "2024-03", "2024-05"], A),
        ("months_german", ["Januar 2024", "März 2024", "Dezember 2024"], ["2024-01", "2024-03", "2024-12"], A),
        ("months_romanian", ["ianuarie 2024", "iunie 2024", "noiembrie 2024"], ["2024-01", "2024-06", "2024-11"], A),
        ("months_spanish", ["enero de 2024", "agosto 2024"], ["2024-01", "2024-08"], A),
        ("long", ["15 January 2024", "Jan 16, 2024", "17-Jan-2024"], ["2024-01-15", "2024-01-16", "2024-01-17"], A),
        ("compact", ["20240131", "20240229"], ["2024-01-31", "2024-02-29"], A),
        ("compact_months", ["202401", "202402"], ["2024-01", "2024-02"], A),
        ("serials", ["45292", "45293"], ["2024-01-01", "2024-01-02"], W),
        ("weeks", ["2024-W05", "2024W06"], ["2024-W05", "2024-W06"], A),
        ("times", ["2024-01-31 10:30", "2024-01-31T11:45:30Z"], ["2024-01-31T10:30:00", "2024-01-31T11:45:30Z"], A),
        ("midnights", ["2024-01-31 00:00:00", "2024-02-01 00:00:00"], ["2024-01-31", "2024-02-01"], A),
        ("impossible", ["31/02/2024", "13/02/2024", "14/02/2024"], ["31/02/2024", "2024-02-13", "2024-02-14"], W),
        ("far", ["1066-10-14", "9999-12-31"], None, A),
        ("split_years", ["2010-11", "2011-12", "2012-13"], ["2010-2011", "2011-2012", "2012-2013"], A),
        ("years_slash", ["2010/11", "2011/12"], ["2010-2011", "2011-2012"], A),
        ("missing", ["2024-01-31", "n/a", "2024-02-29"], ["2024-01-31", None, "2024-02-29"], A),
        ("mixed_frequency", ["2024-01", "2024-02", "2024Q2"], ["2024-01", "2024-02", "2024Q2"], W),
        ("genes", ["MARCH1", "SEPT2", "DEC1"], None, A),
        ("one_text", ["2024-01-31", "soon", "2024-02-29"], ["2024-01-31", "soon", "2024-02-29"], W),
    ):  # fmt: skip
        text = "date|x\n" + "".join(f"{cell}|{at}\n" for at, cell in enumerate(cells))
        rows = [["date", "x"], *[[one, at] for at, one in enumerate(expected or cells)]]
        yield f"date_{name}.csv", text.encode(), status, None if status == R else rows, {}
    us = {"options": {"dates": "mdy"}}
    yield "date_stated.csv", b"date,x\n01/02/2024,1\n", A, [["date", "x"], ["2024-01-02", 1]], us
    other = b"a,b\n13/02/2024,01/02/2024\n14/02/2024,03/02/2024\n"
    yield (
        "date_other_column_proves.csv",
        other,
        A,
        [["a", "b"], ["2024-02-13", "2024-02-01"], ["2024-02-14", "2024-02-03"]],
        {},
    )
    years = b"year,x\n2020,1\n2021,2\n"
    yield "date_years.csv", years, A, [["year", "x"], [2020, 1], [2021, 2]], {}


def layouts():
    """Where the table is in the file, and what is not part of it."""
    two = [["country", "2019", "2020"], ["Kenya", 1.5, 2], ["Mali", 3, 4]]
    body = "country,2019,2020\nKenya,1.5,2\nMali,3,4\n"
    yield "lay_wide_years.csv", body.encode(), A, two, {}
    yield (
        "lay_title.csv",
        ("Report on capacity\nSource: somebody\n\n" + body).encode(),
        W,
        two,
        {"assumed": {"header_row": "4"}},
    )
    yield (
        "lay_comments.csv",
        ("# made by hand\n# in 2024\n" + body).encode(),
        A,
        two,
        {"assumed": {"header_row": "3"}},
    )
    yield (
        "lay_about_pairs.csv",
        ("Source:,World Bank\nUpdated:,2024-01-05\n\n" + body).encode(),
        W,
        two,
        {},
    )
    yield (
        "lay_units.csv",
        body.replace("2020\n", "2020\n,MW,MW\n").encode(),
        A,
        two,
        {"assumed": {"units": "2019: MW; 2020: MW"}},
    )
    yield (
        "lay_total.csv",
        (body + "Total,4.5,6\n").encode(),
        W,
        two,
        {"problems": [["warning", 4, ""]]},
    )
    yield (
        "lay_no_total.csv",
        (body + "Total Energy,7,8\n").encode(),
        W,
        [*two, ["Total Energy", 7, 8]],
        {},
    )
    yield (
        "lay_footnotes.csv",
        (body + "\nSource: the ministry\n* provisional\n").encode(),
        W,
        two,
        {},
    )
    yield (
        "lay_repeated_header.csv",
        (body + "country,2019,2020\nNiger,5,6\n").encode(),
        W,
        [*two, ["Niger", 5, 6]],
        {"problems": [["warning", 4, ""]]},
    )
    yield (
        "lay_two_tables.csv",
        (body + "\nitem,price,count\nx,1,2\ny,3,4\n").encode(),
        R,
        None,
        {"problems": [["error", 5, ""]]},
    )
    yield (
        "lay_no_header.csv",
        b"1,2.5,3\n4,5,6\n7,8,9\n",
        W,
        [["column_1", "column_2", "column_3"], [1, 2.5, 3], [4, 5, 6], [7, 8, 9]],
        {},
    )
    yield "lay_header_only.csv", b"a,b\n", W, [["a", "b"]], {}
    yield "lay_same_names.csv", b"a,a,b\n1,2,3\n", W, [["a", "a_2", "b"], [1, 2, 3]], {}
    yield (
        "lay_unnamed.csv",
        b",a,b\n0,1,2\n1,3,4\n",
        W,
        [["column_1", "a", "b"], [0, 1, 2], [1, 3, 4]],
        {},
    )
    yield (
        "lay_two_headers.csv",
        b"country,2023,,2024,\n,Q1,Q2,Q1,Q2\nKenya,1,2,3,4\nMali,5,6,7,8\n",
        W,
        [
            ["country", "2023 Q1", "2023 Q2", "2024 Q1", "2024 Q2"],
            ["Kenya", 1, 2, 3, 4],
            ["Mali", 5, 6, 7, 8],
        ],
        {},
    )
    yield (
        "lay_namibia.csv",
        b"country,v\nNA,1\nKE,2\n",
        A,
        [["country", "v"], ["NA", 1], ["KE", 2]],
        {},
    )
    yield (
        "lay_namibia_alone.csv",
        b"iso2,v\nNA,1\nNA,2\n",
        A,
        [["iso2", "v"], ["NA", 1], ["NA", 2]],
        {},
    )
    yield (
        "lay_names_null.csv",
        b"surname,v\nNull,1\nTrue,2\nNone,3\n",
        A,
        [["surname", "v"], ["Null", 1], ["True", 2], ["None", 3]],
        {},
    )
    yield "lay_blank_column.csv", b"a,,b\n1,,2\n3,,4\n", A, [["a", "b"], [1, 2], [3, 4]], {}
    yield (
        "lay_formula.csv",
        b"a,v\n=1+1,5\n@SUM(A1),6\n",
        W,
        [["a", "v"], ["=1+1", 5], ["@SUM(A1)", 6]],
        {"problems": [["warning", 2, "a"], ["warning", 3, "a"]]},
    )
    yield (
        "lay_script.csv",
        b"a,v\n<script>alert(1)</script>,5\n",
        A,
        [["a", "v"], ["<script>alert(1)</script>", 5]],
        {},
    )
    yield "lay_invisible.csv", "a,v\nx\u200by,5\n".encode(), W, [["a", "v"], ["x\u200by", 5]], {}
    yield (
        "lay_first_row_odd.csv",
        b"n,x\na,soon\nb,5\nc,6\nd,7\n",
        W,
        [["n", "x"], ["a", "soon"], ["b", 5], ["c", 6], ["d", 7]],
        {"problems": [["warning", 2, "x"]]},
    )
    yield (
        "lay_total_first.csv",
        b"country,value\nTotal,10\nKenya,4\nMali,6\n",
        W,
        [["country", "value"], ["Kenya", 4], ["Mali", 6]],
        {"problems": [["warning", 2, ""]]},
    )
    yield (
        "lay_repeated_row.csv",
        b"a,b\nx,1\ny,2\nx,1\n",
        W,
        [["a", "b"], ["x", 1], ["y", 2], ["x", 1]],
        {"problems": [["warning", 4, ""]]},
    )
    yield "sep_wrapped.csv", b'"a,b"\n"1,2"\n"3,4"\n', W, [["a", "b"], [1, 2], [3, 4]], {}
    yield (
        "sep_one_space.txt",
        b"a b c\n1 2 3\n4 5 6\n",
        W,
        [["a", "b", "c"], [1, 2, 3], [4, 5, 6]],
        {},
    )
    yield "lay_text_only.csv", b"a,b\nx,y\nz,w\n", A, [["a", "b"], ["x", "y"], ["z", "w"]], {}


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


def hostile():
    """Files that are no tables, and files that mean harm."""
    for name, content in (
        ("empty.csv", b""), ("blank.csv", b" \n\n "), ("bom_only.csv", b"\xef\xbb\xbf"),
        ("pdf.csv", b"%PDF-1.7\n1 0 obj"), ("png.xlsx", b"\x89PNG\r\n\x1a\n0000"),
        ("pickle.csv", b"\x80\x04\x95\x10\x00\x00\x00\x00\x00\x00\x00cposix\nsystem\n"),
        ("sqlite.csv", b"SQLite format 3\0" + b"\0" * 100), ("elf.csv", b"\x7fELF" + b"\0" * 60),
        ("html.xls", b"<html><table><tr><td>1</td></tr></table></html>"),
        ("bomb.xml", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
        ("binary.csv", bytes(range(256)) * 4), ("zip_broken.xlsx", b"PK\x03\x04" + b"x" * 200),
        ("gzip_cut.csv.gz", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03K"),
        ("parquet_cut.parquet", b"PAR1" + b"\0" * 40 + b"PAR1"), ("ole_cut.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
        ("rtf.csv", b"{\\rtf1 hello}"), ("seven.csv", b"7z\xbc\xaf\x27\x1c000"),
    ):  # fmt: skip
        yield f"bad_{name}", content, R, None, {}


def all_cases():
    """Every case of this module."""
    for group in (encodings, separators, numbers, dates, layouts, documents, hostile):
        yield from group()
