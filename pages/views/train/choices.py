"""Every choice of a new training that its preset has made already."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import streamlit as st

from engine.errors import ModelError
from engine.models import card as cards
from engine.models import shipped
from engine.training.configuration import AUGMENTATIONS, RECIPES, Configuration
from engine.training.request import EXPRESSIONS
from pages.views.common.choose import model_title

_RANDOM = "random weights"
_BALANCES = {
    "none": "count once, as others do",
    "weights": "count more (class weights)",
    "prior": "balanced (logit-adjusted loss)",
}
_EXPRESSIONS = {
    "six": "six: without neutral, as in the paper",
    "seven": "seven",
    "eight": "eight: with contempt",
}
_LAST = "Once the rest is trained, the last layer alone is learnt anew, from the votes only, every expression alike."
_SMOOTHING = "How much of each label is spread over all expressions, against too much certainty. 0: none of it."
_SHARE = "How far the FERPlus votes count beside the set's own label. 0: not at all, 1: alone."
_EPOCHS = "An epoch is one pass over all training pictures."
_BATCH = "So many pictures are learnt from at once."
_RATE = "How far each batch changes the weights."
_STOPPING = "Ends once the loss on validation pictures has not fallen for some epochs."


def choose_configuration(model: str, usual: Configuration, votes: bool) -> Configuration:
    """Let the user change a preset.

    Parameters
    ----------
    model
        The recipe or learner.
    usual
        Its configuration.
    votes
        Whether the set has FERPlus votes.
    """

    def key(name: str) -> str:
        return f"train {model} {votes} {name}"

    left, middle, right = st.columns(3, gap="large")
    with left:
        names = list(EXPRESSIONS)
        usual_name = next((name for name in names if EXPRESSIONS[name] == usual.classes), names[1])
        chosen = st.selectbox(
            "Expressions", names, index=names.index(usual_name), format_func=_EXPRESSIONS.get, key=key("expressions")
        )
        seed = int(
            st.number_input(
                "Seed", 0, 2**31 - 1, usual.seed, key=key("seed"), help="The same seed gives the same predictions."
            )
        )
    configuration = replace(usual, classes=EXPRESSIONS[chosen], seed=seed)
    if model not in RECIPES:
        return configuration
    with left:
        configuration = replace(configuration, **_labels(usual, votes, key))
    with middle:
        configuration = replace(configuration, **_steps(usual, key))
    with right:
        augmentations = list(AUGMENTATIONS)
        usual_changes = next((name for name in augmentations if AUGMENTATIONS[name] == usual.augmentation), "usual")
        changes = st.selectbox(
            "Augmentation",
            augmentations,
            index=augmentations.index(usual_changes),
            key=key("augmentation"),
            help="Mirror images, small turns, shifts and other light, drawn anew each epoch.",
        )
        balance = st.selectbox(
            "Rare expressions",
            list(_BALANCES),
            index=list(_BALANCES).index(usual.class_balance),
            format_func=_BALANCES.get,
            key=key("balance"),
            help="Without a balance a network answers what is frequent in its set more often than is right elsewhere.",
        )
        half = st.toggle(
            "Half precision",
            usual.precision == "mixed_bfloat16",
            key=key("precision"),
            help="Computes in bfloat16 where it is safe: faster on most machines, nearly as exact.",
        )
        return replace(
            configuration,
            augmentation=AUGMENTATIONS[changes],
            class_balance=balance,
            precision="mixed_bfloat16" if half else "float32",
        )


def choose_initial(model: str, configuration: Configuration) -> str | None:
    """Let the user start from a model of the same architecture; return its name, None for random weights."""
    fitting = [_RANDOM]
    for name in (*shipped.names(), *shipped.names_of_runs()) if model in RECIPES else ():
        with suppress(ModelError, KeyError, TypeError):
            if cards.read(shipped.folder(name))["architecture"]["name"] == configuration.architecture:
                fitting.append(name)
    if len(fitting) == 1:
        return None
    usual = fitting.index(configuration.initial) if configuration.initial in fitting else 0
    name = st.selectbox(
        "Start from",
        fitting,
        index=usual,
        format_func=lambda name: name if name == _RANDOM else model_title(name),
        key=f"train {model} initial",
        help="A model that was trained before learns faster, and better where pictures are few.",
    )
    return None if name == _RANDOM else name


def _steps(usual: Configuration, key: Callable[[str], str]) -> dict[str, object]:
    epochs = int(st.number_input("Epochs at most", 1, 1000, usual.epochs, key=key("epochs"), help=_EPOCHS))
    size = int(st.number_input("Batch size", 1, 1024, usual.batch_size, key=key("batch"), help=_BATCH))
    rate = st.number_input(
        "Learning rate", 1e-6, 1.0, usual.learning_rate, step=1e-4, format="%g", key=key("rate"), help=_RATE
    )
    patience = None
    if st.toggle("Early stopping", usual.patience is not None, key=key("stops"), help=_STOPPING):
        patience = int(st.number_input("Epochs without gain", 1, 100, usual.patience or 5, key=key("patience")))
    return {"epochs": epochs, "batch_size": size, "learning_rate": rate, "patience": patience}


def _labels(usual: Configuration, votes: bool, key: Callable[[str], str]) -> dict[str, object]:
    if not votes:
        smoothing = st.slider(
            "Label smoothing", 0.0, 0.3, usual.label_smoothing, 0.01, key=key("smoothing"), help=_SMOOTHING
        )
        return {"label_smoothing": smoothing, "votes_share": 0.0}
    kinds = {"given": "the set's own", "votes": "FERPlus votes (soft)"}
    labels = st.selectbox(
        "Labels", list(kinds), index=list(kinds).index(usual.labels), format_func=kinds.get, key=key("labels")
    )
    if labels == "votes":
        return {"labels": labels}
    return {
        "labels": labels,
        "votes_share": st.slider(
            "Share of the votes", 0.0, 1.0, usual.votes_share, 0.05, key=key("share"), help=_SHARE
        ),
        "label_smoothing": st.slider(
            "Label smoothing", 0.0, 0.3, usual.label_smoothing, 0.01, key=key("smoothing"), help=_SMOOTHING
        ),
        "last_layer_votes_share": 1.0
        if st.toggle(
            "Last layer anew from the votes", usual.last_layer_votes_share is not None, key=key("last"), help=_LAST
        )
        else None,
    }
