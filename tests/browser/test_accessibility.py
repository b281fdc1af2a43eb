"""Every page and its main states in light, in dark and on a phone: what axe-core finds; the keyboard; 200 %; motion."""

import re
from itertools import pairwise

import numpy as np
import pytest

from engine.datasets import store
from engine.emotions import SEVEN

axe = pytest.importorskip("axe_playwright_python.sync_playwright")

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
LOOKS = {"light": ("light", 1280), "dark": ("dark", 1280), "dark phone": ("dark", 390), "phone": ("light", 390)}
"""Colour scheme and width of the window, in pixels."""
HIGH = 844
MOST_SCREENS = 6
A_ROW = 60
"""Pixels that what stands in one row may differ in height."""


def photo_with_an_answer(page, astronaut):
    page.locator("input[type=file]").set_input_files(astronaut)
    page.get_by_role("heading", name="Happy").wait_for()


def analysed_example(page, _):
    page.get_by_role("radio", name="Example").click()
    # Another one than other tests forget: what two visitors hold stays until both have left.
    page.get_by_role("combobox", name="Example").click()
    page.get_by_role("option", name="Micro and macro expressions").click()
    page.get_by_role("button", name="Draw and analyse it").click()
    page.get_by_role("tab", name="Replay").wait_for()


def made_up_person(page, _):
    page.get_by_role("button", name="Try it with a made-up person").click()
    page.get_by_role("tab", name="Sessions").wait_for()


def session_with_a_report(page, _):
    open_ = page.get_by_test_id("stButton").get_by_role("button", name="Open")
    page.get_by_role("button", name="Try it with a made-up person").or_(open_).click()
    page.get_by_role("tab", name="Sessions").wait_for()
    wait(page)
    open_.click()
    page.get_by_role("button", name="Report, PDF").wait_for()


def confusion_matrix(page, _):
    page.get_by_role("radio", name="Confusion", exact=True).click()
    page.locator(".js-plotly-plot .heatmaplayer image").first.wait_for()


def opened_part(page, _):
    page.locator("main summary").filter(has_text="All models side by side").click()
    page.get_by_test_id("stTable").first.wait_for()


def guided_tour(page, _):
    page.get_by_role("radio", name="Guided tour").click()
    page.get_by_role("heading", name="1 of 4").wait_for()


def pictures_of_a_set(page, _):
    page.get_by_role("tab", name="Pictures").click()
    page.get_by_test_id("stBaseButton-tertiary").first.wait_for()


def eye_test(page, _):
    page.get_by_role("radio", name="Test", exact=True).click()
    page.get_by_role("button", name="Begin").click()
    page.get_by_text("Face 1 of 14").wait_for()


STATES = {
    "home": ("home", None),
    "photo": ("photo", None),
    "photo with an answer": ("photo", photo_with_an_answer),
    "video": ("video", None),
    "recording analysed": ("video", analysed_example),
    "live": ("live", None),
    "sessions": ("sessions", None),
    "a person": ("sessions", made_up_person),
    "a session with a report": ("sessions", session_with_a_report),
    "a lesson": ("practice", None),
    "a test of one's eye": ("practice", eye_test),
    "datasets": ("datasets", None),
    "pictures of a set": ("datasets", pictures_of_a_set),
    "train": ("train", None),
    "evaluate": ("evaluate", None),
    "confusion matrix": ("evaluate", confusion_matrix),
    "spikes": ("spikes", None),
    "guided tour": ("spikes", guided_tour),
    "models": ("models", None),
    "models side by side": ("models", opened_part),
}


# The answer is awaited before anything is looked at; what still runs draws the page anew.
QUIET = """() => !document.querySelector('[data-test-script-state="running"], [data-testid="stSkeleton"]')"""
SCREENS = """() => document.querySelector('[data-testid="stMain"]').scrollHeight / innerHeight"""
TOO_WIDE = """() => {
  const main = document.querySelector('[data-testid="stMain"]')
  return Math.max(main.scrollWidth - main.clientWidth, document.documentElement.scrollWidth - window.innerWidth)
}"""
CUT_OFF = """() => [
  ...document.querySelectorAll("main :is(p, li, h1, h2, h3, label, button, summary, th, td)")
].filter(part => {
  const style = getComputedStyle(part)
  return part.checkVisibility() && style.overflowX !== "visible" && style.textOverflow !== "ellipsis"
    && part.clientWidth > 1 && part.scrollWidth > part.clientWidth + 1
}).map(part => part.textContent.slice(0, 60))"""
BY_ITSELF = """() => [
  ...document.getAnimations().filter(each =>
    each.playState === "running" && each.effect.getComputedTiming().iterations === Infinity
  ).map(each => each.effect.target),
  ...[...document.querySelectorAll("video")].filter(each => !each.paused),
].map(each => each?.outerHTML.slice(0, 100))"""
# Where the keyboard is: what has the focus, also inside a component's own document; where that is; how it is shown.
FOCUSED = """() => {
  let at = document.activeElement
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement
  if (!at || at === document.body) return null
  const box = at.getBoundingClientRect()
  const outline = each => getComputedStyle(each).outlineStyle !== "none" ? getComputedStyle(each).outlineWidth : "0"
  const ringed = each => each && parseFloat(outline(each)) >= 2
  // Fields have a frame, and a browser's own player shows which of its buttons it is.
  const bar = document.querySelector('[data-testid="stHeader"]')
  const main = document.querySelector('[data-testid="stMain"]')
  const top = bar && main.contains(at) && !bar.contains(at) ? bar.getBoundingClientRect().bottom : 0
  const framed = at.matches("textarea, video, input:not([type=checkbox], [type=radio], [type=range])")
  return {
    what: [at.tagName, at.dataset.testid ?? at.role ?? "", (at.ariaLabel ?? at.innerText ?? "").slice(0, 40)].join(" "),
    top: main !== at && main.contains(at) ? Math.round(box.top + main.scrollTop) : null,
    seen: box.bottom > top && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    shown: framed || [at, at.closest("label")].some(ringed),
    ring: getComputedStyle(at).outlineColor,
  }
}"""


TO_THE_TOP = """() => {
  document.body.tabIndex = -1
  document.body.focus()
  document.body.removeAttribute("tabindex")
}"""
FRAME = """at => {
  while (at && parseFloat(getComputedStyle(at).borderTopWidth) < 1) at = at.parentElement
  return getComputedStyle(at).borderTopColor
}"""


def wait(page):
    page.wait_for_function(QUIET)
    page.wait_for_timeout(250)


@pytest.fixture(params=STATES)
def reached(request, visit, astronaut, data_of_server, monkeypatch, tmp_path):
    """A page in one of its states, in a wide, light window of a browser that asks for less motion."""
    path, reach = STATES[request.param]
    if reach is pictures_of_a_set:
        monkeypatch.setenv("NEUROMER_DATA", str(data_of_server))
        crops = np.random.default_rng(0).integers(0, 256, (70, 48, 48)).astype(np.uint8)
        np.savez(tmp_path / "set.npz", x=crops, y=np.arange(70) % 7, classes=np.array(SEVEN))
        store.import_set(tmp_path / "set.npz", "a set of noise")
        request.addfinalizer(lambda: store.remove("a set of noise"))
    page = visit.open(f"/{path}", reduced_motion="reduce")
    wait(page)
    if reach is not None:
        reach(page, astronaut)
        wait(page)
    return page


def test_nothing_keeps_anybody_out(reached):
    check_keyboard(reached)
    check_looks(reached)
    assert reached.evaluate(SCREENS) <= MOST_SCREENS
    assert reached.evaluate(TOO_WIDE) <= 0
    check_order(reached)
    # A window of 1,280 pixels at 200 %.
    reached.set_viewport_size({"width": 640, "height": 450})
    wait(reached)
    assert reached.evaluate(TOO_WIDE) <= 0 and reached.evaluate(CUT_OFF) == []
    assert reached.evaluate(BY_ITSELF) == []


def check_looks(page):
    """Ask axe-core in each look; the last one is a phone's."""
    found = []
    for look, (scheme, width) in LOOKS.items():
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": HIGH})
        wait(page)
        for each in axe.Axe().run(page, options=RULES).response["violations"]:
            found += [f"{look}: {each['id']} ({each['impact']}): {node['html'][:160]}" for node in each["nodes"]]
    assert not found, "\n".join(found)


def stops_of(page):
    """Go from stop to stop, from the first one, until the page is left."""
    page.evaluate(TO_THE_TOP)
    stops = []
    for _ in range(150):
        page.keyboard.press("Tab")
        if (stop := page.evaluate(FOCUSED)) is None:
            return stops
        stops.append(stop)
    raise AssertionError("there is no end of stops")


def check_order(page):
    """On a phone everything stands in one column: no stop stands above the one before it."""
    # A picture's own tools stand on it, beside its words.
    stops = [stop for stop in stops_of(page) if stop["top"] is not None and "elementToolbar" not in stop["what"]]
    back = [(one["what"], next_["what"]) for one, next_ in pairwise(stops) if next_["top"] < one["top"] - A_ROW]
    assert len(stops) >= 3 and back == []


def check_keyboard(page):
    """All stops are on the screen, and seen."""
    stops = stops_of(page)
    assert len(stops) > 8
    assert [stop["what"] for stop in stops if not stop["seen"]] == [], "off the screen"
    assert [stop["what"] for stop in stops if not stop["shown"]] == [], "not shown"


@pytest.mark.parametrize(
    ("scheme", "ring", "ground"), [("light", "#005a8c", "#ffffff"), ("dark", "#7cbdee", "#12161b")]
)
def test_where_the_keyboard_is_stands_out(visit, scheme, ring, ground):
    page = visit.open("/photo", scheme=scheme)
    wait(page)
    for _ in range(3):
        page.keyboard.press("Tab")
    assert colour(page.evaluate(FOCUSED)["ring"]) == ring
    assert colour(page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")) == ground
    assert contrast(ring, ground) >= 3
    # What is written into has a frame of that colour in place of a ring.
    page.get_by_test_id("stTopNavSection").filter(has_text="People").click()
    page.get_by_role("menuitem", name="Sessions", exact=True).click()
    field = page.get_by_role("textbox", name="Pseudonym")
    before = colour(field.evaluate(FRAME))
    field.focus()
    page.wait_for_timeout(300)
    framed = colour(field.evaluate(FRAME))
    assert framed != before and contrast(framed, ground) >= 3


def colour(told):
    return "#" + "".join(f"{int(each):02x}" for each in re.findall(r"\d+", told)[:3])


def contrast(one, other):
    """Of two colours, as WCAG 2.2 defines it."""

    def luminance(said):
        parts = (int(said[at : at + 2], 16) / 255 for at in (1, 3, 5))
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)
