"""Train: teach a model on a data set of one's own, watch it learn, and come back to it at any time."""

import streamlit as st

from engine.training import runs
from pages.views.common.guard import error_boundary, page
from pages.views.common.shared import tell_shared
from pages.views.train.comparison import show_comparison
from pages.views.train.form import choose_request
from pages.views.train.runs import choose_run, show_damaged, show_run, show_runs

NEW, KNOWN = "New training", "Trainings"
_NEXT = "train next"

with page("Train", "Teach a model on a data set of your own, watch it learn, and see how far it can be trusted."):
    tell_shared("these trainings")
    known = runs.list_all()
    if "train view" not in st.session_state:
        st.session_state["train view"] = KNOWN if known else NEW
    if _NEXT in st.session_state:
        st.session_state["train view"], st.session_state["train run"] = KNOWN, st.session_state.pop(_NEXT)
    view = st.segmented_control("Show", [NEW, KNOWN], required=True, key="train view", label_visibility="collapsed")
    with error_boundary():
        if view == KNOWN:
            show_runs(known)
            if known:
                show_run(choose_run(known))
                compared = st.expander("Compare trainings", on_change="rerun", key="train compare")
                if compared.open:
                    with compared, error_boundary():
                        show_comparison(known)
            show_damaged()
        else:
            request = choose_request()
            if request is not None and st.button("Start training", type="primary", icon=":material/play_arrow:"):
                st.session_state[_NEXT] = runs.start(runs.create(request)).id
                st.rerun()
