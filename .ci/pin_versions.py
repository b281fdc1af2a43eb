#!/usr/bin/env python3
"""Pin every transitive dependency in pyproject.toml: ``python3 .ci/pin_versions.py [--upgrade]``.

Direct dependencies are pinned by hand. This writes what uv resolves them to bring along, on every platform, as
``constraint-dependencies``, so that an installation in a year is the same program. Without ``--upgrade`` the versions
that stand there stay; with it the newest are taken.
"""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

PROJECT = Path(__file__).parents[1] / "pyproject.toml"
_PINNED = re.compile(r"constraint-dependencies = \[\n(?:    .*\n)*\]\n")
_HEAD = "[tool.uv]\npackage = false\n"


def uv(*words: str) -> str:
    """Return what uv prints."""
    asked = [sys.executable, "-m", "uv", *words]
    return subprocess.run(asked, cwd=PROJECT.parent, check=True, text=True, stdout=subprocess.PIPE).stdout


def main() -> None:
    """Resolve, and write what was resolved."""
    before = PROJECT.read_text(encoding="utf-8")
    project = tomllib.loads(before)
    table = project["project"]
    groups = [table["dependencies"], *table["optional-dependencies"].values(), *project["dependency-groups"].values()]
    own = {re.split(r"\[|==", requirement)[0] for group in groups for requirement in group}
    upgrade = ["--upgrade"] if "--upgrade" in sys.argv[1:] else []
    try:
        if upgrade:
            PROJECT.write_text(_PINNED.sub("", before), encoding="utf-8")
        uv("lock", *upgrade)
        lines = uv("export", "--all-groups", "--all-extras", "--no-hashes", "--no-annotate", "--no-header").splitlines()
    except subprocess.CalledProcessError as error:
        PROJECT.write_text(before, encoding="utf-8")
        sys.exit(f"Nothing was changed: {error}.")
    pins = [line for line in lines if line.partition("==")[0] not in own]
    written = "constraint-dependencies = [\n" + "".join(f'    "{pin}",\n' for pin in pins) + "]\n"
    PROJECT.write_text(_PINNED.sub("", before).replace(_HEAD, _HEAD + written), encoding="utf-8")
    print(f"{len(pins)} transitive dependencies are pinned.")


if __name__ == "__main__":
    main()
