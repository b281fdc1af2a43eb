"""Teaching: hold an expression, say what it is, and see what that changes."""

import numpy as np
import streamlit as st

from engine.charts.layout import percent
from engine.errors import LiveError
from engine.recognition.live import LiveFrames
from engine.recognition.resting_face import HELD_S
from engine.spiking.person_adapter import PersonAdapter
from pages.views.common.downloads import download_button
from pages.views.common.guard import error_boundary
from pages.views.common.page_state import page_state
from pages.views.common.personal import answers_of, choose_whose
from pages.views.common.text import escape_markdown, short_name
from pages.views.live.answer import face_of
from pages.views.live.lessons import offer_to_keep_lessons, taught_in_words
from pages.views.live.refreshing import action_callback, show_action_error

_EVERY_S = 1.0
_HOW = (
    f"Hold an expression for a second, choose what it is, and press Learn: from the latest {HELD_S:g} s the spiking "
    "layer between what the model names and what this person means by it learns by three factors, input, output and "
    "error. No picture is kept for it. Undo takes one step back; Reset forgets everything, and Undo takes that back, "
    "too."
)


def show_teaching(frames: LiveFrames) -> None:
    """Let the reader teach, and show the effect on the face in front of the camera."""
    st.markdown(_HOW)
    meant = st.selectbox("Expression that is held", list(frames.working.pipeline.labels), key="live meant", width=240)
    with error_boundary():
        _choose_whose(frames)
    st.fragment(_view, run_every=_EVERY_S)(frames, meant)
    kept = st.expander(
        "Keep what was taught in a session", icon=":material/folder_shared:", on_change="rerun", key="live lessons"
    )
    if kept.open and frames.person is not None:
        with kept, error_boundary():
            offer_to_keep_lessons(frames.working.pipeline.lessons(frames.person), frames.person)
    with st.expander("Bring back what was taught before", icon=":material/upload:"), error_boundary():
        _restore(frames)


def _view(frames: LiveFrames, meant: str) -> None:
    with error_boundary():
        pipeline = frames.working.pipeline
        face = face_of(frames.working.state(), frames.person)
        with st.container(horizontal=True):
            for label, icon, action in (
                ("Learn", "school", lambda: _learn(frames, meant)),
                ("Undo", "undo", lambda: _undo(frames)),
                ("Reset", "restart_alt", lambda: _reset(frames)),
            ):
                st.button(
                    label,
                    type="primary" if label == "Learn" else "secondary",
                    icon=f":material/{icon}:",
                    key=f"live {label.lower()}",
                    disabled=face is None,
                    on_click=action_callback("teach", action),
                )
            _save(frames)
        show_action_error("teach")
        if face is None:
            st.info("Nobody is in sight. Look at the camera and hold the expression.", icon=":material/search_off:")
            return
        _rest(frames, face.rest_named)
        learnt = pipeline.adaptation(frames.person).corrections
        taught = taught_in_words(pipeline.lessons(frames.person)) if learnt else "nothing yet"
        effect = escape_markdown(_message(frames))
        st.markdown(f"**Person {frames.person} has taught {escape_markdown(taught)}.** {effect}")
        named, said = face.named[meant], face.probabilities[meant]
        left, right = st.columns(2)
        left.metric(f"{meant}, as the model names it", percent(named))
        right.metric(
            f"{meant}, after what was taught" + (", rest taken out" if face.rest_named else ""),
            percent(said),
            f"{100 * (said - named):+.0f} points",
        )


def _choose_whose(frames: LiveFrames) -> None:
    """Let the reader say whose face it is; that person's adaptation answers for this face, and for no other."""
    number = frames.person
    if number is None:
        return
    chosen = page_state("Live", "page").setdefault("whose", {})
    person = choose_whose(f"live whose {number}", f"Whose face person {number} is")
    if chosen.get(number) != person:
        frames.working.pipeline.answer_as(number, None if person is None else answers_of(person))
        chosen[number] = person


def _rest(frames: LiveFrames, named: bool) -> None:
    """Let a person name the face that is held now as his or her rest, or take that back."""
    pipeline, person = frames.working.pipeline, frames.person
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "This is my resting face",
            icon=":material/face:",
            key="live rest",
            on_click=action_callback("rest", lambda: pipeline.name_rest(person)),
            help="Some faces look sad, angry or smiling while they rest. Relax, look at the camera, and press: what "
            "the model says of that face is taken out of what it says of this person from then on, and of nobody else.",
        )
        st.button(
            "As the face is",
            key="live rest back",
            disabled=not named,
            on_click=action_callback("rest", lambda: pipeline.forget_rest(person)),
        )
        if named:
            st.markdown(f"The rest of person {person} is taken out.")
    show_action_error("rest")


def _learn(frames: LiveFrames, meant: str) -> None:
    pipeline, person = frames.working.pipeline, frames.person
    face = face_of(frames.working.state(), person)
    pipeline.teach(person, meant)
    if face is not None:
        row = pipeline.adaptation(person).answers(np.array([list(face.named.values())]))[0]
        after = float(row[pipeline.labels.index(meant)])
        _set_message(
            frames, f"{meant} went from {percent(face.probabilities[meant])} to {percent(after)} on the latest face."
        )


def _undo(frames: LiveFrames) -> None:
    undone = frames.working.pipeline.undo(frames.person)
    _set_message(frames, "The last step was taken back." if undone else "There is nothing to take back.")


def _reset(frames: LiveFrames) -> None:
    frames.working.pipeline.reset(frames.person)
    _set_message(frames, "Everything that was taught is forgotten.")


def _set_message(frames: LiveFrames, text: str) -> None:
    page_state("Live", "page")["taught"] = frames.person, text


def _message(frames: LiveFrames) -> str:
    person, text = page_state("Live", "page").get("taught", (None, ""))
    return text if person == frames.person else ""


def _save(frames: LiveFrames) -> None:
    try:
        taught = frames.working.pipeline.adaptation(frames.person).as_bytes()
    except LiveError:
        return
    download_button(
        "Save",
        taught,
        "adaptation.npz",
        "live adaptation",
        help="A small file of synapses, without a picture or a name. It fits the model that it was learnt with.",
    )


def _restore(frames: LiveFrames) -> None:
    person = frames.person
    if person is None:
        st.markdown("Nobody has been seen yet.")
        return
    file = st.file_uploader("What was saved here before", type="npz", max_upload_size=1, key="live adaptation file")

    def use() -> None:
        frames.working.pipeline.adapt(person, PersonAdapter.from_bytes(file.getvalue(), short_name(file.name)))
        _set_message(frames, "What was taught before is in use; Undo takes it out again.")

    if file is not None:
        st.button(f"Use it for person {person}", key="live adaptation use", on_click=action_callback("file", use))
    show_action_error("file")
