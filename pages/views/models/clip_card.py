"""The card of a model that names micro-expressions in recordings."""

import numpy as np
import streamlit as st

from engine.charts.confusion import confusion_heatmap
from engine.datasets.clip_sets.read import NAMES
from engine.evaluation.metrics import class_scores
from engine.evaluation.words import score_with_interval
from engine.words import in_percent
from pages.views.common.figures import show_figure, show_mistakes
from pages.views.common.folded import show_folded
from pages.views.common.text import escape_markdown, small_print, versions_in_words
from pages.views.models.card import FOLDS, Card, show_command, show_threshold, show_use

HEADING = "For recordings"
LEAD = (
    "Micro-expressions are named by their motion, from the face at the onset to the face at the apex. Longer "
    "expressions in a recording are named at their apex by a model for photos, above. NeuroMER’s model names the "
    "events of a recording; published networks stand beside it to compare, under “Why” of an event."
)
ORACLE = "oracle: best epoch for each test subject"
WHY_NOT_HONEST = (
    f"The row “{ORACLE}”, as published figures are often made, is not the honest figure: it stops each training where "
    "the very subject that is tested is answered best, which nobody can know of a new person."
)


def show_clip_card(card: Card) -> None:
    """Show what a clip model takes and answers, how often it is right, its limits, and how it was made."""
    parts = {
        "What it takes and answers": _what,
        "How often it is right on people it has never seen": _figures,
        "When it says “undecided” about a recording": _threshold,
        "Limits and use in recordings": show_use,
        "How it was made": _training,
    }
    show_folded(FOLDS, parts, card)


def score_rows(evaluation: Card) -> list[dict[str, str]]:
    """Return a row for all clips, for each data set, and, where it is known, for the oracle on all clips.

    Parameters
    ----------
    evaluation
        ``whole``, ``datasets`` and ``oracle`` as `engine.evaluation.subject_figures.figures` tells them.
    """
    rows = {"all clips": evaluation["whole"]}
    rows |= {NAMES.get(name, name): each for name, each in evaluation["datasets"].items()}
    if evaluation["oracle"] is not None:
        rows[ORACLE] = evaluation["oracle"]["whole"]
    return [
        {
            "measured on": escape_markdown(name),
            "UF1": score_with_interval(each["uf1"], each["uf1_interval"]),
            "UAR": score_with_interval(each["uar"], each["uar_interval"]),
            "clips": f"{each['clips']:,}",
        }
        for name, each in rows.items()
    ]


def _what(card: Card) -> None:
    st.table(
        {
            "Takes": escape_markdown(card["input"]),
            "Answers": escape_markdown(f"{card['output']}: {', '.join(card['labels'])}"),
            "Parameters": f"{card['parameters']:,}",
        },
        border="horizontal",
        alt="What the clip model takes and answers",
    )


def _figures(card: Card) -> None:
    if not card["evaluations"]:
        st.info("This model has not been evaluated yet.")
    for number, evaluation in enumerate(card["evaluations"]):
        st.table(
            score_rows(evaluation), hide_index=True, alt="UF1 and UAR on all clips and on each data set with intervals"
        )
        small_print(_in_words(evaluation))
        if evaluation["oracle"] is not None:
            small_print(WHY_NOT_HONEST)
        _by_expression(evaluation, card["labels"], f"models {card['name']} {number}")


def _in_words(evaluation: Card) -> str:
    seeds, each = len(evaluation["seeds"]), evaluation["whole"]["uf1_each"]
    trained = "Trained with one seed."
    if seeds > 1:
        trained = f"Means of {seeds} seeds, whose UF1 on all clips is {min(each):.3f} to {max(each):.3f}."
    return (
        f"{escape_markdown(evaluation['data'])}: {evaluation['clips']:,} clips of {evaluation['subjects']:,} people, "
        f"each answered by a model that never saw the person. {trained} UF1 and UAR are the mean F1 and the mean "
        "recall of the expressions, each counting alike, all clips counted together first; 1 is always right. In "
        "brackets the 95 % interval, by bootstrap over people."
    )


def _by_expression(evaluation: Card, labels: list[str], key: str) -> None:
    confusion = np.array(evaluation["confusion"])
    if confusion.shape != (len(labels), len(labels)):
        raise ValueError(f"a confusion matrix of {len(labels)} expressions")
    left, right = st.columns(2, gap="large")
    with left:
        scores = class_scores(confusion)
        rows = [
            {"expression": escape_markdown(label)}
            | {name.replace("f1", "F1"): in_percent(values[at]) for name, values in scores.items()}
            | {"clips": f"{confusion[at].sum() // len(evaluation['seeds']):,}"}
            for at, label in enumerate(labels)
        ]
        st.table(rows, hide_index=True, alt="Precision, recall and F1 of each expression in recordings")
        show_mistakes(confusion, labels)
        if len(evaluation["seeds"]) > 1:
            small_print(f"Counted over {len(evaluation['seeds'])} seeds together: each clip once a seed.")
    with right:
        show_figure(confusion_heatmap(confusion, labels), f"{key} confusion")


def _threshold(card: Card) -> None:
    show_threshold(card)
    small_print(_calibration(card["calibration"]))


def _calibration(found: Card) -> str:
    return (
        f"Its probabilities are off by {100 * found['ece_after']:.1f} points on average (expected calibration error, "
        f"{escape_markdown(found['data'])}; {100 * found['ece_before']:.1f} before they were scaled by a temperature "
        f"of {found['temperature']:.2f})."
    )


def _training(card: Card) -> None:
    training, data = card["training"], card["data"]
    st.table(
        {
            "Data": escape_markdown(f"{data['name']}: {data['clips']:,} clips of {data['subjects']:,} people"),
            "Chosen": escape_markdown(
                ", ".join(f"{name.replace('_', ' ')} {each}" for name, each in training["chosen"].items())
            ),
            "Seed": str(training["seed"]),
            "Made with": versions_in_words(training["versions"]),
        },
        border="horizontal",
        alt="How the clip model was made",
    )
    show_command("Make it again:", training)
