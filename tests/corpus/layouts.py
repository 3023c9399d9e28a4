"""Text files by where the table is: titles, units, totals, notes, headers; by hand."""

from cases import A, R, W


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
