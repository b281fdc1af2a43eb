"""A face at rest that shows an expression for a moment, as exactly as a browser can."""

from collections.abc import Callable, Hashable
from typing import Any

import numpy as np
import streamlit as st

from engine import practice
from engine.charts.picture import data_url
from pages.views.common.page_state import cached, page_state
from pages.views.common.text import small_print

_WAIT_MS = 700
"""From the wish to see a face to the face: one has looked up from the key by then."""
_KEPT = 48
_KEY = "practice flash"
_HTML = """
<div class="faces"><img class="rest" alt="What stands before and after the face"><img class="shown" alt=""></div>
"""
_CSS = """
.faces { position: relative; width: 100%; max-width: 400px; aspect-ratio: 1 }
img { position: absolute; inset: 0; width: 100%; height: 100%; border-radius: 8px }
.shown { visibility: hidden }
"""
# What is set before a frame is drawn is seen from that frame on; so the time between the two frames is how long the
# face stood. It is taken away in the frame that comes closest to the time asked for.
_SCRIPT = """
export default function ({ parentElement, data, setTriggerValue }) {
  const rest = parentElement.querySelector(".rest"), face = parentElement.querySelector(".shown")
  for (const [image, source] of [[rest, data.rest], [face, data.face]])
    if (image.getAttribute("src") !== source) image.setAttribute("src", source)
  const asked = String(data.play) !== (face.dataset.played ?? "0")
  face.dataset.played = data.play
  if (!asked || !data.play) return
  let shown = 0, before = 0, frame = 0
  const finish = now => {
    frame = now - before
    before = now
    if (now - shown < data.duration_ms - frame / 2) return requestAnimationFrame(finish)
    face.style.visibility = "hidden"
    setTriggerValue("shown", { play: data.play, shown_ms: now - shown, frame_ms: frame })
  }
  const begin = now => {
    face.style.visibility = "visible"
    shown = before = now
    requestAnimationFrame(finish)
  }
  const wait = until => now => requestAnimationFrame(now < until ? wait(until) : begin)
  Promise.all([rest.decode(), face.decode()]).then(
    () => requestAnimationFrame(now => wait(now + data.wait_ms)(now)))
}
"""
_component = st.components.v2.component("flash", html=_HTML, css=_CSS, js=_SCRIPT)


def drawn(person: int, expression: str, strength: float) -> str:
    """Return the picture of a drawn face as an address."""
    return _kept((person, expression, strength), lambda: practice.face(person, expression, strength))


def face_shown(faces: practice.Faces, person: int, expression: str) -> str:
    """Return the picture of a face as an address."""
    return _kept((faces.title, person, expression), lambda: faces.picture(person, expression))


def shown_before(faces: practice.Faces, person: int) -> str:
    """Return the picture that stands before and after a face, as an address."""
    return _kept((faces.title, person), lambda: faces.before(person))


def show_still(address: str, words: str, width: int, alt: str) -> None:
    """Show a picture of a face, so many pixels wide, with words below it that can be read: Streamlit's own are pale."""
    with st.container(width=width, gap="xxsmall"):
        st.image(address, width=width, alt=alt)
        small_print(words, width=width, text_alignment="center")


def _kept(name: Hashable, make: Callable[[], np.ndarray]) -> str:
    """Return a picture as an address; the last ones are kept while the page is open."""
    return cached(page_state("Practice", "pictures"), name, lambda: data_url(make()), _KEPT)


def show_flash(faces: practice.Faces, trial: practice.Trial, play: int, take: Callable[[dict[str, Any]], None]) -> None:
    """Show a face at rest and, for each new number above 0, the trial's expression on it for a moment.

    Parameters
    ----------
    faces, trial
        Whose face shows what, and for how long.
    play
        Counts the wishes to see a face; 0 before the first.
    take
        Called with ``play`` (as given), ``shown_ms`` (how long the face stood) and ``frame_ms`` (how long the display
        shows a frame), before the page runs again.
    """

    def shown() -> None:
        told = st.session_state[_KEY].get("shown")
        if told:
            take(dict(told))

    data = {
        "rest": shown_before(faces, trial.person),
        "face": face_shown(faces, trial.person, trial.expression),
        "play": play,
        "duration_ms": 1000 * trial.duration_s,
        "wait_ms": _WAIT_MS,
    }
    _component(data=data, key=_KEY, on_shown_change=shown)
