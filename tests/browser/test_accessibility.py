"""Every page and its main states in light, in dark and on a phone: what axe-core finds; the keyboard; 200 %; motion."""

import re

import pytest

axe = pytest.importorskip("axe_playwright_python.sync_playwright")

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
LOOKS = {"light": ("light", 1280), "dark": ("dark", 1280), "dark phone": ("dark", 390), "phone": ("light", 390)}
"""Colour scheme and width of the window, in pixels."""
HIGH = 844
MOST_SCREENS = 6


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
    "practice": ("practice", None),
    "a test of one's eye": ("practice", eye_test),
    "datasets": ("datasets", None),
    "train": ("train", None),
    "evaluate": ("evaluate", None),
    "spikes": ("spikes", None),
    "models": ("models", None),
}


# The answer is awaited before anything is looked at; what still runs draws the page anew.
QUIET = """() => !document.querySelector('[data-test-script-state="running"], [data-testid="stSkeleton"]')"""
SCREENS = """() => document.querySelector('[data-testid="stMain"]').scrollHeight / innerHeight"""
TOO_WIDE = """() => {
  const main = document.querySelector('[data-testid="stMain"]')
  return Math.max(main.scrollWidth - main.clientWidth, document.documentElement.scrollWidth - window.innerWidth)
}"""
CUT_OFF = """() => [...document.querySelectorAll("main :is(p, h1, h2, h3, label, button)")].filter(part => {
  const style = getComputedStyle(part)
  return part.checkVisibility() && style.overflowX !== "visible" && style.textOverflow !== "ellipsis"
    && part.clientWidth > 1 && part.scrollWidth > part.clientWidth + 1
}).map(part => part.textContent.slice(0, 60))"""
BY_ITSELF = """() => document.getAnimations().filter(each =>
  each.playState === "running" && each.effect.getComputedTiming().iterations === Infinity
).map(each => each.effect.target?.outerHTML.slice(0, 100))"""
# Where the keyboard is: what has the focus, also inside a component's own document; where that is; how it is shown.
FOCUSED = """() => {
  let at = document.activeElement
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement
  if (!at || at === document.body) return null
  const box = at.getBoundingClientRect()
  const outline = each => getComputedStyle(each).outlineStyle !== "none" ? getComputedStyle(each).outlineWidth : "0"
  const ringed = each => each && parseFloat(outline(each)) >= 2
  // Fields have a frame, and a browser's own player shows which of its buttons it is.
  const framed = at.matches("textarea, video, input:not([type=checkbox], [type=radio], [type=range])")
  return {
    what: [at.tagName, at.dataset.testid ?? at.role ?? "", (at.ariaLabel ?? at.innerText ?? "").slice(0, 40)].join(" "),
    seen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    shown: framed || [at, at.closest("label")].some(ringed),
    ring: getComputedStyle(at).outlineColor,
  }
}"""


def wait(page):
    page.wait_for_function(QUIET)
    page.wait_for_timeout(250)


@pytest.fixture(params=STATES)
def reached(request, visit, astronaut):
    """A page in one of its states, in a wide, light window."""
    path, reach = STATES[request.param]
    page = visit.open(f"/{path}")
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
    # A window of 1,280 pixels at 200 %.
    reached.set_viewport_size({"width": 640, "height": 450})
    wait(reached)
    assert reached.evaluate(TOO_WIDE) <= 0 and reached.evaluate(CUT_OFF) == []
    reached.emulate_media(reduced_motion="reduce")
    wait(reached)
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


def check_keyboard(page):
    """Go from stop to stop until the page is left: all are on the screen, and seen."""
    stops = []
    for _ in range(100):
        page.keyboard.press("Tab")
        if (stop := page.evaluate(FOCUSED)) is None:
            break
        stops.append(stop)
    else:
        raise AssertionError("there is no end of stops")
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
