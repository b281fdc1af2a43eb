"""Why an event has its name: what the model looked at, and what the other networks for clips say and look at."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import numpy as np
import streamlit as st

from engine.charts.face_maps import importance_in_words, importance_overlay, response_overlay
from engine.charts.layout import alt_text
from engine.evaluation.words import score_with_interval
from engine.images.lowlight import METHODS
from engine.recognition import clip_model
from engine.recognition.analysis import Event, Track
from engine.recognition.clip_model import ClipModel
from engine.recognition.event_explanation import ClipPrediction, clip_predictions, explain_event, model_of
from engine.recognition.video.recordings import StoredRecording
from engine.records.review import ReviewedEvent
from pages.views.common.answer_words import percent_in_words
from pages.views.common.figures import show_figure
from pages.views.common.guard import error_boundary
from pages.views.common.text import escape_markdown, small_print
from pages.views.video.replay import event_pictures

_OCCLUSION = (
    "Found by occlusion on the face at the apex: a small gray square covers one part after the other, and the model "
    "answers each time. Without blue parts it is less sure, without orange ones surer; the white line goes round what "
    "matters most."
)
_STILLED = (
    "The motion between onset and apex is taken out of one part of the face after the other, and the model answers "
    "each time. Without the motion of blue parts it is less sure, without that of orange ones surer; the white line "
    "goes round what matters most. Negative, positive and surprise are the classes that real micro-expressions "
    "can be measured in; they name what the face shows, not what the person feels."
)
HEADING = "#### Other networks on the same moment"
MICRO_ONLY = (
    "LEARNet and AGMENet are not asked about this one: they have learnt from micro-expressions alone, and what they "
    "would say of a longer expression was never measured."
)
_LOOKS = (
    "A response map shows where a network looks, and not whether that speaks for the expression. The white line goes "
    "round what is at least half as strong as the strongest. Each map is the mean for the face and its mirror image, "
    "which both answer."
)
_STAGES = {
    "stem": "first layer",
    "level_1": "second layer",
    "level_2": "third layer",
    "level_3": "fourth layer",
    "hybrid": "last layer",
}
_ACROSS = 3


def show_explanation(stored: StoredRecording, track: Track, each: ReviewedEvent) -> None:
    """Show what mattered for the answer that the machine gave; a person's word has no map."""
    event = each.spotted
    if event is None:
        st.markdown("You added this event: no model has answered for it, so there is nothing to explain.")
        return
    if each.named:
        st.markdown(f"This is about the model’s answer, {escape_markdown(event.answer)}, not about yours.")
    model = model_of(event)
    if model is None:
        st.markdown("What answered for this event has no map of what it looked at.")
        return
    enhanced = stored.analysis.enhanced
    crop, importance = explain_event(model, event_pictures(stored, track, each), event, enhanced)
    of_motion = isinstance(model, ClipModel)
    how = _STILLED if of_motion else _OCCLUSION
    left, right = st.columns(2, gap="large", vertical_alignment="center")
    with left:
        show_figure(
            importance_overlay(crop, importance, event.expression, of_motion), f"video why {stored.token} {each.id}"
        )
    with right:
        st.markdown(importance_in_words(importance, event.expression, of_motion))
        if enhanced != "none":
            how += f" The model saw the face as it is shown here, enhanced by {METHODS[enhanced]}."
        small_print(how)
    show_networks(stored, track, each, event)


def show_networks(stored: StoredRecording, track: Track, reviewed: ReviewedEvent, event: Event) -> None:
    """Show every clip model's answer for an event as it was spotted, and maps of those that tell where they look."""
    with error_boundary():
        if len(clip_model.names()) < 2:
            return
        st.markdown(HEADING)
        if event.kind != "micro":
            st.markdown(MICRO_ONLY)
            return
        face, asked = _asked(stored, track, reviewed, event)
        st.table([_row(each) for each in asked], hide_index=True, alt="What each network says of this event")
        small_print(_worth(asked))
        _maps(face, asked, f"video network {stored.token} {reviewed.id}")
        small_print(_LOOKS)


def _asked(
    stored: StoredRecording, track: Track, each: ReviewedEvent, event: Event
) -> tuple[np.ndarray, list[ClipPrediction]]:
    pictures = event_pictures(stored, track, each)

    def ask() -> tuple[np.ndarray, list[ClipPrediction]]:
        with st.spinner("Asking the other networks"):
            return clip_predictions(pictures, event, stored.analysis.enhanced)

    return stored.shown(("networks", each.id, len(pictures.time_s), float(pictures.time_s[0])), ask)


def _row(prediction: ClipPrediction) -> dict[str, str]:
    figures = _figures(prediction)
    asked = percent_in_words(prediction.model.thresholds[prediction.expression])
    return {
        "network": escape_markdown(_short(prediction)),
        "expression": escape_markdown(prediction.expression),
        "certainty": percent_in_words(prediction.certainty),
        "decided": "yes" if prediction.decided else f"no, asks for {asked}",
        "UF1": score_with_interval(figures["uf1"], figures["uf1_interval"]) if figures else "not measured",
    }


def _short(prediction: ClipPrediction) -> str:
    """Return a network's name without what it is made of, which stands in its card."""
    return prediction.model.title.split(":")[0]


def _worth(asked: list[ClipPrediction]) -> str:
    """Say what the figures mean, and which networks are weaker by them than the one that names events."""
    best, *others = (_figures(each).get("uf1", 0) for each in asked)
    weaker = [_short(each) for each, uf1 in zip(asked[1:], others, strict=True) if uf1 < best]
    said = (
        "UF1 is measured on people whom the network has not seen: the mean F1 of the three expressions, 1 is always "
        "right, in brackets the 95 % interval."
    )
    if weaker:
        said += (
            " By these figures weaker than the first, which names the events of a recording: "
            f"{escape_markdown(' and '.join(weaker))}. Where the intervals overlap, that may be chance. The others "
            "stand here to compare, and change nothing."
        )
    return said


def _maps(face: np.ndarray, asked: list[ClipPrediction], key: str) -> None:
    """Lay all maps over the face at the apex, a few in a row."""
    items = [
        (f"{_short(prediction)}, {_STAGES.get(stage, stage)}", values)
        for prediction in asked
        for stage, values in prediction.responses.items()
    ]
    items += [(f"{_short(each)}, attention", each.attention) for each in asked if each.attention is not None]
    for start in range(0, len(items), _ACROSS):
        for column, (title, values) in zip(
            st.columns(_ACROSS, gap="medium"), items[start : start + _ACROSS], strict=False
        ):
            with column:
                figure = response_overlay(face, values, title)
                show_figure(figure, f"{key} {title}")
                small_print(escape_markdown(alt_text(figure)))


def _figures(prediction: ClipPrediction) -> Mapping[str, Any]:
    """Return what the model's card says of all clips; nothing where it was not measured."""
    with suppress(LookupError, TypeError):
        return prediction.model.card["evaluations"][0]["whole"]
    return {}
