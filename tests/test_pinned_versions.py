"""What is installed is what pyproject.toml says, down to what dependencies bring along."""

import tomllib
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

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


def minor_versions():
    allowed = SpecifierSet(PROJECT["project"]["requires-python"])
    return [f"3.{minor}" for minor in range(30) if f"3.{minor}.5" in allowed]


def test_python_has_an_end_that_is_said_and_that_all_it_needs_allow():
    versions = minor_versions()
    assert versions[-1] != "3.29", "a Python that does not exist yet is none that this was tried on"
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    assert f"Python {versions[0]} to {versions[-1]} on" in readme
    for name in (Requirement(each).name for each in PROJECT["project"]["dependencies"]):
        needs = SpecifierSet(metadata.metadata(name).get("Requires-Python") or "")
        assert all(f"{version}.5" in needs for version in versions), f"{name} needs Python {needs}"


def test_nobodys_registry_is_named():
    assert "://" not in str(PROJECT["tool"]["uv"])
