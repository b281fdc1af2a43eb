"""What a visitor does and sees."""

import csv
import re
from pathlib import Path

import pytest
from looking import GROUPS, PHONE, Actions, go_to, settle, width

from engine.charts import palette

HOME = "Which expression does a face show?"
ANSWER = re.compile(r"Face 1: happy, .*\d %")


def choose(page, option):
    page.get_by_role("radio", name=option, exact=True).click()


def open_photo(visit, act=None, **look):
    """Open the dashboard and go on to the page Photo: one action, which is counted."""
    page = visit.open(**look)
    (act or Actions())(page.get_by_role("link", name="Choose a photo").click)
    page.get_by_role("heading", name="Photo", exact=True, level=1).wait_for()
    return page


def see_answer(page):
    page.get_by_role("heading", name=ANSWER).wait_for()
    page.locator(".js-plotly-plot .bartext").first.wait_for()
    settle(page)


def test_a_first_visitor_sees_an_answer_and_clicks_another_picture(visit):
    page = visit.open()
    page.get_by_role("heading", name=re.compile(r"^Happy, ")).wait_for()
    samples = page.get_by_role("group", name="Pictures to try")
    samples.get_by_role("button", name="Second drawn face").click()
    page.get_by_role("heading", name=re.compile(r"^Angry, ")).wait_for()
    assert samples.get_by_role("button", pressed=True).count() == 1
    samples.get_by_role("button", name="Photo of a cat").press("Enter")
    page.get_by_role("heading", name="No face").wait_for()
    settle(page)
    assert visit.complaints == []


def test_the_navigation_leads_to_every_page_whose_head_is_low(visit):
    page = visit.open()
    for title in (HOME, *(title for titles in GROUPS.values() for title in titles)):
        if title != HOME:
            go_to(page, title)
        top = page.get_by_role("heading", name=title, exact=True, level=1).bounding_box()
        notice = page.get_by_text("never what a person feels").first.bounding_box()
        assert notice["y"] + notice["height"] - top["y"] <= 120, title
    page.get_by_test_id("stTopNav").get_by_role("link", name="Home").click()
    page.get_by_role("heading", name=HOME).wait_for()
    assert visit.complaints == []


def test_a_phones_menu_closes_after_a_choice(visit):
    page = visit.open(size=PHONE)
    page.get_by_test_id("stExpandSidebarButton").click()
    page.get_by_test_id("stSidebarNavLink").filter(has_text="Photo").click()
    page.get_by_role("heading", name="Photo", exact=True, level=1).wait_for()
    page.wait_for_function(
        "(menu => !menu || menu.getBoundingClientRect().right <= 1)(document.querySelector('[data-testid=stSidebar]'))"
    )


def test_two_actions_from_opening_to_an_answer(visit, astronaut):
    act = Actions()
    page = open_photo(visit, act)
    act(page.locator("input[type=file]").set_input_files, astronaut)
    see_answer(page)
    assert act.count == 2
    assert visit.complaints == []


def test_the_example_is_two_actions_too_and_can_be_taken_home(visit):
    act = Actions()
    page = open_photo(visit, act)
    act(choose, page, "Example")
    see_answer(page)
    assert act.count == 2
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download CSV").click()
    assert waiting.value.suggested_filename == "neuromer-photo.csv"
    with Path(waiting.value.path()).open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["file"], row["face"], row["expression"]) == ("astronaut.png", "1", "happy")


def test_a_removed_picture_takes_its_answer_along(visit, astronaut):
    page = open_photo(visit)
    page.locator("input[type=file]").set_input_files(astronaut)
    see_answer(page)
    deleted = []
    page.on("request", lambda request: deleted.append(request.url) if request.method == "DELETE" else None)
    page.get_by_role("button", name=re.compile("^Remove")).click()
    page.get_by_role("heading", name=ANSWER).wait_for(state="detached")
    assert len(deleted) == 1, "the server drops the file's bytes"


def test_bad_files_and_their_names_do_no_harm(visit, astronaut):
    page = open_photo(visit)
    name = "![x](https://evil.example/x.png) <img src=https://evil.example/y.png> :red[z] www.evil.example.png"
    page.locator("input[type=file]").set_input_files(
        [
            {"name": name, "mimeType": "image/png", "buffer": b"no picture"},
            {"name": "astronaut.png", "mimeType": "image/png", "buffer": astronaut.read_bytes()},
        ]
    )
    see_answer(page)
    main = page.get_by_test_id("stMain")
    assert main.get_by_test_id("stAlertContentError").count() == 1
    assert main.locator("a[href*=evil], img[src*=evil]").count() == 0
    assert "Traceback" not in main.inner_text()
    assert visit.complaints == []


def test_the_camera_takes_a_picture(visit):
    page = open_photo(visit)
    choose(page, "Camera")
    page.wait_for_function("document.querySelector('video')?.readyState === 4")
    page.get_by_role("button", name="Take Photo").click()
    page.get_by_text("No face found").wait_for()
    assert visit.complaints == []


def test_models_show_their_figures(visit):
    page = visit.open()
    go_to(page, "Models")
    page.get_by_text("How often it is right", exact=True).click()
    page.get_by_role("figure", name=re.compile("^Confusion matrix")).first.wait_for()
    page.locator(".js-plotly-plot .heatmaplayer image").first.wait_for()
    settle(page)
    assert visit.complaints == []
    assert page.get_by_test_id("stAlertContentError").count() == 0


@pytest.mark.parametrize(("path", "title"), [("/", HOME), ("/home", HOME), ("/photo", "Photo"), ("/models", "Models")])
def test_bookmarks_lead_to_pages_in_the_same_house(visit, path, title):
    page = visit.open(path)
    settle(page)
    assert page.get_by_test_id("stTopNavSection").count() == len(GROUPS)
    assert page.get_by_text("Page not found").count() == 0
    assert page.title() == f"{title} · NeuroMER"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_on_figures_can_be_read(visit, scheme):
    page = open_photo(visit, scheme=scheme)
    choose(page, "Example")
    see_answer(page)
    ground = _hex(page.evaluate("getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"))
    for words in (".xtick text", ".ytick text", ".xtitle", ".gtitle", ".bartext", ".annotation-text", ".cbaxis text"):
        fill = page.evaluate(f"getComputedStyle(document.querySelector('.js-plotly-plot {words}')).fill")
        assert palette.contrast(_hex(fill), ground) >= 4.5, words


def _hex(colour):
    return "#" + "".join(f"{int(part):02X}" for part in re.findall(r"\d+", colour)[:3])


def test_everything_seen_is_described(visit):
    page = open_photo(visit)
    choose(page, "Example")
    see_answer(page)
    assert page.evaluate("[...document.querySelectorAll('[data-testid=stMain] img')].filter(i => !i.alt).length") == 0
    charts = page.get_by_test_id("stPlotlyChart")
    assert charts.count() == 2
    for chart in charts.all():
        assert len(chart.get_attribute("aria-label")) > 30


def test_on_a_phone_two_actions_lead_to_an_answer_on_the_first_screen(visit, astronaut):
    act = Actions()
    page = open_photo(visit, act, size=PHONE)
    act(page.locator("input[type=file]").set_input_files, astronaut)
    see_answer(page)
    assert act.count == 2
    answer = page.get_by_role("heading", name=ANSWER).bounding_box()
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == 0
    assert answer["y"] + answer["height"] <= PHONE[1]


@pytest.mark.parametrize("path", ["/", "/photo", "/models"])
def test_a_phone_never_scrolls_sideways(visit, path):
    page = visit.open(path, PHONE)
    if path == "/":
        page.get_by_role("heading", name=re.compile(r"^Happy, ")).wait_for()
    elif path == "/photo":
        choose(page, "Example")
        see_answer(page)
    else:
        page.get_by_text("How often it is right", exact=True).click()
        page.locator(".js-plotly-plot").first.wait_for()
    settle(page)
    assert width(page) <= PHONE[0]


def test_the_uploader_is_reached_by_keyboard(visit):
    page = open_photo(visit)
    settle(page)
    for _ in range(25):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('[data-testid=stFileUploader] [data-testid^=stBaseButton]')"):
            break
    else:
        pytest.fail("25 tabs do not reach the uploader")
    # Browsers open their dialogue in one of two ways.
    page.evaluate(
        "() => { window.showOpenFilePicker = () => { window.opened = true; return new Promise(() => {}); };"
        " HTMLInputElement.prototype.click = () => { window.opened = true; }; }"
    )
    page.keyboard.press("Enter")
    page.wait_for_function("window.opened")
