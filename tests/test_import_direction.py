"""Imports go one way, bytes, image, faces, features, model, result, record, picture, and never turn back."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ORDER = (
    "errors emotions memory words below interrupts",
    "settings console arrays kept",
    "files sheets onnx_file",
    "tasks",  # long work, one way; whoever works long tells it how far it is
    "images videos",  # bytes in, pictures out
    "arguments",  # of the command line, for verbs and studies
    "faces",
    "features",
    "models synthetic",
    "datasets",
    "spiking",
    "recognition",  # picture in, answer out
    "practice",
    "charts",
    "records evaluation",
    "training",
    "studies",
    "bench",
    "commands",
    "__main__",
)
"""What lies in ``engine``: each row may import what stands above it, and nothing beside or below."""
FILES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for top in ("engine", "pages")
    for path in (ROOT / top).rglob("*.py")
} | {"app": ROOT / "app.py"}
ROWS = {name: row for row, names in enumerate(ORDER) for name in names.split()}


def imported(node):
    """Yield what is imported below a node of the syntax tree, in functions too, but for types only."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        assert not node.level, "imports name the whole way"
        for alias in node.names:
            whole = f"{node.module}.{alias.name}"
            yield whole if whole in FILES else node.module
    elif isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
        for each in node.orelse:
            yield from imported(each)
    else:
        for each in ast.iter_child_nodes(node):
            yield from imported(each)


IMPORTS = {name: set(imported(ast.parse(path.read_text()))) for name, path in FILES.items()}
EDGES = {(name, other) for name, others in IMPORTS.items() for other in others}


def folder(module):
    """The folder that a module lies in; what lies directly in a top folder stands for itself."""
    if FILES.get(module, ROOT).name == "__init__.py" or module.count(".") < 2:
        return module
    return module.rpartition(".")[0]


def row(module):
    """The row of ``ORDER`` that a module of the engine stands in."""
    return ROWS[module.split(".")[1]]


def top(module):
    """The first two names of a module."""
    return ".".join(module.split(".")[:2])


def circular(edges):
    """Return those edges from whose end a way leads back to their start."""
    after = {}
    for start, end in edges:
        after.setdefault(start, set()).add(end)

    def beyond(start):
        seen, waiting = set(), [start]
        while waiting:
            for each in after.get(waiting.pop(), set()) - seen:
                seen.add(each)
                waiting.append(each)
        return seen

    ways = {end: beyond(end) for _, end in edges}
    return {(start, end) for start, end in edges if start in ways[end] or start == end}


def said(edges):
    return {f"{start} -> {end}" for start, end in edges}


def of_engine(module):
    return module.startswith("engine.")


def test_everything_in_the_engine_has_its_row():
    there = {path.stem for path in (ROOT / "engine").iterdir() if path.suffix == ".py" or any(path.glob("*.py"))}
    assert there - {"__init__"} == set(ROWS)
    assert len(" ".join(ORDER).split()) == len(ROWS)  # none stands twice


def test_nothing_is_imported_upwards():
    between = [(a, b) for a, b in EDGES if of_engine(a) and of_engine(b) and top(a) != top(b)]
    assert len(between) > 500
    assert not said((a, b) for a, b in between if row(b) >= row(a))


def test_the_engine_knows_no_pages():
    assert not said((a, b) for a, b in EDGES if a.startswith("engine") and b.startswith(("pages", "streamlit", "app")))


def test_a_page_shows_nothing_of_another():
    """``pages/X.py`` and ``pages/views/X`` take from ``pages/views/X`` and ``pages/views/common`` only."""
    shown = [(a, b) for a, b in EDGES if a.startswith("pages.") and b.startswith("pages.")]
    assert len(shown) > 100

    def page(module):
        return (module.removeprefix("pages.").removeprefix("views.") or "views").split(".")[0]

    assert not said((a, b) for a, b in shown if page(b) not in (page(a), "common"))
    assert not said((a, b) for a, b in EDGES if b.startswith("pages.") and not b.startswith("pages.views."))


@pytest.mark.parametrize("part", [str, folder], ids=["modules", "folders"])
def test_no_import_leads_back_to_where_it_started(part):
    between = {(part(a), part(b)) for a, b in EDGES if a in FILES and b in FILES and part(a) != part(b)}
    assert len(between) > 100
    assert not said(circular(between))


def test_circles_are_found():
    circle = {("a", "b"), ("b", "c"), ("c", "a")}
    assert circular(circle | {("c", "d"), ("d", "e"), ("e", "f")}) == circle
