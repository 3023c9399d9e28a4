"""Write the corpus: every file and a manifest of what must come of it.

Run `python tests/corpus/make.py`; the files are kept, so that what is read does not change by itself.
"""

import json
from pathlib import Path

import binaries
import cells
import documents
import further
import layouts
import no_tables
import stranger
import texts

HERE = Path(__file__).parent
FILES = HERE / "files"
TEXTS = (
    *(texts.encodings, texts.separators, cells.numbers, cells.dates),
    *(layouts.layouts, documents.documents, no_tables.hostile),
)


def cases_in_order():
    """Return every case of every module."""
    plain = (case for group in TEXTS for case in group())
    return (*plain, *binaries.all_cases(), *further.all_cases(), *stranger.all_cases())


def main() -> None:
    """Write all files and the manifest."""
    FILES.mkdir(exist_ok=True)
    manifest = []
    for name, content, status, frame, facts in cases_in_order():
        path = FILES / name
        if not (path.exists() and content.startswith(b"PK")):  # workbooks hold the time of making
            path.write_bytes(content)
        allowed = [status] if isinstance(status, str) else list(status)
        manifest.append({"file": name, "status": allowed, "frame": frame} | facts)
    names = [entry["file"] for entry in manifest]
    assert len(names) == len(set(names)), "two cases of one name"
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in manifest)
    (HERE / "manifest.json").write_text(f"[\n{lines}\n]\n", "utf-8")


if __name__ == "__main__":
    main()
