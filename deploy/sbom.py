"""What Rackcast is made of: a CycloneDX list of every package of the lock file, with its hashes.

python deploy/sbom.py > sbom.json
python deploy/sbom.py --audit advisories.json     exit code 1 where a listed advisory touches us

Advisories are a file in the form of the Open Source Vulnerability schema, one object or a list, so
that a machine without internet is audited with a file that was carried over.
"""

import argparse
import hashlib
import json
import re
import sys
import uuid
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

LOCK = Path(__file__).parents[1] / "requirements.lock"


def locked(text: str) -> list[tuple[str, str, list[str]]]:
    """Return name, version and SHA-256 hashes of every package of a lock file."""
    found = []
    for block in re.split(r"^(?=[a-zA-Z0-9])", text, flags=re.MULTILINE):
        named = re.match(r"([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)", block)
        if named:
            hashes = re.findall(r"--hash=sha256:([0-9a-f]{64})", block)
            found.append((canonicalize_name(named[1]), named[2], hashes))
    return found


def licence(name: str) -> str:
    """Return what an installed package says of its licence; empty where it says nothing."""
    try:
        said = metadata(name)
    except PackageNotFoundError:
        return ""
    return str(said.get("License-Expression") or "")[:200]


def bill(text: str) -> dict[str, object]:
    """Return the list in the form of CycloneDX 1.5; the same lock gives the same bytes."""
    parts = []
    for name, version, _ in locked(text):
        part: dict[str, object] = {
            "type": "library",
            "bom-ref": f"pkg:pypi/{name}@{version}",
            "name": name,
            "version": version,
            "purl": f"pkg:pypi/{name}@{version}",
        }
        if own := licence(name):
            part["licenses"] = [{"expression": own}]
        parts.append(part)
    serial = uuid.UUID(hex=hashlib.sha256(text.encode()).hexdigest()[:32], version=4)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": serial.urn,
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "rackcast"}},
        "components": parts,
    }


def touched(version: str, ranges: list[dict[str, object]]) -> bool:
    """Whether a version lies in one of an advisory's ranges."""
    now = Version(version)
    for one in ranges:
        inside = False
        for event in one.get("events", []):
            if "introduced" in event:
                begun = event["introduced"]
                inside = inside or begun == "0" or now >= Version(begun)
            elif "fixed" in event:
                inside = inside and now < Version(event["fixed"])
            elif "last_affected" in event:
                inside = inside and now <= Version(event["last_affected"])
        if inside:
            return True
    return False


def audit(text: str, advisories: object) -> list[str]:
    """Return one line for each package of the lock that an advisory touches."""
    known = {name: version for name, version, _ in locked(text)}
    found = []
    for one in advisories if isinstance(advisories, list) else [advisories]:
        for part in one.get("affected", []):
            name = canonicalize_name(part.get("package", {}).get("name", ""))
            version = known.get(name)
            try:
                hit = version is not None and (
                    version in part.get("versions", []) or touched(version, part.get("ranges", []))
                )
            except InvalidVersion:
                hit = True
            if hit:
                found.append(f"{name} {version}: {one['id']} {one.get('summary', '')}".strip())
    return sorted(set(found))


def main() -> None:
    """Print the list, or what advisories touch."""
    parser = argparse.ArgumentParser(description="List what Rackcast is made of.")
    parser.add_argument("--audit", type=Path, help="file of advisories to compare with")
    wanted = parser.parse_args()
    text = LOCK.read_text("utf-8")
    if wanted.audit is None:
        sys.stdout.write(json.dumps(bill(text), indent=1) + "\n")
        return
    found = audit(text, json.loads(wanted.audit.read_text("utf-8")))
    sys.stdout.write("\n".join(found or ["no listed advisory touches the lock file"]) + "\n")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
