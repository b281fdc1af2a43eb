"""What is installed is what pyproject.toml says, down to what dependencies bring along."""

import tomllib
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

PROJECT = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))


def pinned():
    """Requirements that hold on this machine, by normalised name."""
    table = PROJECT["project"]
    listed = [*table["dependencies"], *PROJECT["dependency-groups"]["dev"]]
    every = map(Requirement, [*listed, *PROJECT["tool"]["uv"]["constraint-dependencies"]])
    return {each.name: each for each in every if each.marker is None or each.marker.evaluate()}


def test_every_version_is_pinned_exactly():
    for name, requirement in pinned().items():
        assert [each.operator for each in requirement.specifier] == ["=="], name


def test_all_that_dependencies_bring_along_is_pinned():
    known = pinned()
    waiting, seen = set(known), set()
    while waiting:
        name = waiting.pop()
        seen.add(name)
        try:
            needs = metadata.requires(name) or []
        except metadata.PackageNotFoundError:  # of a platform or an extra that is not this machine's
            continue
        for need in map(Requirement, needs):
            if need.marker is None or need.marker.evaluate({"extra": ""}):
                normal = need.name.lower().replace("_", "-").replace(".", "-")
                assert normal in known, f"{name} needs {normal}: run .ci/pin_versions.py"
                waiting |= {normal} - seen


def test_what_is_installed_is_what_is_pinned():
    for name, requirement in pinned().items():
        try:
            assert metadata.version(name) in requirement.specifier, f"{name}: install again with uv sync"
        except metadata.PackageNotFoundError:
            continue
