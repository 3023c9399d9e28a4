"""Text files by their bytes: encodings, delimiters, quotes, line ends; by hand."""

from cases import PLAIN, PLAIN_TEXT, A, R, W, frame

LATIN = "ville,coût\nOrléans,5\nNîmes,6\n"
ROMANIAN = "oraş,mw\nBucureşti,5\nTimişoara,3\nConstanţa,2\nGalaţi,4\n"
CYRILLIC = "город,мвт\nМосква,5\nКазань,6\nСамара,7\n"


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
