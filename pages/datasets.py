"""Datasets: what models learn from, looked at before they do."""

import streamlit as st

from engine.datasets import store
from pages.views.common.drawn_set import offer_drawn_set
from pages.views.common.guard import page, show_tabs
from pages.views.common.shared import tell_shared
from pages.views.datasets.gallery import VIEW, show_gallery
from pages.views.datasets.importing import show_import
from pages.views.datasets.library import choose_set, show_overview
from pages.views.datasets.problems import show_problems
from pages.views.datasets.splits import show_splits
from pages.views.datasets.tasks import anything_going_on, show_tasks

VIEWS = {"Overview": show_overview, "Pictures": show_gallery, "Problems": show_problems, "Splits": show_splits}

with page("Datasets", "Bring in labelled face pictures, and see what is in them before a model learns from them."):
    tell_shared("these data sets and imports")
    show_tasks()
    if not store.names() and not anything_going_on() and offer_drawn_set("datasets drawn"):
        st.rerun()
    with st.expander("Import a data set", icon=":material/add:", expanded=not store.names()):
        show_import()
    opened = choose_set()
    if opened is not None:
        show_tabs(VIEW, VIEWS, opened)
