"""How often each expression was named rightly: in one round, and over time."""

from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st

from engine.charts.bars import class_bars
from engine.evaluation.words import percent_with_interval
from engine.practice import CHOICES, Answer, Round, Score, scores
from engine.practice.rounds import PRACTICE
from engine.practice.scores import whole
from pages.views.common.figures import show_figure, show_mistakes
from pages.views.common.page_state import page_state
from pages.views.common.text import small_print


def keep(round_: Round) -> None:
    """Remember a round that has ended, once."""
    page_state("Practice", "results").setdefault(round_.begun, round_)


def show_results() -> None:
    """List the rounds of this visit."""
    kept: list[Round] = list(page_state("Practice", "results").values())
    if not kept:
        st.info("There is no result yet: take the first test.")
        return
    st.table([_row(round_) for round_ in kept], alt="Rounds of this visit")
    answers = [answer for round_ in kept for answer in round_.answers]
    st.subheader("All rounds together", anchor=False)
    show_scores(scores(answers), answers)
    small_print("Results are kept until you leave this page.")


def _row(round_: Round) -> dict[str, str]:
    every = whole(scores(round_.answers))
    return {
        "begun": f"{round_.begun.astimezone():%H:%M}",
        "round": round_.kind,
        "right": f"{every.right} of {every.count}",
        "right, %": percent_with_interval(every.share, every.interval),
        "needed": f"{round_.staircase.threshold_s:.2f} s" if round_.kind == PRACTICE else "",
    }


def show_scores(found: Mapping[str, Score], answers: Sequence[Answer]) -> None:
    """Show a bar an expression with its interval, the same as a table, and what is taken for what."""
    bars, table = st.columns(2, gap="large")
    with bars:
        shares = {
            name: {"recall": each.share, "recall_interval": each.interval, "support": each.count}
            for name, each in found.items()
        }
        show_figure(class_bars(shares, "recall"), f"practice {len(answers)}")
    with table:
        st.table(
            [
                {
                    "expression": name,
                    "right": f"{each.right} of {each.count}",
                    "95 % interval": percent_with_interval(each.share, each.interval),
                }
                for name, each in found.items()
            ],
            hide_index=True,
            alt="Right answers an expression",
        )
        confusion = np.zeros((len(CHOICES), len(CHOICES)), int)
        for answer in answers:
            confusion[CHOICES.index(answer.trial.expression), CHOICES.index(answer.answered)] += 1
        show_mistakes(confusion, CHOICES)
    small_print("The intervals are wide where few faces were shown: one round more says more.")
