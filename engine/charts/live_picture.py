"""A camera's picture with what is known drawn into it, many times a second."""

import threading
from collections.abc import Iterator, Sequence

import cv2
import numpy as np

from engine.charts import palette
from engine.charts.layout import percent
from engine.recognition.live.state import LiveFace, LiveState

_LIGHT, _DARK, _CHOSEN = (palette.rgb(colour) for colour in (palette.WHITE, palette.BLACK, palette.BLUE))
_TEXT = 1 / 26
"""Height of letters over that of the picture, and ..."""
_LEAST_PX, _WEIGHT = 13, 600  # ... at least so many pixels of this weight
_PAD = 0.35  # of the letters' height
_MOST_LINES = 3
_GROUND = 0.35  # of a picture's light is left under words
_PHASES = {"starting": "Starting", "paused": "Paused: no picture is looked at."}
_fonts = threading.local()  # a font remembers the letters that it has drawn


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
        chosen = several and face.person == person
        _box(drawn, face, _CHOSEN if chosen else _DARK, 2 + 2 * chosen)
        _caption(drawn, caption(face, several), face, _CHOSEN if chosen else _DARK, size)
    _lines(drawn, lines(state, person), size)
    return drawn


def caption(face: LiveFace, several: bool) -> str:
    """Return what stands at a face: ``happy, 93 %`` or ``undecided``, after its number where there are several."""
    said = f"{face.expression}, {percent(face.certainty)}" if face.decided else "undecided"
    return f"{face.person}: {said}" if several else said


def lines(state: LiveState, person: int | None) -> list[str]:
    """Return what stands at the foot of the picture, at most three sentences."""
    phase = [_PHASES[state.phase]] if state.phase in _PHASES else []
    about = next((face for face in state.faces if face.person == person), state.main)
    checks = [] if about is None else [check.sentence for check in about.warnings]
    return [*phase, *([] if state.error is None else [state.error]), *state.warnings, *checks][:_MOST_LINES]


def _box(drawn: np.ndarray, face: LiveFace, colour: tuple[int, int, int], thick: int) -> None:
    left, top, width, height = (round(side) for side in face.box)
    # White beside dark stands out on any picture.
    cv2.rectangle(drawn, (left - 1, top - 1), (left + width + 1, top + height + 1), _LIGHT, thick + 2)
    cv2.rectangle(drawn, (left, top), (left + width, top + height), colour, thick)


def _caption(drawn: np.ndarray, text: str, face: LiveFace, colour: tuple[int, int, int], size: int) -> None:
    pad = round(_PAD * size)
    wide, high = _width(text, size) + 2 * pad, size + 2 * pad
    left, top = round(face.box[0]), round(face.box[1])
    left = min(max(left, 0), max(0, drawn.shape[1] - wide))
    top = top - high if top >= high else max(top, 0)
    cv2.rectangle(drawn, (left, top), (left + wide, top + high), colour, -1)
    _write(drawn, text, left + pad, top + pad + round(0.82 * size), size)


def _lines(drawn: np.ndarray, sentences: Sequence[str], size: int) -> None:
    pad = round(_PAD * size)
    found = [line for sentence in sentences for line in _wrapped(sentence, size, drawn.shape[1] - 2 * pad)]
    high = size + pad
    found = found[: max(1, drawn.shape[0] // (2 * high))]
    if not found:
        return
    top = drawn.shape[0] - len(found) * high - pad
    drawn[top:] = (_GROUND * drawn[top:]).astype(np.uint8)
    for row, line in enumerate(found):
        _write(drawn, line, pad, top + pad + row * high + round(0.82 * size), size)


def _wrapped(sentence: str, size: int, most: int) -> Iterator[str]:
    line = ""
    for word in sentence.split():
        longer = f"{line} {word}".strip()
        if line and _width(longer, size) > most:
            yield line
            line = word
        else:
            line = longer
    if line:
        yield line


def _width(text: str, size: int) -> int:
    return cv2.getTextSize((1, 1), text, (0, 0), _font(), size, _WEIGHT)[2]


def _write(drawn: np.ndarray, text: str, left: int, base: int, size: int) -> None:
    cv2.putText(drawn, text, (left, base), _LIGHT, _font(), size, _WEIGHT)


def _font() -> cv2.FontFace:
    if not hasattr(_fonts, "sans"):
        _fonts.sans = cv2.FontFace("sans")
    return _fonts.sans
