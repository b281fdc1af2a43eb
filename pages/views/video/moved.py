"""How the face moved from onset to apex: both side by side, and arrows between them."""

import streamlit as st

from engine.charts.flow_arrows import flow_arrows
from engine.features.optical_flow import dense_flow
from engine.recognition.analysis import Track
from engine.recognition.recordings import Kept
from engine.recognition.replay import EYES_PX, Replay
from engine.records.review import ReviewedEvent
from pages.views.common.figures import data_url, show_figure
from pages.views.common.guard import error_boundary
from pages.views.common.text import small_print
from pages.views.video.replay import seen

_WIDTH = 280


def show_moved(kept: Kept, track: Track, each: ReviewedEvent) -> None:
    """Show the face at onset and apex, and how each part of it moved in between."""
    with error_boundary():
        pictures = seen(kept, track, each)
        onset, apex = pictures.at(each.event.onset_s), pictures.at(each.event.apex_s)
        with st.container(horizontal=True, gap="medium"):
            for name, at in (("Onset", onset), ("Apex", apex)):
                with st.container(width=_WIDTH, gap="xxsmall"):
                    time_s = pictures.time_s[at]
                    st.image(data_url(pictures.faces[at]), width=_WIDTH, alt=f"The face at the {name.lower()}")
                    small_print(f"{name}, {time_s:.3f} s")
            with st.container(width=420):
                _arrows(kept, each, pictures, onset, apex)


def _arrows(kept: Kept, each: ReviewedEvent, pictures: Replay, onset: int, apex: int) -> None:
    flow = dense_flow(pictures.gray(onset), pictures.gray(apex))
    show_figure(flow_arrows(pictures.gray(onset), flow, EYES_PX), f"video arrows {kept.token} {each.id}")
    small_print("Optical flow, the motion of the whole head taken out.")
