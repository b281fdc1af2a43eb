"""What the camera sees right now: the answer, its latest half minute, how fast that is, and what is wrong."""

import time

import streamlit as st

from engine.charts.live import live_timeline
from engine.errors import LiveError
from engine.features import action_units
from engine.recognition.live import LiveEvent, LiveFace, LiveFrames, LiveRunner, LiveState
from pages.views.common.answer_words import EVENT_KINDS, answer_with_share
from pages.views.common.figures import show_figure
from pages.views.common.guard import error_boundary
from pages.views.common.page_state import page_state
from pages.views.common.text import escape_markdown, small_print
from pages.views.common.unit_words import units_told
from pages.views.live.lessons import taught_in_words
from pages.views.live.refreshing import action_callback, announce, show_action_error
from pages.views.live.steady import LastingWarnings, SteadyAnswer

_EVERY_S = 0.5
_STILL = {"paused": "Paused", "silent": "No picture comes"}
_KEY = "live person"
_AWAY_S = 1.0  # a face that is lost is mostly found again within some frames


def show_answer(frames: LiveFrames, calm: bool) -> None:
    """Show what is known, twice a second; to be ``calm`` in words only, which change once they have held."""
    _pause(frames)
    page_state("Live", "page")["drawn"] = _version(frames)
    st.fragment(_view, run_every=_EVERY_S)(frames, calm)


def _pause(frames: LiveFrames) -> None:
    runner = frames.working
    paused = runner.state().phase == "paused"
    label, icon = ("Go on", ":material/resume:") if paused else ("Pause", ":material/pause:")
    st.button(
        label,
        icon=icon,
        key="live pause",
        on_click=action_callback("now", runner.resume if paused else runner.pause),
        help="While paused, pictures are shown but not looked at.",
    )
    show_action_error("now")


def _view(frames: LiveFrames, calm: bool) -> None:
    with error_boundary():
        if (runner := frames.live) is None or _version(frames) != page_state("Live", "page").get("drawn"):
            st.rerun()
        state = runner.state()
        _choose_person(frames, state)
        headline = _calm_words(state, frames.person) if calm else _headline(state, frames.person)
        st.subheader(escape_markdown(headline), anchor=False)
        announce(_announcement(state, frames.person))
        about = face_of(state, frames.person)
        if about is not None:
            _say_who_taught(frames, about)
        _warn(state, about)
        if calm:
            return
        _timeline(frames, runner, state)
        if about is not None:
            st.markdown(_what_moves(about), help=units_told(about.units_rested))
        small_print(escape_markdown(_frame_rate(state, frames.skipped)))


def _say_who_taught(frames: LiveFrames, about: LiveFace) -> None:
    """Mark an answer that somebody's own corrections have changed."""
    if about.personal is not None:
        small_print("Answered for as this person’s own corrections have taught.")
    if about.corrections:
        lessons = frames.working.pipeline.lessons(about.person)
        small_print(f":material/school: As taught here: {escape_markdown(taught_in_words(lessons))}.")


def _warn(state: LiveState, about: LiveFace | None) -> None:
    """Say what is wrong with the picture once it has been so for a while, and at once that nothing can be seen."""
    if state.error is not None:
        st.markdown(f":material/error: {escape_markdown(state.error)}")
    lasting = page_state("Live", "page").setdefault("warnings", LastingWarnings())
    now = [*state.warnings, *(check.sentence for check in (() if about is None else about.warnings))]
    held = lasting.after(now, time.monotonic())
    for sentence in now if state.phase == "silent" else held:
        st.markdown(f":material/warning: {escape_markdown(sentence)}")


def _calm_words(state: LiveState, person: int | None) -> str:
    """Return the answer without its share, once it has held."""
    steady = page_state("Live", "page").setdefault("steady", SteadyAnswer())
    face = face_of(state, person)
    words = _headline(state, person) if face is None or state.phase in _STILL else face.answer
    return steady.after(words, time.monotonic())


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
    _follow_person(frames, state)
    held_events = tuple((each.number, each.pictures, each.kept) for each in state.events)
    return frames.person, held_events, state.phase == "paused"


def face_of(state: LiveState, person: int | None) -> LiveFace | None:
    """Return a person's face in the latest picture, None where it is not in sight."""
    return next((face for face in state.faces if face.person == person), None)


def _headline(state: LiveState, person: int | None) -> str:
    """Return the answer in a few words: ``happy, 93 %``."""
    if state.phase == "starting":
        return "Starting: waiting for the first picture"
    if state.phase in _STILL:
        return _STILL[state.phase]
    face = face_of(state, person)
    if face is None:
        return _no_face(state, person)
    whose = f"Person {person}: " if len(state.faces) > 1 else ""
    return whose + answer_with_share(face.expression, face.decided, face.certainty)


def _no_face(state: LiveState, person: int | None) -> str:
    return f"Person {person} is out of sight" if person is not None and state.faces else "No face in sight"


def _announcement(state: LiveState, person: int | None) -> str:
    """Return what is to be said aloud: the answer without its share, which changes all the time, and new events."""
    face = face_of(state, person)
    now = {"starting": "Starting", **_STILL}.get(state.phase) or (
        _no_face(state, person) if face is None else face.answer
    )
    last = "" if not state.events else f" Latest event: {event_summary(state.events[-1])}."
    return f"{now}.{last}"


def event_summary(each: LiveEvent) -> str:
    """Return an event in a few words: ``micro-expression at 3.42 s: happy, 83 %``."""
    event = each.event
    said = event.answer
    if event.certainty is not None:
        said = answer_with_share(event.expression, event.decided, event.certainty)
    moved = action_units.in_words(event.moved)
    return f"{EVENT_KINDS[event.kind]} at {event.onset_s:.2f} s: {said}{'; ' if moved else ''}{moved}"


def _what_moves(face: LiveFace) -> str:
    """Say which action units are present, and beside what."""
    beside = "this person's own rest" if face.units_rested else "an average face"
    return f"**What moves**, beside {beside}: {action_units.in_words(face.moved) or 'nothing'}."


def _frame_rate(state: LiveState, skipped: int) -> str:
    """Say how fast frames are looked at, how late the answer is, and how many were left out."""
    if not state.frames:
        return "No frame has been looked at yet."
    rate = "" if state.fps is None else f"{state.fps:.1f} frames a second are looked at, "
    left_out = state.dropped + skipped
    lost = "none was left out" if not left_out else f"{left_out:,} of {state.frames + left_out:,} were left out"
    size = f"{state.size[0]} × {state.size[1]} pixels"
    return f"{rate}{size}; an answer comes {1000 * state.lag_s:.0f} ms after its frame; {lost}."


def _follow_person(frames: LiveFrames, state: LiveState) -> None:
    """Stay with the person that was looked at; go to the largest face where he or she has been out of sight a while."""
    kept = page_state("Live", "page")
    if face_of(state, frames.person) is None:
        if state.main is None or (frames.person is not None and state.time_s - kept["seen_s"] < _AWAY_S):
            return
        frames.person = state.main.person
    kept["seen_s"] = state.time_s


def _choose_person(frames: LiveFrames, state: LiveState) -> None:
    """Let the reader choose among several people in sight."""
    people = [face.person for face in state.faces]
    if len(people) < 2:
        return
    # Only where it differs: what is set takes back a choice that the browser is about to send.
    if st.session_state.get(_KEY) != frames.person:
        st.session_state[_KEY] = frames.person

    def choose() -> None:
        frames.person = st.session_state[_KEY]

    st.segmented_control(
        "Person that charts are about",
        people,
        format_func=lambda person: f"Person {person}",
        required=True,
        key=_KEY,
        on_change=choose,
        help="People have numbers by where their faces are, not by their looks.",
    )
