"""What was spotted in front of the camera: a list, a slow replay of each, and files to take home."""

from collections.abc import Callable, Hashable
from typing import Any

import numpy as np
import streamlit as st

from engine.errors import LiveError
from engine.recognition.live import LiveEvent, LiveFrames
from engine.recognition.replay import Replay, slow_motion
from engine.records.events import analysis_json, events_csv
from engine.records.live import as_analysis
from engine.records.review import ReviewedEvent
from pages.views.common.downloads import download_button
from pages.views.common.keep import BOTH, FILM, KEPT_SPEED, Found, offer_to_keep
from pages.views.common.page_state import cached, page_state
from pages.views.common.replay import show_player
from pages.views.common.text import escape_markdown, small_print
from pages.views.live.answer import event_summary
from pages.views.live.refreshing import action_callback, show_action_error

_KEY, _STAYS = "live event", "stays"
_SHOWN = 4


def show_events(frames: LiveFrames) -> None:
    """Show the events that are held, newest first, and the one that the reader chooses."""
    state = frames.working.state()
    if not state.events:
        st.info(
            "Nothing was spotted yet. An expression is known to be one when it is over: show one, and let it go.",
            icon=":material/search_off:",
        )
        return
    several = len({each.person for each in state.events}) > 1
    events = {each.number: each for each in reversed(state.events)}
    _follow(list(events))

    def title(number: int) -> str:
        whose = f"person {events[number].person}, " if several else ""
        return f"{number}: {whose}{event_summary(events[number])}{', kept' if events[number].kept else ''}"

    st.selectbox(f"Events, {len(events)} held", list(events), format_func=title, key=_KEY, on_change=_stay, width=620)
    st.fragment(_replay)(frames, events[st.session_state[_KEY]])
    _downloads(frames)
    offer_to_keep("live", lambda: _to_keep(frames), "live")


def _to_keep(frames: LiveFrames) -> Found:
    runner = frames.working
    state, pipeline = runner.state(), runner.pipeline
    numbers = {(each.person, each.event.onset_s): each.number for each in state.events}

    def pictures(each: ReviewedEvent) -> Replay:
        return pipeline.replay(numbers[each.person, each.event.onset_s])

    def both(each: ReviewedEvent) -> dict[str, np.ndarray]:
        seen = pictures(each)
        return {"onset": seen.faces[seen.at(each.event.onset_s)], "apex": seen.faces[seen.at(each.event.apex_s)]}

    def film(each: ReviewedEvent) -> dict[str, bytes]:
        seen = pictures(each)
        return {"clip": slow_motion(seen.faces, seen.time_s, KEPT_SPEED)}

    analysis = as_analysis(state, pipeline.labels, pipeline.settings.enhance)
    return Found(analysis, pictures={BOTH: both, FILM: film})


def _follow(numbers: list[int]) -> None:
    """Look at the newest event until the reader has chosen another one."""
    page = page_state("Live", "page")
    if not page.get(_STAYS) or st.session_state.get(_KEY) not in numbers:
        page[_STAYS] = False
        st.session_state[_KEY] = numbers[0]


def _stay() -> None:
    page_state("Live", "page")[_STAYS] = True


def _replay(frames: LiveFrames, each: LiveEvent) -> None:
    pipeline, place = frames.working.pipeline, f"event {each.number}"
    if (each.number, each.kept) not in {(known.number, known.kept) for known in pipeline.state.events}:
        # A button has changed it, and the list is still of before.
        st.rerun()
    with st.container(border=True):
        try:
            pictures = _keep(("replay", each.number), lambda: pipeline.replay(each.number))
            film = show_player(pictures, each.event, f"Event {each.number}", f"live {each.number}", _keep)
            if not each.whole:
                small_print("It had begun before the pictures that are held.")
        except LiveError as error:
            st.info(escape_markdown(str(error)), icon=":material/hide_image:")
            pictures = film = None
        with st.container(horizontal=True):
            if film is not None:
                download_button(
                    "Save the replay",
                    film,
                    f"event-{each.number}.mp4",
                    "live save",
                    help="The MP4 as it plays here, without sound. Only with the consent of whoever is on it.",
                )
            if pictures is not None and not each.kept:
                st.button(
                    "Keep",
                    icon=":material/push_pin:",
                    key="live keep event",
                    on_click=action_callback(place, lambda: pipeline.keep(each.number)),
                    help="It will not make room for newer events.",
                )
            st.button(
                "Discard",
                icon=":material/delete:",
                key="live discard",
                on_click=action_callback(place, lambda: pipeline.discard(each.number)),
            )
        show_action_error(place)


def _downloads(frames: LiveFrames) -> None:
    runner = frames.working
    pipeline = runner.pipeline
    found = as_analysis(runner.state(), pipeline.labels, pipeline.settings.enhance)
    # Made here and not when it is asked for: Streamlit drops such a file after two runs, which are half a second here.
    told = "Times, names and probabilities of all events that are held; no picture."
    with st.container(horizontal=True):
        for kind, data in (("CSV", events_csv(found)), ("JSON", analysis_json(found))):
            label = f"Events, {kind}"
            download_button(label, data, f"live-events.{kind.lower()}", f"live {label}", help=told)


def _keep(name: Hashable, make: Callable[[], Any]) -> Any:
    return cached(page_state("Live", "shown"), name, make, _SHOWN)
