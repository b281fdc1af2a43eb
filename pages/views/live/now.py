"""What the camera sees right now: the answer, its latest half minute, how fast that is, and what is wrong."""

import streamlit as st

from engine.charts.live_timeline import live_timeline
from engine.errors import LiveError
from engine.recognition.live import LiveFrames, LiveRunner, LiveState
from pages.views.common.figures import show_figure
from pages.views.common.guard import error_boundary
from pages.views.common.page_state import page_state
from pages.views.common.text import escape_markdown, small_print
from pages.views.live.actions import doing, say_refused
from pages.views.live.announced import announce
from pages.views.live.person import choose_person, look_at
from pages.views.live.words import announced, face_of, headline, pace

_EVERY_S = 0.5


def show_now(frames: LiveFrames) -> None:
    """Show what is known, twice a second."""
    _pause(frames)
    page_state("Live", "page")["drawn"] = _version(frames)
    st.fragment(_view, run_every=_EVERY_S)(frames)


def _pause(frames: LiveFrames) -> None:
    runner = frames.working
    paused = runner.state().phase == "paused"
    label, icon = ("Go on", ":material/resume:") if paused else ("Pause", ":material/pause:")
    st.button(
        label,
        icon=icon,
        key="live pause",
        on_click=doing("now", runner.resume if paused else runner.pause),
        help="While paused, pictures are shown but not looked at.",
    )
    say_refused("now")


def _view(frames: LiveFrames) -> None:
    with error_boundary():
        if (runner := frames.live) is None or _version(frames) != page_state("Live", "page").get("drawn"):
            st.rerun()
        state = runner.state()
        choose_person(frames, state)
        st.subheader(escape_markdown(headline(state, frames.person)), anchor=False)
        announce(announced(state, frames.person))
        _timeline(frames, runner, state)
        small_print(escape_markdown(pace(state, frames.skipped)))
        about = face_of(state, frames.person)
        for sentence in [*state.warnings, *(check.sentence for check in (() if about is None else about.warnings))]:
            st.markdown(f":material/warning: {escape_markdown(sentence)}")
        if state.error is not None:
            st.markdown(f":material/error: {escape_markdown(state.error)}")


def _timeline(frames: LiveFrames, runner: LiveRunner, state: LiveState) -> None:
    try:
        timeline = runner.pipeline.timeline(frames.person)
    except LiveError:
        return
    events = [each.event for each in state.events if each.person == frames.person]
    show_figure(live_timeline(timeline, state.time_s, events), "live timeline")


def _version(frames: LiveFrames) -> tuple[object, ...]:
    """Return what the rest of the page depends on: where it changes, all of it is drawn anew."""
    if (runner := frames.live) is None:
        return ()
    state = runner.state()
    look_at(frames, state)
    held_events = tuple((each.number, each.pictures, each.kept) for each in state.events)
    return frames.person, held_events, state.phase == "paused"
