"""What the model looked at when it named an event's expression."""

import streamlit as st

from engine.charts.importance import importance_in_words, importance_overlay
from engine.images.lowlight import METHODS
from engine.recognition.analysis import Track
from engine.recognition.clip_model import ClipModel
from engine.recognition.event_reasons import model_of, what_mattered
from engine.recognition.recordings import Kept
from engine.records.review import ReviewedEvent
from pages.views.common.figures import show_figure
from pages.views.common.guard import error_boundary
from pages.views.common.text import escape_markdown, small_print
from pages.views.video.networks import show_networks
from pages.views.video.replay import seen

_OCCLUSION = (
    "Found by occlusion on the face at the apex: a small gray square covers one part after the other, and the model "
    "answers each time. Blue parts, when covered, lower the probability; orange parts raise it; the white line goes "
    "round what matters most."
)

_STILLED = (
    "Found by stilling: the motion between onset and apex is taken out of one part of the face after the other, and "
    "the model answers each time. Blue parts, when stilled, lower the probability; orange parts raise it; the white "
    "line goes round what matters most. Negative, positive and surprise are the classes that real micro-expressions "
    "can be measured in; they name what the face shows, not what the person feels."
)


def show_why(kept: Kept, track: Track, each: ReviewedEvent) -> None:
    """Show what mattered for the answer that the machine gave; a person's word has no map."""
    with error_boundary():
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
        enhanced = kept.analysis.enhanced
        crop, importance = what_mattered(model, seen(kept, track, each), event, enhanced)
        done, how = ("stilling", _STILLED) if isinstance(model, ClipModel) else ("covering", _OCCLUSION)
        left, right = st.columns(2, gap="large", vertical_alignment="center")
        with left:
            show_figure(
                importance_overlay(crop, importance, event.expression, done), f"video why {kept.token} {each.id}"
            )
        with right:
            st.markdown(importance_in_words(importance, event.expression, done))
            if enhanced != "none":
                how += f" The model saw the face as it is shown here, enhanced by {METHODS[enhanced]}."
            small_print(how)
        show_networks(kept, track, each, event)
