"""What is shown in a synthetic example, to be compared with what was found."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from pages.views.common.answer_words import EVENT_KINDS
from pages.views.common.text import small_print


def show_truth(events: Sequence[Any]) -> None:
    """Show the events that were drawn.

    Parameters
    ----------
    events
        Each an `engine.synthetic.TrueEvent`.
    """
    with st.expander("What was drawn", icon=":material/draw:"):
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
