"""Photo: the expression that each face in a picture shows."""

from collections.abc import Callable

import streamlit as st

from engine.models import shipped
from pages.views.common.choose import choose_enhancement, choose_model
from pages.views.common.guard import error_boundary, page
from pages.views.common.picture_sources import PICTURE_SOURCES
from pages.views.photo.answers import answer_all, download_buttons, forget_all_but, show_summary
from pages.views.photo.picture import show_picture
from pages.views.photo.rest import choose_rest

AT_ONCE = 4

with page("Photo", "Which expression does each face show, why, and how sure is that? Give a picture and see."):
    with st.container(horizontal=True, vertical_alignment="bottom"):
        source = st.segmented_control(
            "Picture from", list(PICTURE_SOURCES), default="Upload", required=True, key="photo source", width="content"
        )
        with st.popover("Model and light", icon=":material/tune:"):
            model = choose_model("photo model", runs=True)
            enhance = choose_enhancement("photo low light")
    pictures = PICTURE_SOURCES[source]()
    forget_all_but(pictures)
    if pictures:
        answering = shipped.load(model)
        answers = answer_all(pictures, model, enhance)
        names = [picture.name for picture in pictures]
        show_summary(names, answers)
        rest = choose_rest(names, answers)
        first = 0
        if len(pictures) > AT_ONCE:
            first = AT_ONCE * (st.pagination(-(-len(pictures) // AT_ONCE), key="photo part") - 1)
        later: list[Callable[[], None]] = []
        for index in range(first, min(first + AT_ONCE, len(pictures))):
            with error_boundary():
                show_picture(names[index], answers[index], f"photo {index} {pictures[index].digest}", later, rest)
        download_buttons(names, answers, answering)
        for explain in later:
            with error_boundary():
                explain()
