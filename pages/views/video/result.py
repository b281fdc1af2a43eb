"""What was found in a recording: how many events, whom they are of, when, and each of them."""

from dataclasses import replace

import numpy as np
import streamlit as st

from engine.charts.action_units import unit_timeline
from engine.charts.recording import recording_timeline
from engine.charts.recording_panels import TimeSpan
from engine.recognition.analysis import Analysis, Event, Track
from engine.recognition.replay import onset_and_apex, replay, slow_motion
from engine.recognition.video.recordings import RECORDINGS, StoredRecording
from engine.records.corrections import numbers
from engine.records.review import ReviewedEvent
from pages.views.common.answer_words import EVENT_KINDS, recording_facts, recording_headline, spotting_limits
from pages.views.common.choose import choose_enhancement, choose_number
from pages.views.common.figures import show_figure
from pages.views.common.guard import error_boundary, show_tabs
from pages.views.common.keep import BOTH, FILM, KEPT_SPEED, Found, KeptIn, offer_to_keep, show_kept_in
from pages.views.common.page_state import visitor
from pages.views.common.review import choose_event
from pages.views.common.text import escape_markdown, short_name, small_print
from pages.views.common.unit_words import units_told
from pages.views.video.corrections import HeldReview
from pages.views.video.events import show_event
from pages.views.video.export import show_export
from pages.views.video.player import CHARTS, show_recording
from pages.views.video.recordings import close_recording, forget_recording, open_recording
from pages.views.video.summary import show_summary
from pages.views.video.whose import choose_person_of

_WHOLE, _NEAR = "Whole recording", "Around the event"
_NEAR_S = 2.0


def show_result(stored: StoredRecording) -> None:
    """Show a recording that has been analysed."""
    corrected = HeldReview(stored).corrected()
    st.header(recording_headline(corrected), anchor=False)
    synthetic = stored.example is not None
    label = "**Synthetic:** drawn by a program, it shows no person. " if synthetic else ""
    name, facts = short_name(stored.name), recording_facts(corrected, synthetic)
    st.markdown(f"{label}**{escape_markdown(name)}**: {escape_markdown(facts)}.")
    _buttons(stored)
    for warning in corrected.warnings:
        st.warning(escape_markdown(warning), icon=":material/warning:")
    if corrected.tracks:
        track = _choose_person(stored, stored.analysis)
        choose_person_of(stored, track)
        with error_boundary():
            show_summary(stored, corrected, track.person)
        player, above = st.container(), st.container(key=CHARTS)
        chosen = None
        with error_boundary():
            chosen = choose_event(HeldReview(stored), track)
        with player, error_boundary():
            show_recording(stored, corrected, track, chosen)
            with st.expander("How far this can be trusted", icon=":material/help:"):
                small_print(spotting_limits())
        with above, error_boundary():
            _timeline(stored, corrected, track, None if chosen is None else chosen.event)
        _ground_truth(stored)
        if chosen is not None:
            with error_boundary():
                show_event(stored, track, chosen)
    else:
        _ground_truth(stored)
    if stored.kept_in is not None:
        show_kept_in(stored.kept_in)
    if corrected.tracks:
        offer_to_keep("video", lambda: _found(stored), f"video {stored.token}")
    with error_boundary():
        show_export(stored)


def _found(stored: StoredRecording) -> Found:
    tracks = {track.person: track for track in stored.analysis.tracks}

    def both(each: ReviewedEvent) -> dict[str, np.ndarray]:
        faces = onset_and_apex(stored.data, stored.name, tracks[each.person], each.event)
        return dict(zip(("onset", "apex"), faces, strict=True))

    def film(each: ReviewedEvent) -> dict[str, bytes]:
        pictures = replay(stored.data, stored.name, tracks[each.person], each.event)
        return {"clip": slow_motion(pictures.faces, pictures.time_s, KEPT_SPEED)}

    # As anybody is told: what a person's corrections taught is not to be learnt from again.
    analysis = stored.analysis
    if stored.example is not None:
        recording = replace(analysis.recording, file=f"{analysis.recording.file} (synthetic)")
        analysis = replace(analysis, recording=recording)

    def remember(place: KeptIn) -> None:
        stored.kept_in = place

    return Found(analysis, HeldReview(stored).corrections, {BOTH: both, FILM: film}, remember)


def _buttons(stored: StoredRecording) -> None:
    with st.container(horizontal=True):
        if st.button("Another recording", icon=":material/video_file:", key="video another"):
            close_recording()
            st.rerun()
        with st.popover("Analyse again", icon=":material/refresh:"):
            st.markdown(
                "With its dark faces made brighter, or with regard to how each face rests, or without. What was found "
                "before stays as it is, with your changes, under “Still held from this visit”."
            )
            enhance = choose_enhancement("video again low light")
            own_rest = st.toggle(
                "Take out how each face rests",
                stored.own_rest,
                key="video again rest",
                help="Some faces look sad, angry or smiling while they rest. What the model says of a person’s face at "
                "rest is taken out of what it says of that person’s longer expressions; both answers are shown.",
            )
            rests = _choose_rest(stored) if own_rest else {}
            if st.button("Analyse", type="primary", icon=":material/play_arrow:", key="video again now"):
                how = enhance, own_rest, rests, visitor()
                open_recording(
                    RECORDINGS.keep(stored.name, stored.data, *how)
                    if stored.example is None
                    else RECORDINGS.keep_example(stored.example, stored.name, *how)
                )
                st.rerun()
        with st.popover("Forget this recording", icon=":material/delete:"):
            st.markdown(
                "The recording, what was found in it and all changes leave the server's memory; they were never on its "
                f"disk. Without this they go when nobody has asked for them for {RECORDINGS.idle_s / 3600:g} hours. "
                "Whoever has this page's address can see them until then."
            )
            if st.button("Forget it now", type="primary", key="video forget now"):
                forget_recording(stored)
                st.rerun()


def _choose_rest(stored: StoredRecording) -> dict[int, float]:
    """Let the reader name a moment at which somebody rests; return the moments that are named, by person."""
    tracks = {track.person: track for track in stored.analysis.tracks}
    rests = dict(stored.rests)
    if not tracks or not st.toggle(
        "Name a moment of rest",
        bool(rests),
        key="video again named",
        help="The face around that moment counts as this person’s rest, in place of one that is found. It counts for "
        "nobody else.",
    ):
        return {}
    person = next(iter(tracks))
    if len(tracks) > 1:
        person = choose_number("Whose rest", list(tracks), "video again whose")
    first_s, last_s = float(tracks[person].time_s[0]), float(tracks[person].time_s[-1])
    known_s = min(max(rests.get(person, first_s), first_s), last_s)
    label = f"Rests at, in seconds ({first_s:.2f} to {last_s:.2f})"
    rests[person] = float(st.number_input(label, first_s, last_s, known_s, 0.1, "%.2f", f"video again rest {person}"))
    return rests


def _choose_person(stored: StoredRecording, analysis: Analysis) -> Track:
    tracks = {track.person: track for track in analysis.tracks}
    if len(tracks) == 1:
        return analysis.tracks[0]
    label = f"Person, of {len(tracks)}, in order of appearance"
    return tracks[choose_number(label, list(tracks), f"video person {stored.token}")]


def _timeline(stored: StoredRecording, corrected: Analysis, track: Track, event: Event | None) -> None:
    window = None
    if event is not None and corrected.recording.duration_s > event.duration_s + 2 * _NEAR_S:
        part = st.segmented_control(
            "Timeline",
            [_WHOLE, _NEAR],
            default=_WHOLE,
            required=True,
            key=f"video window {stored.token}",
            help="Dragging across the timeline zooms as well; a double click goes back.",
        )
        if part == _NEAR:
            window = (max(0.0, event.onset_s - _NEAR_S), min(corrected.recording.duration_s, event.offset_s + _NEAR_S))
    views = {"Motion and expressions": _motion, "Action units": _units}
    show_tabs(f"video timelines {stored.token}", views, stored, corrected, track, window)


def _motion(stored: StoredRecording, corrected: Analysis, track: Track, window: TimeSpan | None) -> None:
    review = HeldReview(stored)
    named = numbers(review.analysis, review.corrections)
    show_figure(recording_timeline(corrected, track.person, window, named), f"video timeline {stored.token}")


def _units(stored: StoredRecording, corrected: Analysis, track: Track, window: TimeSpan | None) -> None:
    show_figure(unit_timeline(corrected, track.person, window), f"video units {stored.token}")
    small_print(units_told(track.units_rested))


def _ground_truth(stored: StoredRecording) -> None:
    """Show the events that were drawn, each an `engine.synthetic.TrueEvent`."""
    events = stored.truth
    if events is None:
        return
    with error_boundary(), st.expander("What was drawn", icon=":material/draw:"):
        if not events:
            st.markdown("No expression at all: only blinks and motion of the head.")
            return
        st.table(
            [
                {
                    "person": event.person,
                    "start": f"{event.onset_s:.2f} s",
                    "peak": f"{event.apex_s:.2f} s",
                    "end": f"{event.offset_s:.2f} s",
                    "kind": EVENT_KINDS[event.kind],
                    "expression": event.expression,
                    "action units": " + ".join(map(str, event.action_units)),
                }
                for event in events
            ],
            hide_index=True,
            alt="The expressions that were drawn",
        )
        small_print("Action units of the Facial Action Coding System, moved together.")
