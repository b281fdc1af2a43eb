"""A model's card as a page."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from engine.charts.bars import SCORE_NAMES, SCORES_IN_WORDS, ablation, class_scores
from engine.charts.confusion import confusion_heatmap
from engine.charts.curves import learning_curves
from engine.evaluation.words import percent_with_interval, points_with_interval
from engine.models.card import thresholds
from engine.words import in_percent
from pages.views.common.figures import show_figure, show_left_out, show_mistakes
from pages.views.common.folded import show_folded
from pages.views.common.text import escape_markdown, small_print, versions_in_words

Card = Mapping[str, Any]

ON_ANOTHER_PROCESSOR = (
    "On another processor, or with other versions, numbers are rounded differently: the weights are not quite the same "
    "then, nor are the figures."
)

FOLDS = "models fold"
WHAT, USE = "What it is", "Limits and use"


def show_card(card: Card) -> None:
    """Show what a model is, how often it is right, where it fails, and what may not be done with it."""
    parts: dict[str, Callable[[Card], None]] = {
        WHAT: _what,
        "How often it is right": _figures,
        "When it says “undecided”": show_threshold,
    }
    if "whole_path" in card:
        parts["From a photo to the face"] = _whole_path
    if "ablation" in card:
        parts["What each part is worth"] = _ablation
    parts |= {USE: show_use, "How it was trained": _training}
    show_folded(FOLDS, parts, card, at_first=(WHAT, USE), contents=True)


def show_comparison(cards: Sequence[Card]) -> None:
    """Show the accuracy of all models side by side, each on all pictures that it has an answer for."""
    rows = [
        {"model": escape_markdown(card["title"])}
        | {
            f"accuracy, {escape_markdown(each['data'])}, {each['judged_by']}": _with_interval(each, "accuracy")
            for each in card["evaluations"]
        }
        | {"expressions": str(len(card["labels"])), "parameters": f"{card['parameters']:,}"}
        for card in cards
    ]
    last = ("expressions", "parameters")
    # All accuracies first: a phone shows only the first columns without scrolling the table.
    columns = [*dict.fromkeys(column for row in rows for column in row if column not in last), *last]
    st.table(
        [{column: row.get(column, "") for column in columns} for row in rows],
        hide_index=True,
        alt="Accuracy of all models",
    )
    small_print(
        "Accuracy: the share of the pictures that is answered as it is labelled, in brackets the 95 % interval. A "
        "cell is empty where a model was not measured. Figures on different pictures or labels do not compare."
    )


def headlines(card: Card) -> list[dict[str, Any]]:
    """Return a row for each evaluation on all its pictures, and for each on those without a copy in another split."""
    return [
        {
            "of": escape_markdown(str(evaluation["data"])),
            "judged by": str(evaluation["judged_by"]),
            "pictures": f"{figures['n']:,}, {pictures}",
            "accuracy": _with_interval(figures, "accuracy"),
            "mean recall": _with_interval(figures, "balanced_accuracy"),
            "macro F1": _with_interval(figures, "macro_f1"),
        }
        | _sureness(figures)
        for evaluation in card["evaluations"]
        for pictures, figures in _versions(evaluation).items()
    ]


def recalls(card: Card) -> list[dict[str, str]]:
    """Return a row for each expression: how much of it is found in each evaluation."""
    return [
        {"expression": label}
        | {
            escape_markdown(f"{evaluation['data']}, {evaluation['judged_by']}"): percent_with_interval(
                scores["recall"], scores["recall_interval"]
            )
            for evaluation in card["evaluations"]
            if (scores := evaluation["per_class"].get(label)) and scores["support"]
        }
        for label in card["labels"]
    ]


def weakest(card: Card) -> str:
    """Say which expression is found least on any of the sets, and what is answered in its place."""
    found = [
        (scores["recall"], label, evaluation)
        for evaluation in card["evaluations"]
        for label, scores in evaluation["per_class"].items()
        # What has epochs of its own tells of other trainings by the same recipe, which did not know the set.
        if scores["support"] and label in card["labels"] and "epochs" not in evaluation
    ]
    if not found:
        return ""
    recall, label, evaluation = min(found, key=lambda each: each[0])
    others = dict(zip(evaluation["labels"], evaluation["confusion"][evaluation["labels"].index(label)], strict=True))
    del others[label]
    return (
        f"It fails most on {label} in {escape_markdown(evaluation['data'])} ({evaluation['judged_by']}): "
        f"{in_percent(recall, 0)} are found, and most of the others are called {max(others, key=others.__getitem__)}."
    )


def _with_interval(figures: Card, score: str) -> str:
    return percent_with_interval(figures[score], figures[f"{score}_interval"])


def _sureness(figures: Card) -> dict[str, str]:
    """Return what older cards do not tell: how far its probabilities are off, and what its doubt is worth."""
    if "calibration" not in figures:
        return {}
    return {
        "calibration error": in_percent(figures["calibration"]["ece"]),
        "right on the surest 80 %": in_percent(figures["selective"]["accuracy_at_80"]),
    }


def _versions(evaluation: Card) -> dict[str, Card]:
    """Return the figures by the pictures that they are of: all, and those without a copy in another split."""
    versions = {"all": evaluation}
    if evaluation["leak_free"] is not None:
        versions["without copies of training pictures"] = evaluation["leak_free"]
    return versions


def _what(card: Card) -> None:
    show_what(card, "What the model is")


def _figures(card: Card) -> None:
    if not card["evaluations"]:
        st.info("This model has not been evaluated yet.")
        return
    st.table(headlines(card), hide_index=True, alt="Accuracy and macro F1 of each evaluation with 95 % intervals")
    small_print(
        "In brackets the 95 % interval, by bootstrap over groups of copies. Mean recall and macro F1 are the means of "
        "the expressions' recall and F1, each counting alike."
    )
    st.table(recalls(card), hide_index=True, alt="Recall of each expression on each set, with 95 % intervals")
    small_print(f"Recall: of the faces that show an expression, the share that is called by its name. {weakest(card)}")
    options = {
        f"{evaluation['data']}, {evaluation['judged_by']}, {pictures}": (evaluation, figures)
        for evaluation in card["evaluations"]
        for pictures, figures in _versions(evaluation).items()
    }
    chosen = st.selectbox("In detail", list(options), key=f"models detail {card['name']}")
    evaluation, figures = options[chosen]
    _detail(evaluation, figures, f"models {card['name']} {chosen}")


def _detail(evaluation: Card, figures: Card, key: str) -> None:
    left, right = st.columns(2, gap="large")
    per_class = figures["per_class"]
    with left:
        show_figure(class_scores(per_class), f"{key} scores")
        rows = [
            {"expression": label}
            | {score.replace("f1", "F1"): in_percent(scores[score]) for score in SCORE_NAMES}
            | {"pictures": f"{scores['support']:,}"}
            for label, scores in per_class.items()
        ]
        st.table(rows, hide_index=True, alt="Precision, recall and F1 of each expression")
        small_print(SCORES_IN_WORDS)
    with right:
        show_figure(confusion_heatmap(figures["confusion"], figures["labels"]), f"{key} confusion")
        show_mistakes(figures["confusion"], figures["labels"])
    show_left_out(evaluation["left_out"])


def show_threshold(card: Card) -> None:
    """Say below which probability of each expression a model says “undecided”, and what that is worth."""
    threshold = card["threshold"]
    worth = (
        ""
        if threshold["accuracy_decided"] is None
        else (
            f", and {in_percent(threshold['accuracy_decided'])} of the decided ones were right, against "
            f"{in_percent(threshold['accuracy_all'])} of all"
        )
    )
    st.markdown(
        f"Below these probabilities it says “undecided”: the {escape_markdown(threshold['chosen'])}. Of those it "
        f"decided {in_percent(threshold['coverage'], 0)}{worth}."
    )
    st.table(
        {label: in_percent(least) if least <= 1 else "never" for label, least in thresholds(card).items()},
        border="horizontal",
        alt="The probability from which each expression counts as decided",
    )


def _whole_path(card: Card) -> None:
    path = card["whole_path"]
    lost = path["loss_points"]
    cost = f"{lost:.1f} points" if round(lost, 1) > 0 else "nothing"
    st.markdown(
        f"{path['n']:,} face crops of {escape_markdown(path['data'])} were set into a larger frame, found again, "
        f"aligned and cropped. Of the {path['detectable']:,} with a detectable face, {in_percent(path['found_share'])} "
        f"were found. The model was right on {in_percent(path['accuracy_found'])} of the crops found so and on "
        f"{in_percent(path['accuracy_bare'])} of the same crops as they were: the way costs {cost}."
    )


def show_what(card: Card, alt: str) -> None:
    """Show what weights are, what they take, and what they answer or give."""
    made = card["architecture"]
    answers = f": {', '.join(card['labels'])}" if "labels" in card else ""
    st.table(
        {
            "Architecture": escape_markdown(f"{made['title']} ({made['source']})"),
            "Parameters": f"{card['parameters']:,}",
            "Takes": escape_markdown(card["input"]),
            "Answers" if answers else "Gives": escape_markdown(card["output"] + answers),
        },
        border="horizontal",
        alt=alt,
    )


def show_command(words: str, training: Mapping[str, Any], choices: str | None = None) -> None:
    """Show the command that makes weights again, and under ``choices`` every choice behind it."""
    st.markdown(words)
    st.code(training["command"], language="bash", wrap_lines=True)
    small_print(ON_ANOTHER_PROCESSOR)
    if choices is not None:
        st.markdown(choices)
        st.json(training["configuration"], expanded=False)


def show_use(card: Card) -> None:
    """Show a model's limits, what it is made for and what it may not be used for."""
    lists = {
        "Limits": ("limits", ":material/info:"),
        "Made for": ("intended_use", ":material/check_circle:"),
        "Not to be used for": ("forbidden_use", ":material/block:"),
    }
    for column, (heading, (key, icon)) in zip(st.columns(len(lists), gap="large"), lists.items(), strict=True):
        column.markdown(f"**{icon} {heading}**")
        column.markdown("\n".join(f"- {escape_markdown(line)}" for line in card[key]))


def _training(card: Card) -> None:
    training, data = card["training"], card["data"]
    left, right = st.columns(2, gap="large")
    with left:
        st.table(
            {
                "Data": escape_markdown(data["name"]),
                "Training pictures": f"{data['training_pictures']:,}",
                "Validation pictures": f"{data['validation_pictures']:,}",
                "Division": escape_markdown(data["division"]),
                "Started from": escape_markdown(training["initial"] or "random weights"),
                "Fingerprint of the data": f"`{data['fingerprint'][:16]}…`",
                "Made with": versions_in_words(training["versions"]),
            },
            border="horizontal",
            alt="Data, protocol and versions",
        )
    with right:
        history = training["history"]
        show_figure(learning_curves(history["accuracy"], history["val_accuracy"]), f"models {card['name']} learning")
    show_command("Train it again:", training, "Every choice of the training")


def _ablation(card: Card) -> None:
    """Show mean recall and accuracy with all parts and without each, as a chart and as a table."""
    found = card["ablation"]
    left, right = st.columns(2, gap="large")
    with left:
        show_figure(ablation(found["parts"]), f"models {card['name']} ablation")
    with right:
        whole = {
            "recipe": "whole",
            "mean recall": _with_interval(found, "balanced_accuracy"),
            "accuracy": _with_interval(found, "accuracy"),
            "McNemar p": "",
        }
        rows = [
            {
                "recipe": escape_markdown(f"without {part['name']}"),
                "mean recall": _change(part["balanced_accuracy"]),
                "accuracy": _change(part["accuracy"]),
                "McNemar p": _chance(part["mcnemar_mid"]),
            }
            for part in found["parts"]
        ]
        st.table(
            [whole, *rows],
            hide_index=True,
            alt="Mean recall and accuracy with all parts, and without each",
        )
    small_print(
        f"Each was trained anew with {found['epochs']} epochs and seed {found['seed']}; more epochs may give other "
        f"figures and other differences. Judged by {escape_markdown(found['judged_by'])} on the same {found['n']:,} "
        f"validation pictures of {escape_markdown(found['data'])} ({escape_markdown(found['division'])}). The "
        "intervals say what other pictures would change, not what another seed would. McNemar p: how probable so "
        "large a difference is where the part is worth nothing. A network that goes without the votes learns the "
        "set's own labels."
    )
    st.code(found["command"], language="bash", wrap_lines=True)


def _change(score: Mapping[str, Any]) -> str:
    return points_with_interval(score["difference"], score["interval"])


def _chance(p: float) -> str:
    return "< 0.001" if p < 0.001 else f"{p:.3f}"
