"""What a new training is asked to do, and how its pictures are divided."""

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from engine.datasets import store
from engine.datasets.parts import meaning
from engine.tasks.status import in_words
from engine.training import duration, runs
from engine.training.configuration import RECIPES, Configuration
from engine.training.learners import LEARNERS
from engine.training.request import Request, starting_point
from engine.words import in_percent
from pages.views.common.drawn_set import offer_drawn_set
from pages.views.common.navigation import PAGES_FOLDER
from pages.views.common.text import escape_markdown, small_print
from pages.views.train.choices import choose_configuration, choose_initial

_COPIES = "The set has not been checked: exact, mirrored and near copies are looked for before the training begins."


def choose_request() -> Request | None:
    """Let the user choose data, model, split and everything else; None where there is no data set yet."""
    names = store.names()
    if not names:
        st.info("There is no data set to train on yet.", icon=":material/info:")
        if offer_drawn_set("train drawn"):
            st.switch_page(PAGES_FOLDER / "datasets.py")
        st.page_link(
            PAGES_FOLDER / "datasets.py", label="Import one on the page Datasets", icon=":material/arrow_forward:"
        )
        return None
    data_side, model_side, split_side = st.columns(3)
    data = data_side.selectbox("Data set", names, key="train data")
    about = store.about(data)
    with model_side:
        model = st.selectbox("Model and preset", [*RECIPES, *LEARNERS], format_func=_title, key="train model")
        usual = _for(about, starting_point(model))
        small_print(_summary(model, usual))
    with split_side:
        copies_known = bool(about["groups"]) or store.checks(data) is not None
        split, folds, jobs = choose_split(data, about, model, copies_known=copies_known)
    with st.expander("More choices", icon=":material/tune:"):
        configuration = choose_configuration(model, usual, bool(about["votes"]))
        configuration = replace(configuration, initial=choose_initial(model, configuration))
    small_print(_used(about, configuration))
    if any(run.alive for run in runs.list_all()):
        small_print("Another training is at work; this one will wait for its turn.")
    request = Request(model, data, configuration, split, folds, "auto", jobs)
    lasts = duration.of_stored(request, about, copies_known=copies_known)
    early = ", and less where it learns nothing more" if lasts.at_most else ""
    small_print(f"On this machine it takes {in_words(lasts.total_s)}{early}.")
    return request


def _title(model: str) -> str:
    if model == "paper":
        return f"{RECIPES[model].title}, as in the paper"
    return RECIPES[model].title if model in RECIPES else LEARNERS[model]


def _for(about: Mapping[str, Any], configuration: Configuration) -> Configuration:
    """Return a configuration that the set can serve: without votes it is the given labels that count."""
    if about["votes"]:
        return configuration
    if configuration.labels == "votes":
        return replace(configuration, labels="given", label_smoothing=0.05)
    return replace(configuration, votes_share=0.0)


def _summary(model: str, usual: Configuration) -> str:
    if model in LEARNERS:
        return (
            "A conventional learner, quick to train. It gives figures to compare with, and no model for the page Photo."
        )
    parts = [
        f"up to {usual.epochs} epochs",
        f"batches of {usual.batch_size}",
        f"{'AdamW' if usual.weight_decay else 'Adam'} with a learning rate of {usual.learning_rate:g}",
        f"early stopping after {usual.patience} epochs" if usual.patience else "no early stopping",
        _labels(usual),
    ]
    return f"Preset: {', '.join(parts)}."


def _labels(usual: Configuration) -> str:
    if usual.labels == "votes":
        return "soft labels from FERPlus votes"
    if usual.votes_share:
        return f"soft labels, {in_percent(usual.votes_share, 0)} from FERPlus votes"
    return "the set's own labels"


def _used(about: Mapping[str, Any], configuration: Configuration) -> str:
    if configuration.labels == "votes":
        return f"Of {about['pictures']:,} pictures those with usable votes train."
    counts: Mapping[str, int] = about["labels"]
    without = {label: count for label, count in counts.items() if label not in configuration.classes}
    said = (
        f"{about['pictures'] - sum(without.values()):,} of {about['pictures']:,} pictures have one of its expressions"
    )
    if without:
        said += "; left out: " + ", ".join(
            f"{escape_markdown(label or 'no label')} {count:,}" for label, count in without.items()
        )
    apart = meaning(about["splits"], "test")
    if apart:
        said += f"; {apart[0]} ({about['splits'][apart[0]]:,} pictures) stays untouched unless it is named"
    absent = [label for label in configuration.classes if label not in counts]
    return said + "." + (f" The set has no {', '.join(absent)}." if absent else "")


def choose_split(data: str, about: Mapping[str, Any], model: str, *, copies_known: bool) -> tuple[str, int, int]:
    """Let the user choose a split that the set allows; return it, the number of folds, and how many at once."""
    by = "subject" if about["subjects"] else "group of copies"
    parts = list(about["splits"])
    both = bool(meaning(parts, "training") and meaning(parts, "validation"))
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
    small_print(f"{_meaning(split)} {'' if copies_known else _COPIES}".strip())
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
