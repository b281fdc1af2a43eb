"""A row of small pictures, one of which is chosen by a click on it."""

from collections.abc import Sequence

import streamlit as st

from pages.views.home.samples import Sample, thumbnail

_KEY = "home sample"
_HTML = '<div class="strip" role="group" aria-label="Pictures to try"></div>'
_CSS = """
.strip { display: flex; flex-wrap: wrap; gap: 6px }
button {
  padding: 3px; border: 2px solid var(--st-border-color); border-radius: 8px; background: none; cursor: pointer;
  color: inherit; font: inherit; font-size: 0.875rem
}
button[aria-pressed=true] { border-color: var(--st-primary-color); background: var(--st-secondary-background-color) }
button:focus-visible { outline: 3px solid var(--st-primary-color); outline-offset: 2px }
img { display: block; width: 64px; height: 64px; border-radius: 5px }
"""
_SCRIPT = """
export default function ({ parentElement, data, setStateValue }) {
  const strip = parentElement.querySelector(".strip")
  if (strip.childElementCount !== data.samples.length)
    strip.replaceChildren(...data.samples.map((sample, index) => {
      const button = document.createElement("button"), image = document.createElement("img")
      button.type = "button"
      image.src = sample.source
      image.alt = sample.alt
      button.append(image, sample.words)
      return button
    }))
  const show = chosen => [...strip.children].forEach(
    (button, index) => button.setAttribute("aria-pressed", index === chosen))
  show(data.chosen)
  strip.onclick = event => {
    const chosen = [...strip.children].indexOf(event.target.closest("button"))
    if (chosen < 0) return
    show(chosen)
    setStateValue("chosen", chosen)
  }
}
"""
_component = st.components.v2.component("samples", html=_HTML, css=_CSS, js=_SCRIPT)


def choose_sample(samples: Sequence[Sample]) -> Sample:
    """Show the samples as pictures to click, and return the one that is chosen; the first at first."""
    kept = st.session_state.get(_KEY)
    chosen = int((kept or {}).get("chosen") or 0)
    shown = [{"source": thumbnail(each), "words": each.words, "alt": each.alt} for each in samples]
    _component(
        data={"samples": shown, "chosen": chosen},
        key=_KEY,
        default={"chosen": 0},
        height="content",
        on_chosen_change=lambda: None,
    )
    return samples[chosen]
