"""Classes, parts of a set and people may be called anything: no page takes that for Markdown."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from google.protobuf.json_format import MessageToDict
from streamlit.testing.v1 import AppTest

from engine.datasets import store
from engine.training import runs
from engine.training.request import Request, starting_point
from engine.training.work import work

PAGES = Path(__file__).parents[2] / "pages"
HOSTILE = "[x](http://evil.example) :material/home: $a$ **b** :red[c]"
PLAIN = {"alt", "options", "rawValue", "spec", "id"}
SHOWN_AS_THEY_ARE = ("Code", "Json")
"""Fields that a browser shows as they are, and those that it does not show; what a table holds is looked at apart."""


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A set whose class, part and person are called so, and a finished training on it."""
    folder = tmp_path_factory.mktemp("names")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NEUROMER_DATA", str(folder / "data"))
        random = np.random.default_rng(0)
        np.savez(
            folder / "set.npz",
            x=random.integers(0, 256, (60, 48, 48)).astype(np.uint8),
            y=np.arange(60) % 3,
            classes=np.array(["happy", HOSTILE, f"{HOSTILE} 2"]),
            split=np.repeat(["Training", HOSTILE], 30),
            subject=np.array([f"{HOSTILE} {at // 6}" for at in range(60)]),
        )
        name = store.import_set(folder / "set.npz")
        configuration = replace(starting_point("knn"), classes=("happy", HOSTILE, f"{HOSTILE} 2"))
        request = Request("knn", name, configuration, split=f"Training:{HOSTILE}", faces="crop")
        assert work(runs.create(request).folder, echo=False).state == "finished"
        (runs.home() / "[x](http:evil.example)").mkdir()
        (runs.home() / "[x](http:evil.example)" / runs.ASKED).write_text("{")
        yield folder / "data"


def read_as_markdown(app):
    """All that the page's browser would read as Markdown."""
    for block in _nodes(app._tree):
        proto = getattr(block, "proto", None)
        if proto is not None and type(proto).__name__ not in SHOWN_AS_THEY_ARE:
            yield from _texts(MessageToDict(proto))
    for table in app.table:
        yield from (str(cell) for cell in [*table.value.columns, *table.value.to_numpy().ravel()])


def _nodes(block):
    for child in block.children.values():
        yield child
        if hasattr(child, "children"):
            yield from _nodes(child)


def _texts(part):
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        yield from (text for name, each in part.items() if name not in PLAIN for text in _texts(each))
    elif isinstance(part, list):
        yield from (text for each in part for text in _texts(each))


@pytest.mark.parametrize(
    ("page", "state"),
    [
        *(("datasets", {"datasets view": view}) for view in ("Overview", "Pictures", "Problems", "Splits")),
        ("train", {}),
        *(("evaluate", {"evaluate look": part}) for part in ("Figures", "Confusion", "Comparison")),
        ("spikes", {}),
    ],
)
def test_names_are_shown_letter_by_letter(monkeypatch, trained, page, state):
    monkeypatch.setenv("NEUROMER_DATA", str(trained))
    app = AppTest.from_file(str(PAGES / f"{page}.py"), default_timeout=60)
    for key, value in state.items():
        app.session_state[key] = value
    app.run()
    if page == "evaluate":
        app.get_by_key("evaluate source").set_value("Finished run").run()
    assert not app.exception
    shown = list(read_as_markdown(app))
    assert shown
    for bad in ("[x](http", ":material/home:", "$a$", "**b**", ":red[c]"):
        assert not [each for each in shown if bad in each]
