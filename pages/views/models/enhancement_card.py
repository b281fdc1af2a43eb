"""The card of weights that make dark faces brighter before a model sees them."""

import streamlit as st

from engine.charts.curves import robustness_curves
from engine.evaluation.degradations import DEGRADATIONS
from engine.evaluation.words import percent_with_interval
from engine.images.lowlight import METHODS
from pages.views.common.figures import show_figure
from pages.views.common.folded import show_folded
from pages.views.common.text import escape_markdown, small_print, versions_in_words
from pages.views.models.card import FOLDS, Card, show_command, show_what

HEADING = "For dark pictures"
LEAD = (
    "An enhancement answers no expression. It makes a dark face brighter, and a model for photos looks at the result."
)


def show_enhancer_card(card: Card) -> None:
    """Show what an enhancement takes and gives, what it wins back of what darkness costs, its limits and its making."""
    parts = {
        "What it takes and gives": _what,
        "What it wins back in the dark": _figures,
        "Limits in the dark": _limits,
        "How the enhancement was trained": _training,
    }
    show_folded(FOLDS, parts, card)


def won_back_rows(evaluations: list[Card]) -> list[dict[str, str]]:
    """Return a row a model and kind of darkness: what it costs, and the share that each enhancement wins back.

    Parameters
    ----------
    evaluations
        As `engine.studies.low_light.measure` tells them, with ``data``, ``split`` and ``judged_by``.
    """
    return [
        {
            "model": escape_markdown(each["model"]),
            "darkness": escape_markdown(_title(each)),
            "costs": f"{100 * each['cost']:.1f} points",
        }
        | {
            f"{METHODS.get(method, method)} wins back": percent_with_interval(row["won_back"], row["won_back_interval"])
            for method, row in each["methods"].items()
            if method != "none"
        }
        | {"pictures": escape_markdown(f"{each['n']:,}, {_pictures(each)}")}
        for each in evaluations
    ]


def accuracy_rows(evaluation: Card) -> list[dict[str, str]]:
    """Return a row an enhancement: the accuracy behind it at each strength of darkness, with its interval."""
    steps = ["as they are", *(f"{strength:g} {_unit(evaluation)}" for strength in evaluation["strengths"][1:])]
    return [
        {"enhancement": escape_markdown(METHODS.get(method, method))}
        | {
            step: percent_with_interval(value, ends)
            for step, value, ends in zip(steps, row["accuracy"], row["interval"], strict=True)
        }
        for method, row in evaluation["methods"].items()
    ]


def _what(card: Card) -> None:
    show_what(card, "What the enhancement takes and gives")


def _limits(card: Card) -> None:
    st.markdown("\n".join(f"- {escape_markdown(line)}" for line in card["limits"]))


def _figures(card: Card) -> None:
    evaluations = card.get("evaluations") or []
    if not evaluations:
        st.info("What it wins back has not been written into its card yet. Measure it:")
        st.code("python -m engine study low-light --data NAME --save", language="bash", wrap_lines=True)
        return
    st.table(won_back_rows(evaluations), hide_index=True, alt="What darkness costs and what is won back of it")
    small_print(
        "Darkness is simulated. It costs the accuracy on the pictures as they are, less the mean accuracy on the "
        "darkened ones. What an enhancement wins back is a share of that, below 0 where it makes things worse; in "
        "brackets the 95 % interval, by bootstrap over groups of copies."
    )
    options = {f"{each['model']}, {_title(each)}, {_pictures(each)}": each for each in evaluations}
    chosen = st.selectbox("Darker and darker", list(options), key=f"models detail {card['name']}")
    evaluation = options[chosen]
    sweep = {
        "title": _title(evaluation),
        "unit": _unit(evaluation),
        "strengths": [0, *evaluation["strengths"][1:]],
        "models": evaluation["methods"],
    }
    titles = {method: METHODS.get(method, method) for method in evaluation["methods"]}
    show_figure(robustness_curves(sweep, titles), f"models {card['name']} {chosen}")
    st.table(accuracy_rows(evaluation), hide_index=True, alt="Accuracy behind each enhancement as pictures get darker")


def _training(card: Card) -> None:
    training, data = card["training"], card["data"]
    st.table(
        {
            "Data": escape_markdown(f"{data['name']}, {data['division']}: {data['training_pictures']:,} pictures"),
            "Fingerprint of the data": f"`{data['fingerprint'][:16]}…`",
            "Made with": versions_in_words(training["versions"]),
        },
        border="horizontal",
        alt="Data and versions of the enhancement",
    )
    show_command("Train the enhancement again:", training, "Every choice of the enhancement's training")


def _title(evaluation: Card) -> str:
    kind = evaluation["kind"]
    return DEGRADATIONS[kind].title if kind in DEGRADATIONS else str(kind)


def _unit(evaluation: Card) -> str:
    kind = evaluation["kind"]
    return DEGRADATIONS[kind].unit if kind in DEGRADATIONS else "times darker"


def _pictures(evaluation: Card) -> str:
    return ", ".join(str(evaluation[name]) for name in ("data", "split", "judged_by") if evaluation.get(name))
