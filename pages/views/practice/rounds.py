"""A test or a round of practice: a face for a moment, seven answers, and what was right."""

import secrets
from typing import Any

import streamlit as st

from engine.practice import CHOICES, DRAWN, Answer, Faces, Round
from engine.practice.displays import moves
from engine.practice.rounds import POST_TEST, PRACTICE, PRE_TEST, TEST_S
from engine.practice.scores import scores, whole
from pages.views.common.page_state import page_state
from pages.views.common.text import small_print
from pages.views.practice.faces import choose_faces
from pages.views.practice.flash import face_shown, show_flash, show_still, shown_before
from pages.views.practice.results import keep_on, remember, show_scores

_TESTS = {"First test": PRE_TEST, "Second test": POST_TEST}
_WIDTH = 260
_CLEAR = 3.0
"""The ends of a threshold's interval are at most so many times apart once it is told."""


def show_test() -> None:
    """Ask for expressions without saying what was right, before and after some practice."""
    name = st.segmented_control("Which", list(_TESTS), default="First test", required=True, key="practice test")
    st.markdown(
        f"Two faces of each expression, each for {TEST_S:g} s, nothing said in between. Take the first test before you "
        "practise and the second one after it: it shows other people."
    )
    _show_round(_TESTS[name])


def show_practice() -> None:
    """Ask for expressions, say at once what was right, and make it harder or easier."""
    st.markdown(
        "Forty faces. After each you see what it showed. Where you are right the next one is shorter, where you are "
        "not it is longer, until it is clear how long you need. Stop whenever you like."
    )
    _show_round(PRACTICE)


def _state() -> dict[str, Any]:
    return page_state("Practice", "round")


def _begin(kind: str, faces: Faces) -> None:
    _state().clear()
    _state().update(round=Round(kind, secrets.randbits(32), faces=faces), play=0, shown_s=None, last=None, spoilt="")


def _show_round(kind: str) -> None:
    round_: Round | None = _state().get("round")
    if round_ is None or round_.kind != kind:
        faces = choose_faces()
        st.button("Begin", type="primary", on_click=_begin, args=(kind, faces), shortcut="b")
        if round_ is not None and not round_.finished:
            small_print("What you have begun elsewhere on this page then ends.")
        return
    if round_.finished or _state().get("stopped"):
        _show_end(round_)
        return
    face, side = st.columns([2, 3], gap="large")
    with face:
        show_flash(round_.faces, round_.trial, _state()["play"], _take)
    with side:
        _ask(round_)
    if kind == PRACTICE and _state()["last"] is not None:
        _show_answer(round_.faces, _state()["last"])


def _ask(round_: Round) -> None:
    """Show the keys: one to see the face, seven to answer."""
    st.progress(len(round_.answers) / round_.count, f"Face {len(round_.answers) + 1} of {round_.count}")
    waiting = _state()["shown_s"] is not None
    st.button("Show the face", type="primary", on_click=_play, shortcut="s", disabled=waiting)
    if _state()["spoilt"]:
        st.warning(_state()["spoilt"], icon=":material/timer:")
    st.markdown("Which expression was it?" if waiting else "Then say which expression it was.")
    with st.container(horizontal=True):
        for number, choice in enumerate(CHOICES, 1):
            st.button(
                choice,
                key=f"practice answer {choice}",
                on_click=_answer,
                args=(choice,),
                shortcut=str(number),
                disabled=not waiting,
            )
    if waiting:
        small_print(f"It stood for {_state()['shown_s']:.3f} s, as this browser measured.")
    if round_.kind == PRACTICE and round_.answers:
        st.button("Stop here", on_click=_stop, type="tertiary")


def _play() -> None:
    _state().update(play=_state()["play"] + 1, last=None, spoilt="")


def _take(told: dict[str, Any]) -> None:
    """Take how long the face stood; where that was too long show another one."""
    state = _state()
    if "round" not in state or told.get("play") != state["play"]:
        return
    round_, shown_s = state["round"], told["shown_ms"] / 1000
    if round_.trial.shown_well(shown_s):
        state["shown_s"] = shown_s
        return
    state["spoilt"] = (
        f"The browser was busy: the face stood for {shown_s:.2f} s in place of {round_.trial.duration_s:.2f} s. It "
        "doesn’t count; here is another one."
    )
    round_.skip()


def _answer(choice: str) -> None:
    state = _state()
    round_ = state["round"]
    state["last"] = round_.answer(choice, state["shown_s"])
    state["shown_s"] = None
    if round_.finished:
        remember(round_)


def _stop() -> None:
    _state()["stopped"] = True
    remember(_state()["round"])


def _show_answer(faces: Faces, answer: Answer) -> None:
    """Say what it was, and what to look for."""
    was, said = answer.trial.expression, answer.answered
    (st.success if answer.right else st.info)(f"Yes, **{was}**." if answer.right else f"It was **{was}**, not {said}.")
    with st.container(horizontal=True):
        if faces is DRAWN:
            rest = shown_before(faces, answer.trial.person)
            show_still(rest, "at rest", _WIDTH, "The face at rest")
        show_still(face_shown(faces, answer.trial.person, was), was, _WIDTH, f"The face, {was}")
        with st.container(width=300):
            told = "\n".join(f"- {words} (AU{unit})" for unit, words in moves(was))
            moved = "What moves" if faces is DRAWN else "What usually moves"
            st.markdown(f"{moved}:\n\n{told}" if told else "Nothing moves: that is a face at rest.")


def _show_end(round_: Round) -> None:
    keep_on()
    found = scores(round_.answers)
    every = whole(found)
    st.subheader(f"{every.right} of {every.count} named as they were shown", anchor=False)
    if round_.kind == PRACTICE:
        low, high = round_.staircase.interval_s
        between = f"95 % interval {low:.2f} to {high:.2f} s"
        if high <= _CLEAR * low:
            needed = f"**{round_.staircase.threshold_s:.2f} s**"
            st.markdown(f"You name two of three faces that are shown for about {needed} ({between}).")
        else:
            st.markdown(f"These were too few faces to tell how long you need ({between}).")
        small_print(
            "Found by QUEST, a Bayesian staircase (Watson and Pelli 1983): after each answer the next face is shown "
            "for as long as tells most. Expressions of at most half a second are called micro-expressions."
        )
    show_scores(found, round_.answers)
    st.button("Another round", on_click=_begin, args=(round_.kind, round_.faces))
