"""Recalculates workbooks with LibreOffice, after stripping what was calculated before."""

import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"
 xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode"
 oor:op="fuse"><value>0</value></prop></item></oor:items>"""
"""LibreOffice's setting: recalculate every file when it is loaded."""


def recalculated(folder: Path, books: dict[str, bytes], kind: str = "xlsx") -> dict[str, Path]:
    """Recalculate workbooks by name in one run; `kind` may be pdf."""
    office = shutil.which("soffice")
    assert office, "LibreOffice is missing: apt-get install libreoffice-calc"
    profile, out = folder / "profile", folder / "out"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS, "utf-8")
    paths = []
    for name, content in books.items():
        path = folder / f"{name}.xlsx"
        path.write_bytes(content)
        paths.append(str(path))
    subprocess.run(
        [office, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", kind,
         "--outdir", str(out), *paths],
        capture_output=True, check=True, timeout=1500,
    )  # fmt: skip
    return {name: out / f"{name}.{kind}" for name in books}


def changed(book: bytes, changes: dict[str, float]) -> bytes:
    """Write numbers under `For all` on the sheet Inputs; forget every value calculated before."""
    made, source = io.BytesIO(), zipfile.ZipFile(io.BytesIO(book))
    index = source.read("xl/workbook.xml").decode()
    sheets = dict(re.findall(r'<sheet name="([^"]+)" sheetId="(\d+)"', index))
    rows = dict(re.findall(r'<definedName name="(\w+)">Inputs!\$\w+\$(\d+):', index))
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for item in source.infolist():
            content = source.read(item)
            if item.filename.startswith("xl/worksheets/sheet"):
                text = re.sub(r"</f><v>[^<]*</v>", "</f>", content.decode())
                text = re.sub(r'(<c r="\w+" s="\d+") t="str"><f>', r"\1><f>", text)
                if item.filename == f"xl/worksheets/sheet{sheets['Inputs']}.xml":
                    for name, value in changes.items():
                        cell = rf'<c r="E{rows[name]}" s="(\d+)"/>'
                        filled = rf'<c r="E{rows[name]}" s="\1"><v>{value!r}</v></c>'
                        text, found = re.subn(cell, filled, text)
                        assert found == 1, name
                content = text.encode()
            target.writestr(item, content)
    return made.getvalue()
