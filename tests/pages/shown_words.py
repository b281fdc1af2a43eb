"""List every text that pages, charts and reports show: ``python tests/pages/shown_words.py``."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

PROJECT = Path(__file__).parents[2]
PLACES = (
    "pages/**/*.py",
    "engine/charts/*.py",
    "engine/records/*.py",
    "engine/recognition/**/*.py",
    "engine/images/*.py",
)


class Shown(NamedTuple):
    """A text, with ``{}`` where a value stands, and where it is written."""

    file: str
    line: int
    text: str


def shown_words() -> Iterator[Shown]:
    """Yield every text of at least two words, or one with a capital; docstrings are nobody's to see."""
    for file in sorted({file for place in PLACES for file in PROJECT.glob(place)}):
        yield from _texts(file)


def _texts(file: Path) -> Iterator[Shown]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    nodes = list(ast.walk(tree))
    unseen = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    unseen |= {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in nodes:
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in unseen:
            text = node.value
        else:
            continue
        if re.search(r"[A-Za-z]{2,}[,.;:]? [A-Za-z{]|^[A-Z][a-z]+", text):
            yield Shown(file.relative_to(PROJECT).as_posix(), node.lineno, text)


if __name__ == "__main__":
    for each in sorted(shown_words()):
        print(f"{each.file}:{each.line}: {each.text}")
