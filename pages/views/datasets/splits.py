"""How a set can be divided, and what copies on both sides of a split would be worth."""

import numpy as np
import streamlit as st

from engine.datasets import splits, store
from engine.datasets.words import leak_in_words
from engine.errors import DataError
from engine.evaluation.words import percent_with_interval
from pages.views.common.guard import error_boundary, show_error
from pages.views.common.text import escape_markdown, small_print
from pages.views.datasets.library import OpenSet
from pages.views.datasets.tasks import busy, start_task

_OWN, _HOLD_OUT, _K_FOLD, _LOSO, _BY_PICTURE = (
    "its own",
    "hold-out",
    "5 folds",
    "leave one subject out",
    "by picture (leaks)",
)
_HELD_OUT = "Pictures held out are not learnt from; they show how often a model is right."


def show_splits(opened: OpenSet) -> None:
    """Show the sizes of each kind of split with the copies across, and the worth of the leak."""
    faces = opened.faces
    possible = [_HOLD_OUT, _K_FOLD, _BY_PICTURE]
    if len(opened.about["splits"]) > 1:
        possible.insert(0, _OWN)
    if faces.subject is not None:
        possible.insert(-1, _LOSO)
    kind = st.segmented_control(
        "Divide", possible, default=possible[0], required=True, key=f"datasets divide {opened.name}"
    )
    st.table(_rows(opened.name, opened.version, kind, opened), hide_index=True, alt="Sizes of the sides of each split")
    small_print(f"{_HELD_OUT} {_explanation(opened, kind)}")
    _leak(opened)


@st.cache_data(max_entries=16, show_spinner="Dividing")
def _rows(name: str, version: tuple[str, int, int, int], kind: str, _opened: OpenSet) -> list[dict[str, str]]:
    faces = _opened.faces
    rows = np.arange(len(faces))
    folds = {
        _OWN: lambda: _own_pairs(_opened, rows),
        _HOLD_OUT: lambda: [splits.hold_out(faces, rows)],
        _K_FOLD: lambda: splits.k_fold(faces, rows),
        _LOSO: lambda: splits.leave_one_subject_out(faces, rows),
        _BY_PICTURE: lambda: [splits.by_picture(faces, rows)],
    }[kind]()
    return [
        {
            "split": escape_markdown(fold.name),
            "pictures that train": f"{len(fold.training):,}",
            "held out": f"{len(fold.held_out):,}",
            "held out with a copy that trains": f"{splits.copies_across(faces, rows, fold):,}",
        }
        for fold in folds
    ]


def _own_pairs(opened: OpenSet, rows: np.ndarray) -> list[splits.Fold]:
    names = sorted(opened.about["splits"], key=lambda split: -opened.about["splits"][split])
    return [splits.own_parts(opened.faces, rows, names[0], other) for other in names[1:]]


def _explanation(opened: OpenSet, kind: str) -> str:
    faces = opened.faces
    if kind == _BY_PICTURE:
        return "Only to show what a leak is: NeuroMER refuses to train on such a split."
    if kind == _OWN:
        return (
            "The set's own parts, as it was published. With copies on both sides its figures are too good; NeuroMER "
            "then uses it only when it is asked for by name, and gives the figures without those copies beside it."
        )
    if faces.subject is not None:
        return "No subject is on both sides."
    if faces.group is not None:
        return "Copies of a picture stay on one side, and each side has about the same share of every expression."
    return "Only copies equal to the bit are known yet; check this set to find near and mirrored ones too."


def _leak(opened: OpenSet) -> None:
    faces = opened.faces
    st.header("What a leak is worth", anchor=False)
    with error_boundary():
        try:
            worth = store.leak(opened.name)
        except DataError as error:
            show_error(error)
            worth = None
        simple = worth is None or worth["what"] == "knn"
        model = (
            "simple model (nearest neighbours on local binary patterns)" if simple else escape_markdown(worth["what"])
        )
        st.markdown(
            f"The same {model}, trained and tested twice: once on a split by picture, which puts copies on both sides, "
            "once on a split by group or subject, which does not."
        )
        if worth is not None:
            st.table(
                [
                    {
                        "divided": words,
                        "accuracy": percent_with_interval(worth[way]["accuracy"], worth[way]["accuracy_interval"]),
                        "held out": f"{worth[way]['n']:,}",
                        "held out with a copy that trains": f"{worth['copies_across'] if way == 'by_picture' else 0:,}",
                    }
                    for way, words in (("by_picture", "by picture"), ("by_group", "by group"))
                ],
                hide_index=True,
                alt="Accuracy of the same model on both splits",
            )
            st.markdown(escape_markdown(leak_in_words(worth)))
            small_print("In brackets the 95 % interval.")
        unknown = opened.checks is None and faces.group is None
        if unknown:
            st.info("Check this set first (under “Problems”): only copies equal to the bit are known yet.")
        label = "Measure it" if worth is None else "Measure it again"
        if st.button(label, disabled=unknown or busy(opened.name), key=f"datasets leak {opened.name}"):
            start_task(["import", opened.name, "--leak"], f"Measuring the leak of {opened.name}", opened.name)
