"""A camera's picture with what is known drawn into it, many times a second, and its latest seconds as lines."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import plotly.graph_objects as go

from engine.charts.layout import as_text, finish, percent
from engine.charts.palette import line_style
from engine.charts.picture import PAD, draw_box, text_width, write_text
from engine.charts.recording_panels import draw_marks
from engine.recognition.analysis import Event
from engine.recognition.live.state import SECONDS, LiveFace, LiveState, Timeline
from engine.words import counted

_TEXT = 1 / 26
"""Height of letters over that of the picture, and ..."""
_LEAST_PX = 13  # ... at least so many pixels
_GROUND = 0.35  # of a picture's light is left under words
_PHASES = {"starting": "Starting", "paused": "Paused: no picture is looked at."}
MOST_POINTS = 200
"""Of a line: it is drawn anew twice a second."""


def draw_live_picture(picture: np.ndarray, state: LiveState, person: int | None = None) -> np.ndarray:
    """Draw boxes with the expressions, and below them why nothing is looked at where that is so.

    Parameters
    ----------
    picture
        (height, width, 3) uint8 RGB; not changed.
    state
        What is known.
    person
        Whose box is blue and thicker, None for nobody's.

    Returns
    -------
    numpy.ndarray
        (height, width, 3) uint8 RGB.
    """
    drawn = picture.copy()
    size = max(_LEAST_PX, round(_TEXT * picture.shape[0]))
    several = len(state.faces) > 1
    # The chosen face comes last, so that no neighbour covers it.
    for face in sorted(state.faces, key=lambda face: face.person == person):
        draw_box(drawn, face.box, face_caption(face, several), size, 2, several and face.person == person)
    _lines(drawn, footer_lines(state), size)
    return drawn


def as_it_is(picture: np.ndarray, state: LiveState, person: int | None = None) -> np.ndarray:
    """Draw nothing: return the picture; takes what `draw_live_picture` does."""
    return picture


def face_caption(face: LiveFace, several: bool) -> str:
    """Return what stands at a face: ``happy, 93 %`` or ``undecided``, after its number where there are several."""
    said = f"{face.expression}, {percent(face.certainty)}" if face.decided else "undecided"
    return f"{face.person}: {said}" if several else said


def footer_lines(state: LiveState) -> list[str]:
    """Return what stands at the foot of the picture: why it is not looked at. Warnings come and go too fast there."""
    phase = [_PHASES[state.phase]] if state.phase in _PHASES else []
    return [*phase, *([] if state.error is None else [state.error])]


def _lines(drawn: np.ndarray, sentences: Sequence[str], size: int) -> None:
    pad = round(PAD * size)
    found = [line for sentence in sentences for line in _wrapped(sentence, size, drawn.shape[1] - 2 * pad)]
    high = size + pad
    found = found[: max(1, drawn.shape[0] // (2 * high))]
    if not found:
        return
    top = drawn.shape[0] - len(found) * high - pad
    drawn[top:] = (_GROUND * drawn[top:]).astype(np.uint8)
    for row, line in enumerate(found):
        write_text(drawn, line, pad, top + pad + row * high, size)


def _wrapped(sentence: str, size: int, most: int) -> Iterator[str]:
    line = ""
    for word in sentence.split():
        longer = f"{line} {word}".strip()
        if line and text_width(longer, size) > most:
            yield line
            line = word
        else:
            line = longer
    if line:
        yield line


def live_timeline(timeline: Timeline, now_s: float, events: Sequence[Event] = ()) -> go.Figure:
    """Draw a line an expression over the latest 30 s, whatever is known of them.

    Parameters
    ----------
    timeline
        One person's latest seconds.
    now_s
        The time at the right end, in seconds as in the timeline.
    events
        What was spotted of this person.
    """
    ago = (timeline.time_s - now_s).astype(np.float32)
    step = max(1, -(-len(ago) // MOST_POINTS))
    # Counted from the end of time, so that the same frames are drawn again and the lines do not tremble; gaps stay.
    broken = np.isnan(timeline.smoothed).any(axis=1)
    drawn = broken | (np.floor(timeline.time_s / (step / 30)) != np.floor(np.roll(timeline.time_s, 1) / (step / 30)))
    if len(drawn):
        drawn[-1] = True
    figure = go.Figure()
    for index, label in enumerate(timeline.labels):
        figure.add_scatter(
            x=ago[drawn],
            y=np.round(100 * timeline.smoothed[drawn, index], 1).astype(np.float32),
            name=label,
            mode="lines",
            line=line_style(index),
            connectgaps=False,
            hovertemplate=f"{as_text(label)}: %{{y:.0f}} %<extra></extra>",
        )
    shifted = [
        replace(each, onset_s=each.onset_s - now_s, apex_s=each.apex_s - now_s, offset_s=each.offset_s - now_s)
        for each in events
    ]
    draw_marks(figure, shifted, 0, 100, "y", (-SECONDS, 0.0))
    figure.update_xaxes(title=None, ticksuffix=" s", range=[-SECONDS, 0], dtick=10, showgrid=True)
    figure.update_yaxes(range=[0, 101], dtick=25, ticksuffix=" %", title=None)
    figure.update_layout(hovermode="x", uirevision="live")
    seen = timeline.smoothed[~broken]
    known = [event for event in shifted if event.offset_s >= -SECONDS]
    told = f"{counted(len(known), 'event')} in it. " if known else ""
    now = "nothing yet"
    if len(seen):
        now = ", ".join(f"{timeline.labels[at]} {percent(seen[-1, at])}" for at in np.argsort(-seen[-1])[:3])
    alt = f"Probability of each expression over the latest {SECONDS:.0f} s. {told}At the end: {now}."
    return finish(figure, "Probabilities of the latest 30 s", alt, 350, legend=-0.13)
