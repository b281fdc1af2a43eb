"""Spikes: watch a spiking network at work, watch it learn, and see why a published one cannot."""

import streamlit as st

from engine.spiking.demonstration import show
from pages.parts.guard import page, sentences
from pages.parts.plain import small
from pages.parts.spikes_live import learning, show_live
from pages.parts.spikes_parameters import choose_parameters
from pages.parts.spikes_picture import choose_stimulus
from pages.parts.spikes_run import show_run
from pages.parts.spikes_words import NETWORK

ONE, LIVE = "One picture", "Train it live"
CHANCE, LEARNT = "not learnt", "trained live"

with page("Spikes", "Watch neurons that talk in spikes: how pictures become spikes, and how weights learn from them."):
    st.markdown(small(NETWORK))
    view = st.segmented_control(
        "Show", [ONE, LIVE], default=ONE, required=True, key="spikes view", label_visibility="collapsed"
    )
    with sentences():
        if view == LIVE:
            show_live()
        elif (stimulus := choose_stimulus()) is not None:
            known, network = learning(stimulus.kind), CHANCE
            if known is not None:
                network = st.segmented_control(
                    "Network", [CHANCE, LEARNT], default=LEARNT, required=True, key=f"spikes network {stimulus.kind}"
                )
            if known is not None and network == LEARNT:
                show_run(stimulus, known.show(stimulus), None)
            else:
                _, parameters, seed = choose_parameters(stimulus.kind)
                show_run(stimulus, show(parameters, stimulus, seed), parameters)
