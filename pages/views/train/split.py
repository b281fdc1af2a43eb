"""How a new training's pictures are divided."""

import os
from collections.abc import Mapping
from typing import Any

import streamlit as st

from engine.datasets import splits, store
from engine.training.configuration import RECIPES
from engine.training.learners import LEARNERS
from pages.views.common.text import small_print


def choose_split(data: str, about: Mapping[str, Any], model: str) -> tuple[str, int, int]:
    """Let the user choose a split that the set allows; return it, the number of folds, and how many at once."""
    by = "subject" if about["subjects"] else "group of copies"
    parts = list(about["splits"])
    both = all(set(parts) & set(known) for known in (splits.TRAINING, splits.VALIDATION))
    options = {"hold-out": f"80/20, by {by}", "tenth": f"90/10, by {by}", "k-fold": f"k-fold, by {by}"}
    if both:
        options = {"auto": "the set's own training and validation part", **options}
    if about["subjects"]:
        options["loso"] = "leave one subject out"
    if len(parts) > 1:
        options["own"] = "two of the set's parts by name"
    as_in_the_paper = model in LEARNERS or RECIPES[model].architecture == "paper_cnn_lstm"
    preset = "hold-out" if as_in_the_paper or not both else "auto"
    split = st.selectbox(
        "Split",
        list(options),
        index=list(options).index(preset),
        format_func=options.get,
        key=f"train split {data} {model}",
    )
    folds, jobs = 5, 1
    if split == "own":
        training = st.selectbox("Trains", parts, key=f"train part {data}")
        held_out = st.selectbox("Held out", [part for part in parts if part != training], key=f"train held out {data}")
        split = f"{training}:{held_out}"
    elif split == "k-fold":
        folds = st.number_input("Folds", 2, 20, 5, key="train folds")
    if split in ("k-fold", "loso"):
        jobs = st.number_input("Folds at once", 1, os.cpu_count() or 1, 1, key="train jobs")
    small_print(f"{_meaning(split)} {_copies(data, about)}".strip())
    return split, int(folds), int(jobs)


def _meaning(split: str) -> str:
    if split == "auto":
        return "The validation part also chooses the epoch and the threshold; test pictures stay untouched."
    if split in ("k-fold", "loso"):
        return "Every picture is held out once. This gives figures, and no model for the page Photo."
    if split == "hold-out":
        return "A fifth is held out and not looked at while training; a tenth of the rest is for validation."
    if split == "tenth":
        return "As many pictures as possible train; the tenth that is held out also chooses epoch and threshold."
    return "As the set was published, copies on both sides included; the figures say what they are without them."


def _copies(data: str, about: Mapping[str, Any]) -> str:
    if about["groups"] or store.checks(data) is not None:
        return ""
    return "The set has not been checked: exact, mirrored and near copies are looked for before the training begins."
