"""What a person's corrections teach: learnt, measured on some of them held back, used where that helps, reset."""

from typing import Any

import streamlit as st

from engine.charts.layout import percent
from engine.errors import ConsentError
from engine.records import adaptation, consents
from engine.records.adaptation import Standing
from engine.records.tables import Adaptation, Person
from engine.tasks import Progress
from engine.words import counted
from pages.views.common.guard import error_boundary
from pages.views.common.text import by_clock, escape_markdown, small_print

_HOW = (
    "The recogniser can learn how **{who}** shows expressions, from what you corrected or confirmed in the sessions. "
    "What it learns answers for this person only, and only where you choose that on Photo, Video or Live."
)

_CONFIRM = "Name events in the sessions: confirming a right answer counts as much as correcting a wrong one."


def show_adaptation(owner: str, person: Person) -> None:
    """Show what there is to learn from, and what learning it brings; let it be used, and reset."""
    st.markdown(_HOW.format(who=escape_markdown(person.pseudonym)))
    refused = consents.allowed(owner, person.id)["adaptation"]
    if isinstance(refused, ConsentError):
        st.info(f"{escape_markdown(refused.what)} Take that consent under “Consent”.", icon=":material/draw:")
        return
    now = adaptation.standing(owner, person.id)
    _material(now)
    learnt = now.adaptation
    if learnt is not None:
        with st.container(border=True), error_boundary():
            _figures(learnt.figures)
            _recommend(learnt)
            _choose(owner, person, learnt)
    with error_boundary():
        _learn(owner, person, now)


def _material(now: Standing) -> None:
    sources = len(set(now.corrected.source.tolist()))
    st.markdown(
        f"**{counted(len(now.corrected), 'correction')}** to learn from, out of {counted(sources, 'recording')}."
    )
    for sentence in now.left_out:
        small_print(escape_markdown(sentence))
    if now.missing:
        st.info(f"{escape_markdown(now.missing)} {_CONFIRM}", icon=":material/hourglass_empty:")


def _figures(figures: dict[str, Any]) -> None:
    st.subheader("Before and after, on corrections held back", anchor=False)
    st.table(
        [
            {
                "expression": name,
                "corrections": row["corrections"],
                "right before": percent(row["before"]),
                "right after": percent(row["after"]),
            }
            for name, row in [("all", figures), *figures["expressions"].items()]
        ],
        hide_index=True,
        width="content",
        alt="How many held-back corrections were right before and after learning the others, by expression",
    )
    low, high = figures["interval"]
    st.markdown(
        f"Difference: **{_points(figures['difference'])} points**, 95 % interval {_points(low)} to {_points(high)}."
    )
    held = "Whole recordings were held back" if figures["whole_sources"] else "A fifth was held back"
    small_print(
        f"{held} in turn: each answer is by what the other corrections taught. "
        + (
            ""
            if figures["whole_sources"]
            else f"They are from {counted(figures['sources'], 'recording')}: how it does on another day is not known."
        )
    )


def _points(difference: float) -> str:
    return f"{100 * difference:+.1f}".replace("-", "−")


def _recommend(learnt: Adaptation) -> None:
    if learnt.figures["helps"]:
        st.success("**Use it**: even the low end of the interval is a gain.", icon=":material/thumb_up:")
    elif learnt.figures["interval"][1] < 0:
        st.warning("**Do not use it**: it makes answers worse.", icon=":material/thumb_down:")
    else:
        st.info(
            "**Better without it so far**: the interval includes zero, so the gain may be chance. More corrections "
            "will tell.",
            icon=":material/balance:",
        )


def _choose(owner: str, person: Person, learnt: Adaptation) -> None:
    state = "In use" if learnt.in_use else "Not in use"
    st.markdown(
        f"{state}. Learnt on {by_clock(learnt.learnt_at):%Y-%m-%d %H:%M} from {learnt.corrections} corrections."
    )
    with st.container(horizontal=True):
        label, icon = ("Stop using it", "pause") if learnt.in_use else ("Use it", "check")
        if st.button(
            label,
            icon=f":material/{icon}:",
            type="primary" if learnt.figures["helps"] and not learnt.in_use else "secondary",
            key="sessions adaptation use",
        ):
            adaptation.put_in_use(owner, person.id, not learnt.in_use, learnt.version)
            st.rerun()
        if st.button(
            "Reset",
            icon=":material/restart_alt:",
            key="sessions adaptation reset",
            help="Forgets what was learnt. The corrections stay, so that it can be learnt again.",
        ):
            adaptation.reset(owner, person.id)
            st.rerun()


def _learn(owner: str, person: Person, now: Standing) -> None:
    if now.missing:
        return
    if now.adaptation is not None and not now.outdated:
        return
    if now.adaptation is not None:
        st.markdown("Corrections have changed since.")
    label = "Learn" if now.adaptation is None else "Learn anew"
    if st.button(
        label,
        icon=":material/school:",
        type="primary" if now.adaptation is None else "secondary",
        key="sessions adaptation learn",
    ):
        bar = st.progress(0.0, "Comparing before and after")
        adaptation.learn(owner, person.id, Progress(lambda status: bar.progress(status.share, status.sentence)))
        st.rerun()
