"""What Streamlit's own elements lack for readers who see little, use a screen reader or hold a phone."""

import streamlit as st

# - Streamlit keeps a place in the menu as wide as a link's title in Markdown, all of its icon's address.
# - White on the dark theme's primary colour has a contrast of 3.5, and that colour on a chosen segment one of 3.9; the
#   least is 4.5 (WCAG 2.2, criterion 1.4.3). A chosen segment keeps its border and its ground, and is bold.
# - Where the keyboard is, is shown by a shadow of a contrast of 2, or not at all; the least is 3 (criterion 1.4.11).
#   Fields have a frame of their own for it.
_STYLE = """<style>
[data-testid="stTopNavPopover"] [label]::after { content: none !important }
[data-testid^="stBaseButton-primary"]:not(:disabled) {
  background-color: #0072b2 !important; border-color: #0072b2 !important; color: #fff !important
}
[data-testid^="stBaseButton-primary"]:not(:disabled):hover {
  background-color: #005a8c !important; border-color: #005a8c !important
}
button[data-variant][aria-checked="true"], button[data-variant][aria-pressed="true"] {
  color: inherit !important; font-weight: 600
}
:focus-visible, label:has(input:is([type="checkbox"], [type="radio"]):focus-visible) {
  outline: 2px solid light-dark(#005a8c, #7cbdee) !important; outline-offset: 2px !important
}
main:focus-visible { outline-offset: -3px !important }
:is(input:not([type="checkbox"], [type="radio"], [type="range"]), textarea):focus-visible { outline: none !important }
</style>"""
# - On a phone the menu stays open over the page that was chosen.
# - A film that plays by itself does so for those too whose browser asks for less motion.
# - A table that is wider than a phone cannot be moved by the keyboard.
# - The menu's list has other children than items, which no reader can tell; without the roles they are links, as
#   they look.
_SCRIPT = """<script>
if (!window.mendsStreamlit) {
  window.mendsStreamlit = true
  document.addEventListener("click", event => {
    if (window.innerWidth > 768 || !event.target.closest('[data-testid="stSidebarNavLink"]')) return
    setTimeout(() => document.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click())
  })
  // What is played by hand afterwards plays.
  document.addEventListener("play", ({ target }) => {
    if (!target.autoplay || !matchMedia("(prefers-reduced-motion: reduce)").matches) return
    target.autoplay = false
    target.pause()
  }, true)
  const mendList = () => {
    const list = document.querySelector('[data-testid="stSidebarNavItems"]')
    if (!list || list.role === "group") return
    list.role = "group"
    list.querySelectorAll("li").forEach(item => { item.role = "none" })
  }
  const mendTables = () => {
    for (const table of document.querySelectorAll('[data-testid="stTable"] > div')) {
      if (table.scrollWidth > table.clientWidth) table.tabIndex = 0
      else table.removeAttribute("tabindex")
    }
  }
  let waiting = 0
  const mend = () => {
    waiting ||= requestAnimationFrame(() => {
      waiting = 0
      mendList()
      mendTables()
    })
  }
  new MutationObserver(mend).observe(document.body, { childList: true, subtree: true })
  window.addEventListener("resize", mend)
  mend()
}
</script>"""


def mend() -> None:
    """Mend them in the browser; takes no room on the page."""
    st.html(_STYLE)
    st.html(_SCRIPT, width="content", unsafe_allow_javascript=True)
