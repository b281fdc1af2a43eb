"""What the licence of an imported set is said to be, and whether people may practise on it."""

import streamlit as st

from engine.datasets import store
from engine.datasets.store import Licence
from pages.views.common.guard import error_boundary


def ask_for_licence(name: str) -> None:
    """Show what was said, and take what is said now."""
    with st.popover("Licence", icon=":material/gavel:"), error_boundary():
        said = store.licence(name) or Licence("", practice=False)
        with st.form(f"datasets licence {name}", border=False), error_boundary():
            words = st.text_input("Licence of these pictures", said.words, max_chars=400, key=f"datasets words {name}")
            allowed = st.checkbox(
                "It allows people who train their eye here to be shown them",
                said.practice,
                key=f"datasets practice {name}",
                help="The page Practice shows faces of sets only where this is said.",
            )
            if st.form_submit_button("Keep"):
                store.keep_licence(name, Licence(words, allowed))
                st.success("Kept.")
