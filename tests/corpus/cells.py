"""Text files by what stands in their cells: numbers and dates as people write them; by hand."""

from cases import A, R, W


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
