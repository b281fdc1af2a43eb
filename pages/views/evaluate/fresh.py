"""A model put to the test on an imported data set."""

import streamlit as st

from engine.datasets import FaceSet, store
from engine.evaluation.evaluated import Evaluated, about
from engine.evaluation.protocols import JUDGES, figures_of, predict
from engine.models import shipped
from pages.views.common.choose import choose_model
from pages.views.common.page_state import page_state
from pages.views.evaluate.progress import watched

_EVERYTHING = "all pictures"


def fresh() -> Evaluated | None:
    """Let the reader choose model and pictures, and evaluate when asked; the result stays while the page is open."""
    chosen = choose_pictures("evaluate new")
    if chosen is None:
        return None
    name, faces, split, judge = chosen
    model = choose_model("evaluate new model", runs=True)
    kept = page_state("Evaluate", "fresh")
    key = (model, name, split, judge)
    if key not in kept:
        asked = st.button("Evaluate", type="primary", icon=":material/play_arrow:", key="evaluate start")
        if not asked:
            return None
        answering = shipped.load(model)
        with watched("evaluate cancel") as watch:
            predictions, left_out = predict(answering, faces, split, judge=judge, watch=watch)
        figures = figures_of(answering, predictions) | {"left_out": left_out}
        kept[key] = Evaluated(answering.title, about(predictions), figures, answering.card, predictions)
        st.rerun()
    return kept[key]


def choose_pictures(key: str) -> tuple[str, FaceSet, str | None, str] | None:
    """Let the reader choose an imported set, a part of it and whose labels count; None where no set is imported."""
    names = store.names()
    if not names:
        st.info("No data set is imported yet. Import one on the page Datasets, or with python -m engine import.")
        return None
    columns = st.columns(3)
    with columns[0]:
        name = st.selectbox("Data set", names, key=f"{key} set")
    faces = store.load(name)
    parts = [_EVERYTHING] if faces.split is None else [*sorted(set(faces.split.tolist())), _EVERYTHING]
    with columns[1]:
        part = st.selectbox("Part", parts, index=_held_out(parts), key=f"{key} part {name}")
    judges = list(JUDGES) if faces.votes is not None else ["given"]
    with columns[2]:
        judge = st.selectbox("Judged by", judges, format_func=JUDGES.get, key=f"{key} judge {name}")
    return name, faces, None if part == _EVERYTHING else part, judge


def _held_out(parts: list[str]) -> int:
    """Suggest a part that was not trained on, and not the last test pictures, which one reads only once."""
    for wanted in ("PublicTest", "validation", "val", "valid", "test"):
        if wanted in parts:
            return parts.index(wanted)
    return 0
