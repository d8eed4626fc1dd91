"""Check what the wheel and the source distribution hold, and what the wheel says of itself."""

import sys
import tarfile
import zipfile
from email import message_from_bytes
from pathlib import Path

WANTED = ("Author", "Summary", "License-Expression", "Requires-Python", "Keywords")


def main(folder: Path) -> int:
    """Compare the two archives with the checkout; raise for what is missing or too much."""
    (wheel,), (source,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    kinds = ("*.py", "*.toml", "py.typed")  # code, and the published cases that selftest runs
    modules = {
        path.relative_to("src").as_posix() for kind in kinds for path in Path("src").rglob(kind)
    }
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        info = next(name.partition("/")[0] for name in names if ".dist-info/" in name)
        held = {name for name in names if not name.startswith(info)}
        assert held == modules, f"the wheel differs: {sorted(held ^ modules)}"
        said = message_from_bytes(archive.read(f"{info}/METADATA"))
        scripts = archive.read(f"{info}/entry_points.txt").decode()
    missing = [name for name in WANTED if not said.get(name)]
    assert not missing, f"the metadata lacks {missing}"
    assert "repaylib = repaylib.cli.main:main" in scripts
    with tarfile.open(source) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    for path in (*(f"src/{name}" for name in modules), "README.md", "LICENSE", "pyproject.toml"):
        assert path in names, f"the source lacks {path}"
    assert {"tests/conftest.py", "docs/conf.py", "docs/index.rst"} <= names
    folders = {name.partition("/")[0] for name in names if "/" in name}
    assert folders <= {"src", "tests", "docs", "benchmarks"}, folders
    print(f"{wheel.name}: {len(held)} files; {source.name}: {len(names)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
