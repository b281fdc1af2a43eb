"""A network that learns while one watches."""

import streamlit as st

from engine.charts.curves import accuracy_so_far
from engine.datasets import store
from engine.errors import UserError
from engine.spiking.online_learning import DigitLearner, FaceLearner, OnlineLearner, enough_faces
from engine.tasks.status import in_words
from engine.tasks.time_left import TimeLeft
from engine.words import in_percent
from pages.views.common.figures import show_figure, show_thumbnail
from pages.views.common.guard import error_boundary, show_error
from pages.views.common.page_state import page_state
from pages.views.common.spiking_figures import show_weights
from pages.views.common.text import escape_markdown, small_print

DIGITS = "scikit-learn's digits"
_EVERY_S, _SLICE_S = 0.06, 0.04
_PACES = {"slow enough to follow": 10, "full speed": None}
_COPIES = (
    "Nobody has looked for near copies in this set: one that is held out may be learnt from as well, which flatters "
    "the accuracy. The checks on the page Datasets find them."
)
_AT_WORK, _FAILED = "at work", "failed"
_HOW = {
    "face": "Each face is shown as spikes; every output hears its error, what it should have said less what it said, "
    "and each weight changes by rate × error × how active its input was: three factors, and no backpropagation.",
    "digit": "Without labels: outputs compete for each digit, the winner's weights move towards what it saw (STDP), "
    "and thresholds rise with use so that each gets its share. Some labelled digits only name the outputs afterwards.",
}


def learner_of(kind: str) -> OnlineLearner | None:
    """Return the network that learnt or learns from faces or digits, None where it has not seen a picture yet."""
    known = page_state("Spikes", "learning").get(kind)
    return known if known is not None and known.ready else None


def show_online_learning() -> None:
    """Let the reader choose what is learnt from, start, watch, stop and go on."""
    source = st.selectbox("Learn from", [*_sets(), DIGITS], format_func=_title, key="spikes learn from", width=420)
    kind = "digit" if source == DIGITS else "face"
    if not _sets():
        small_print(
            "No imported data set has enough happy, neutral and surprised faces, so that there are digits to learn "
            "from. Import faces on the page Datasets."
        )
    st.markdown(_HOW[kind])
    kept = page_state("Spikes", "learning")
    at_work = page_state("Spikes", _AT_WORK)
    learner: OnlineLearner | None = kept.get(kind)
    if learner is None or at_work.get(f"source {kind}") != source:
        if _FAILED in at_work:
            show_error(at_work.pop(_FAILED))
        if st.button("Start learning", type="primary", icon=":material/play_arrow:", key="spikes start"):
            with st.spinner("Choosing pictures"):
                kept[kind] = DigitLearner() if kind == "digit" else FaceLearner(store.load(source))
            page_state("Spikes", f"figures {kind}").clear()
            at_work[f"source {kind}"], at_work["now"] = source, kind
            st.rerun()
        return
    st.segmented_control(
        "Pace",
        list(_PACES),
        default=next(iter(_PACES)) if kind == "digit" else "full speed",
        required=True,
        key=f"spikes pace {kind}",
    )
    going = at_work.get("now") == kind and not learner.finished
    st.fragment(_view, run_every=_EVERY_S if going else None)(kind, going)


def _view(kind: str, going: bool) -> None:
    with error_boundary():
        at_work = page_state("Spikes", _AT_WORK)
        learner: OnlineLearner | None = page_state("Spikes", "learning").get(kind)
        if learner is None:
            return
        if going:
            _learn(learner, kind)
            if learner.finished:
                st.rerun()
        _progress(learner, going)
        _buttons(kind, learner, going, at_work)
        _charts(learner, going)
        if not learner.copies_known:
            small_print(_COPIES)


def _learn(learner: OnlineLearner, kind: str) -> None:
    try:
        learner.advance(_SLICE_S, _PACES[st.session_state[f"spikes pace {kind}"]])
    except UserError as error:
        del page_state("Spikes", "learning")[kind]
        page_state("Spikes", _AT_WORK)[_FAILED] = error
        st.rerun()


def _progress(learner: OnlineLearner, going: bool) -> None:
    left = TimeLeft.of_step(learner.done, learner.total, learner.seconds)
    waiting = f", {in_words(left)} left" if left is not None and going else ""
    state = "Finished" if learner.finished else learner.words if going else f"Stopped. {learner.words}"
    share = 1.0 if learner.finished else learner.done / learner.total if learner.total else 0.0
    st.progress(min(1.0, share), f"{state}: {learner.done:,} of {learner.total:,} pictures{waiting}")


def _buttons(kind: str, learner: OnlineLearner, going: bool, at_work: dict) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if going:
            if st.button("Cancel", icon=":material/stop:", key=f"spikes cancel {kind}"):
                at_work["now"] = None
                st.rerun()
            return
        if not learner.finished and st.button(
            "Go on", type="primary", icon=":material/resume:", key=f"spikes on {kind}"
        ):
            at_work["now"] = kind
            st.rerun()
        if st.button("Forget and start anew", icon=":material/restart_alt:", key=f"spikes anew {kind}"):
            del page_state("Spikes", "learning")[kind]
            st.rerun()
        if learner.ready:
            st.markdown("Under “One picture” a picture can now be shown to this network, while this page stays open.")


def _charts(learner: OnlineLearner, going: bool) -> None:
    if learner.weights is None:
        return
    figures = page_state("Spikes", f"figures {learner.kind}")
    points = len(learner.accuracy)
    if figures.get("points") != points:
        figures["points"] = points
        figures["accuracy"] = accuracy_so_far(learner.accuracy, learner.to_learn, 1 / len(learner.answers))
    left, right = st.columns([3, 2], gap="large", vertical_alignment="center")
    with left:
        show_figure(figures["accuracy"], f"spikes accuracy {learner.kind}")
    with right, st.container(horizontal=True):
        if learner.accuracy:
            share = in_percent(learner.accuracy[-1][1])
            st.metric("Right on held-out pictures", share, help="It does not learn from these; undecided is not right.")
        st.metric(
            "Learns from", f"{learner.training:,}", help=f"So many pictures; {learner.held_out:,} more are held out."
        )
        if learner.last is not None:
            picture, label = learner.last
            show_thumbnail(picture, 96, label, f"The last picture: labelled {label}", moving=going)
    names = (
        learner.answers
        if learner.kind == "face"
        else tuple(f"output {at + 1}" for at in range(learner.weights.shape[1]))
    )
    show_weights(learner.weights, learner.kind, names, f"spikes live weights {learner.kind}", moving=going)


@st.cache_data(max_entries=20, show_spinner=False)
def _suits(name: str, version: tuple[str, int, int, int]) -> bool:
    return enough_faces(store.about(name)["labels"])


def _sets() -> list[str]:
    return [name for name in store.names() if _suits(name, store.version(name))]


def _title(name: str) -> str:
    return name if name == DIGITS else f"{escape_markdown(name)}: happy, neutral, surprise"
