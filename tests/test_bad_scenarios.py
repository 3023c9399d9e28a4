"""Scenario files that cannot be meant: a clear line for each mistake, exit code 1."""

import pytest

from dashboard import cli

NINE = "[*{0}, *{0}, *{0}, *{0}, *{0}, *{0}, *{0}, *{0}, *{0}]"
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} {NINE.format(chr(ord(name) - 1))}\n" for name in "bcdefghi"
)
MANY = "kind: stated\nname: &a [" + "x, " * 30_000 + "x]\nb: [*a, *a, *a, *a]\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "got nothing, expected assumptions"),
        ("# only a comment\n", "got nothing, expected assumptions"),
        (BOMB, "line 2: got the alias *a within a repeated value"),
        (f"kind: stated\nname: x\n{BOMB}projects: {{p: *i}}\n", "within a repeated value"),
        ("a: &a {b: *a}\n", "line 1: got the alias *a within a repeated value"),
        (MANY, "more than 100,000 values"),
        ("gearing: 0.5\ngearing: 0.6\n", "line 2: got the key 'gearing' a second time"),
        ("gearing: " + "9" * 5000, "too many digits"),
        ("gearing: .nan\n", "gearing: got nan, expected 0 to 0.95 (share)"),
        ("gearing: -.inf\n", "gearing: got -inf"),
        ("gearing: 60\n", "write shares as fractions: 0.6 for 60 %"),
        ("gearing: 2027-01-01\n", "expected a number, 0 to 0.95 (share)"),
        ("power_price: 80 USD/MWh\n", "expected a number, 0 to 5 (USD_per_kWh)"),
        ("start: 2027-02-30\n", "line 1: got 2027-02-30, which cannot be"),
        ("start: 2027-01-01T05:00:00\n", "expected a date without a time"),
        ("start: 1999-01-01\n", "got 1999-01-01, expected at least 2026-01-01"),
        ('name: "a\\x07b"\n', "name: got the character '\\x07'"),
        ("months: 24.5\n", "got 24.5, expected a whole number; round it"),
        ("phases: 7\n", "got 7, expected a block of `name: value`"),
        ("phases: {malaysia: [{rackz: 5}]}\n", "rackz: got an unknown key, expected a key of a"),
        ("phases: {malaysia: [{rackz: 5}]}\n", "did you mean 'racks'?"),
        ("phases: {malaysia: [{racks: 5}]}\n", "decision: got nothing, expected a value"),
        ("sites: {malaysia: {powr_price: 1}}\n", "did you mean 'power_price'?"),
        ("kind: sttaed\nname: x\n", "kind: got 'sttaed', expected one of stated"),
        ("factories: [oman, oman]\n", "bad.yaml: factories: got 'oman' a second time, expected"),
        ("factories: [oman, uae, oman, uae]\n", "got 'uae' a second time"),
        ('"a\\nrefused: forged": 3\n', "a\\nrefused: forged: got an unknown key"),
        ('"a\\e[31mred": 3\n', "a\\x1b[31mred: got an unknown key"),
        (
            "gearing: !!timestamp abc\n",
            "got abc, which cannot be (its tag does not fit it)",
        ),
        ("gearing: !!bool often\n", "line 1: got often, which cannot be"),
        ("gearing: !!float\n", "line 1: got , which cannot be"),
        ("sites: !!map 5\n", "line 1: got expected a mapping node"),
        ("gpu_hour_price: 8:50\n", "got 8:50, which cannot be (YAML reads it as 530;"),
        ("max_phases: 010\n", "got 010, which cannot be (YAML reads it as 8;"),
        ("gpu_hour_price: 1" + "0" * 400, "got a number of too many digits, expected 0 to 1000"),
        ("sites: {oman: {gearing: -1" + "0" * 400 + "}}", "sites.oman.gearing: got a number of"),
        ("staff_salary: 0\n", "staff_salary: got 0, expected 1 to 1e+12"),
        ("name: !!python/object/apply:os.system [ls]\n", "line 1: got could not determine"),
    ],
)
def test_a_bad_scenario_is_refused_in_a_line(text, said, tmp_path, capsys):
    file = tmp_path / "bad.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(SystemExit) as left:
        cli.main(["project", "--json", "--scenario", str(file)])
    out, err = capsys.readouterr()
    assert left.value.code == 1
    assert out == ""
    assert said in err
    assert all(line.startswith("refused: ") for line in err.splitlines())


@pytest.mark.parametrize(
    "content", [bytes(range(256)), b"\x89PNG\r\n\x1a\n" + bytes(99), b"a\x00b"]
)
def test_a_file_that_is_no_text_is_refused(content, tmp_path, capsys):
    file = tmp_path / "bad.yaml"
    file.write_bytes(content)
    for named in (file, tmp_path):
        with pytest.raises(SystemExit) as left:
            cli.main(["check", "--scenario", str(named)])
        assert left.value.code == 1
        assert len(capsys.readouterr().err.splitlines()) == 1
