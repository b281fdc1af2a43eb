"""How often each expression was named rightly: in one round, and over time."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import streamlit as st

from engine.charts.bars import class_bars
from engine.charts.practice import right_by_week
from engine.evaluation.words import percent_with_interval
from engine.practice import CHOICES, DRAWN, Answer, Round, Score, scores
from engine.practice.rounds import PRACTICE
from engine.practice.scores import whole
from engine.records import practice as records
from engine.records.tables import KeptRound
from pages.views.common.figures import show_figure, show_mistakes
from pages.views.common.owner import current_owner
from pages.views.common.page_state import page_state
from pages.views.common.text import small_print

_ALL = "all faces"


def remember(round_: Round) -> None:
    """Remember a round that has ended while the page is open."""
    page_state("Practice", "results").setdefault(round_.begun, round_)


def keep_on() -> Sequence[KeptRound]:
    """Return what is kept; where something is, the rounds of this visit are kept too.

    Raises
    ------
    RecordsError
        As `engine.records.practice.keep`.
    """
    kept = records.listed(current_owner())
    before = {each.begun_at for each in kept}
    new = _drawn(round_ for begun, round_ in page_state("Practice", "results").items() if begun not in before)
    if not kept or not new:
        return kept
    _keep(new)
    return records.listed(current_owner())


def show_results() -> None:
    """List the rounds of this visit, and what was kept of earlier ones."""
    rounds: list[Round] = list(page_state("Practice", "results").values())
    kept = keep_on()
    if not rounds and not kept:
        st.info("There is no result yet: take the first test.")
        return
    if rounds:
        st.subheader("This visit", anchor=False)
        st.table([_row(round_) for round_ in rounds], hide_index=True, alt="Rounds of this visit")
        answers = [answer for round_ in rounds for answer in round_.answers]
        show_scores(scores(answers), answers)
    if kept:
        st.subheader("Week by week", anchor=False)
        _weeks(kept)
        if st.button("Forget all results", key="practice forget"):
            records.forget(current_owner())
            page_state("Practice", "results").clear()
            st.rerun()
        return
    if _drawn(rounds) and st.button("Keep my results", key="practice keep"):
        _keep(_drawn(rounds))
        st.rerun()
    small_print(
        "They go when you leave this page. Kept, they lie in this machine’s database of records: how many faces of "
        "each expression you saw and named rightly, and when. Later rounds are then kept too, until you forget all. "
        "Rounds on imported sets are not: their faces are easier or harder."
    )


def _drawn(rounds: Iterable[Round]) -> list[Round]:
    """Return the rounds that weeks are told of: faces of other sets are easier or harder."""
    return [round_ for round_ in rounds if round_.faces is DRAWN]


def _keep(rounds: Sequence[Round]) -> None:
    for round_ in rounds:
        records.keep(current_owner(), round_)


def _weeks(kept: Sequence[KeptRound]) -> None:
    of = st.segmented_control("Of", [_ALL, *CHOICES], default=_ALL, required=True, key="practice weeks of")
    weeks = records.by_week(kept, None if of == _ALL else of)
    if not weeks:
        st.info(f"No {of} face was shown yet.")
        return
    show_figure(right_by_week(weeks, of), f"practice weeks {of}")
    rows = [
        {
            "week of": f"{monday}",
            "right": f"{score.right} of {score.count}",
            "95 % interval": percent_with_interval(score.share, score.interval),
        }
        for monday, score in weeks.items()
    ]
    st.table(rows, hide_index=True, alt="Named rightly, week by week")
    needed = [each for each in kept if each.threshold_s is not None]
    if needed:
        last = needed[-1]
        between = f"{last.threshold_low_s:.2f} to {last.threshold_high_s:.2f}"
        small_print(
            f"How long you need, by the last practice of {last.begun_at.astimezone():%Y-%m-%d}: "
            f"{last.threshold_s:.2f} s ({between}, 95 % interval)."
        )


def _row(round_: Round) -> dict[str, str]:
    every = whole(scores(round_.answers))
    return {
        "begun": f"{round_.begun.astimezone():%H:%M}",
        "round": round_.kind,
        "faces": round_.faces.title,
        "right": f"{every.right} of {every.count}",
        "right, %": percent_with_interval(every.share, every.interval),
        "time needed": f"{round_.staircase.threshold_s:.2f} s" if round_.kind == PRACTICE else "",
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
    small_print("Recall: of the faces that showed an expression, the share named so. Few faces make wide intervals.")
