"""Fetch the third-party JavaScript of the page from npm into static/vendor/, unchanged.

python docs/vendor.py                     the recorded versions, whose hashes must be the recorded ones
python docs/vendor.py mediabunny@1.61.0   another version, whose hashes are recorded in static/vendor/packages.json
"""

import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path, PurePosixPath
from typing import Any

FOLDER = Path(__file__).parent.parent / "static" / "vendor"
PACKAGES = FOLDER / "packages.json"


def fetch_files(name: str, version: str, paths: list[str]) -> dict[str, bytes]:
    """The bytes of some files of a package, by their paths in it."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", f"{name}@{version}", "--prefer-offline", "--pack-destination", folder]
        subprocess.run(command, check=True, capture_output=True, text=True)
        [packed] = Path(folder).glob("*.tgz")
        with tarfile.open(packed) as archive:
            found = {path: archive.extractfile(f"package/{path}") for path in paths}
            return {path: file.read() for path, file in found.items() if file is not None}


def check_hashes(name: str, package: dict[str, Any], hashes: dict[str, str]) -> None:
    """Stop if a file has another hash than the recorded one."""
    wrong = [path for path, digest in hashes.items() if package["files"][path] != digest]
    if wrong:
        raise SystemExit(f"{name} {package['version']} has other hashes than static/vendor/packages.json: {wrong}")


def main() -> None:
    packages = json.loads(PACKAGES.read_text(encoding="utf-8"))
    wanted = dict(argument.split("@") for argument in sys.argv[1:])
    for name in wanted or packages:
        package = packages[name]
        package["version"] = wanted.get(name, package["version"])
        files = fetch_files(name, package["version"], list(package["files"]))
        hashes = {path: hashlib.sha256(content).hexdigest() for path, content in files.items()}
        if name not in wanted:
            check_hashes(name, package, hashes)
        package["files"] = hashes
        target = FOLDER / name
        target.mkdir(exist_ok=True)
        for path, content in files.items():
            (target / PurePosixPath(path).name).write_bytes(content)
        print(f"{name} {package['version']}: {', '.join(files)}")
    PACKAGES.write_text(json.dumps(packages, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
