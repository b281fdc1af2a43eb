"""What was found in a recording: how many events, whom they are of, when, and each of them."""

import streamlit as st

from engine.charts.recording import recording_timeline
from engine.recognition.analysis import Analysis, Track
from engine.recognition.video.recordings import RECORDINGS, StoredRecording
from pages.views.common.answer_words import EVENT_KINDS, recording_facts, recording_headline, spotting_limits
from pages.views.common.choose import choose_enhancement
from pages.views.common.figures import show_figure
from pages.views.common.guard import error_boundary
from pages.views.common.text import escape_markdown, short_name, small_print
from pages.views.video.corrections import corrected_analysis
from pages.views.video.events import choose_event, show_event
from pages.views.video.export import show_export
from pages.views.video.held import forget, leave, look_at

_FEW = 6
_WHOLE, _NEAR = "Whole recording", "Around the event"
_NEAR_S = 2.0


def show_result(kept: StoredRecording) -> None:
    """Show a recording that has been analysed."""
    standing = corrected_analysis(kept)
    st.header(recording_headline(standing), anchor=False)
    synthetic = kept.example is not None
    label = "**Synthetic:** drawn by a program, it shows no person. " if synthetic else ""
    st.markdown(
        f"{label}**{escape_markdown(short_name(kept.name))}**: {escape_markdown(recording_facts(standing, synthetic))}."
    )
    _buttons(kept)
    for warning in kept.analysis.warnings:
        st.warning(escape_markdown(warning), icon=":material/warning:")
    if standing.tracks:
        small_print(spotting_limits())
        track = _choose_person(kept, kept.analysis)
        above = st.container()
        chosen = None
        with error_boundary():
            chosen = choose_event(kept, track)
        with above, error_boundary():
            _timeline(kept, standing, track, None if chosen is None else (chosen.event.onset_s, chosen.event.offset_s))
        _ground_truth(kept)
        if chosen is not None:
            with error_boundary():
                show_event(kept, track, chosen)
    else:
        _ground_truth(kept)
    with error_boundary():
        show_export(kept)


def _buttons(kept: StoredRecording) -> None:
    with st.container(horizontal=True):
        if st.button("Another recording", icon=":material/video_file:", key="video another"):
            leave()
            st.rerun()
        with st.popover("Analyse again", icon=":material/refresh:"):
            st.markdown(
                "With its dark faces made brighter, or as they are. What was found before stays as it is, with your "
                "changes, under “Still held from this visit”."
            )
            enhance = choose_enhancement("video again low light")
            if st.button("Analyse", type="primary", icon=":material/play_arrow:", key="video again now"):
                look_at(
                    RECORDINGS.keep(kept.name, kept.data, enhance)
                    if kept.example is None
                    else RECORDINGS.keep_example(kept.example, kept.name, enhance)
                )
                st.rerun()
        with st.popover("Forget this recording", icon=":material/delete:"):
            st.markdown(
                "The recording, what was found in it and all changes leave the server's memory; they were never on its "
                f"disk. Without this they go when nobody has asked for them for {RECORDINGS.idle_s / 3600:g} hours. "
                "Whoever has this page's address can see them until then."
            )
            if st.button("Forget it now", type="primary", key="video forget now"):
                forget(kept)
                st.rerun()


def _choose_person(kept: StoredRecording, analysis: Analysis) -> Track:
    tracks = {track.person: track for track in analysis.tracks}
    if len(tracks) == 1:
        return analysis.tracks[0]
    people, key = list(tracks), f"video person {kept.token}"
    label = f"Person, of {len(people)}, in order of appearance"
    if len(people) <= _FEW:
        return tracks[st.segmented_control(label, people, default=people[0], required=True, key=key)]
    return tracks[st.selectbox(label, people, key=key)]


def _timeline(kept: StoredRecording, standing: Analysis, track: Track, event: tuple[float, float] | None) -> None:
    window = None
    if event is not None and standing.recording.duration_s > event[1] - event[0] + 2 * _NEAR_S:
        part = st.segmented_control(
            "Timeline",
            [_WHOLE, _NEAR],
            default=_WHOLE,
            required=True,
            key=f"video window {kept.token}",
            help="Dragging across the timeline zooms as well; a double click goes back.",
        )
        if part == _NEAR:
            window = (max(0.0, event[0] - _NEAR_S), min(standing.recording.duration_s, event[1] + _NEAR_S))
    show_figure(recording_timeline(standing, track.person, window), f"video timeline {kept.token}")


def _ground_truth(kept: StoredRecording) -> None:
    """Show the events that were drawn, each an `engine.synthetic.TrueEvent`."""
    events = kept.truth
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
                    "begins": f"{event.onset_s:.2f} s",
                    "strongest": f"{event.apex_s:.2f} s",
                    "over": f"{event.offset_s:.2f} s",
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
