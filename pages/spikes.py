"""Spikes: watch a spiking network at work, watch it learn, and see why a published one cannot."""

import streamlit as st

from pages.views.common.guard import error_boundary, page
from pages.views.common.text import small_print
from pages.views.spikes.one_picture import choose_stimulus, show_one_picture
from pages.views.spikes.online_learning import show_online_learning
from pages.views.spikes.tour import show_tour

ONE, LIVE, TOUR = "One picture", "Train it live", "Guided tour"
NETWORK = (
    "A spiking neuron gathers the spikes that reach it in its membrane potential, which leaks away; where the "
    "potential climbs above a threshold, the neuron fires a spike of its own and starts again from its reset."
)

with page("Spikes", "Watch neurons that talk in spikes: how pictures become spikes, and how weights learn from them."):
    small_print(NETWORK)
    view = st.segmented_control(
        "Show", [ONE, LIVE, TOUR], default=ONE, required=True, key="spikes view", label_visibility="collapsed"
    )
    with error_boundary():
        if view == LIVE:
            show_online_learning()
        elif view == TOUR:
            show_tour()
        elif (stimulus := choose_stimulus()) is not None:
            show_one_picture(stimulus)
