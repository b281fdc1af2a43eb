"""A camera's picture with what is known drawn into it, many times a second."""

from collections.abc import Iterator, Sequence

import numpy as np

from engine.charts.layout import percent
from engine.charts.picture import PAD, draw_box, text_width, write_text
from engine.recognition.live.state import LiveFace, LiveState

_TEXT = 1 / 26
"""Height of letters over that of the picture, and ..."""
_LEAST_PX = 13  # ... at least so many pixels
_MOST_LINES = 3
_GROUND = 0.35  # of a picture's light is left under words
_PHASES = {"starting": "Starting", "paused": "Paused: no picture is looked at."}


def draw_live_picture(picture: np.ndarray, state: LiveState, person: int | None = None) -> np.ndarray:
    """Draw boxes with the expressions, and below them what is wrong with the picture.

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
    _lines(drawn, footer_lines(state, person), size)
    return drawn


def face_caption(face: LiveFace, several: bool) -> str:
    """Return what stands at a face: ``happy, 93 %`` or ``undecided``, after its number where there are several."""
    said = f"{face.expression}, {percent(face.certainty)}" if face.decided else "undecided"
    return f"{face.person}: {said}" if several else said


def footer_lines(state: LiveState, person: int | None) -> list[str]:
    """Return what stands at the foot of the picture, at most three sentences."""
    phase = [_PHASES[state.phase]] if state.phase in _PHASES else []
    about = next((face for face in state.faces if face.person == person), state.main)
    checks = [] if about is None else [check.sentence for check in about.warnings]
    return [*phase, *([] if state.error is None else [state.error]), *state.warnings, *checks][:_MOST_LINES]


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
