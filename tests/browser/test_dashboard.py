"""What a visitor does and sees."""

import csv
import re
from pathlib import Path

import pytest
from looking import PHONE, settle, width

from engine.charts import palette

ANSWER = re.compile(r"Face 1: happy, .*\d %")


def choose(page, option):
    page.get_by_role("radio", name=option, exact=True).click()


def see_answer(page):
    page.get_by_role("heading", name=ANSWER).wait_for()
    page.locator(".js-plotly-plot .bartext").first.wait_for()
    settle(page)


def test_one_action_from_opening_to_an_answer(visit, astronaut):
    page = visit.open()
    page.locator("input[type=file]").set_input_files(astronaut)
    see_answer(page)
    assert visit.complaints == []


def test_the_example_is_one_action_too_and_can_be_taken_home(visit):
    page = visit.open()
    choose(page, "Example")
    see_answer(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download CSV").click()
    assert waiting.value.suggested_filename == "neuromer-photo.csv"
    with Path(waiting.value.path()).open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["file"], row["face"], row["expression"]) == ("astronaut.png", "1", "happy")


def test_a_removed_picture_takes_its_answer_along(visit, astronaut):
    page = visit.open()
    page.locator("input[type=file]").set_input_files(astronaut)
    see_answer(page)
    deleted = []
    page.on("request", lambda request: deleted.append(request.url) if request.method == "DELETE" else None)
    page.get_by_role("button", name=re.compile("^Remove")).click()
    page.get_by_role("heading", name=ANSWER).wait_for(state="detached")
    assert len(deleted) == 1, "the server drops the file's bytes"


def test_bad_files_and_their_names_do_no_harm(visit, astronaut):
    page = visit.open()
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
    page = visit.open()
    choose(page, "Camera")
    page.wait_for_function("document.querySelector('video')?.readyState === 4")
    page.get_by_role("button", name="Take Photo").click()
    page.get_by_text("No face found").wait_for()
    assert visit.complaints == []


def test_models_show_their_figures(visit):
    page = visit.open()
    page.get_by_role("link", name="Models").click()
    page.get_by_role("heading", name="How it was trained").wait_for()
    page.get_by_role("figure", name=re.compile("^Confusion matrix")).first.wait_for()
    page.locator(".js-plotly-plot .heatmaplayer image").first.wait_for()
    settle(page)
    assert visit.complaints == []
    assert page.get_by_test_id("stAlertContentError").count() == 0


@pytest.mark.parametrize("path", ["/", "/photo", "/models"])
def test_bookmarks_lead_to_pages_in_the_same_house(visit, path):
    page = visit.open(path)
    settle(page)
    assert page.get_by_role("link", name="Models").count() == 1
    assert page.get_by_text("Page not found").count() == 0
    assert page.title() == ("Models" if path == "/models" else "Photo") + " · NeuroMER"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_on_figures_can_be_read(visit, scheme):
    page = visit.open(scheme=scheme)
    choose(page, "Example")
    see_answer(page)
    ground = _hex(page.evaluate("getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"))
    for words in (".xtick text", ".ytick text", ".xtitle", ".gtitle", ".bartext", ".annotation-text", ".cbaxis text"):
        fill = page.evaluate(f"getComputedStyle(document.querySelector('.js-plotly-plot {words}')).fill")
        assert palette.contrast(_hex(fill), ground) >= 4.5, words


def _hex(colour):
    return "#" + "".join(f"{int(part):02X}" for part in re.findall(r"\d+", colour)[:3])


def test_everything_seen_is_described(visit):
    page = visit.open()
    choose(page, "Example")
    see_answer(page)
    assert page.evaluate("[...document.querySelectorAll('[data-testid=stMain] img')].filter(i => !i.alt).length") == 0
    charts = page.get_by_test_id("stPlotlyChart")
    assert charts.count() == 2
    for chart in charts.all():
        assert len(chart.get_attribute("aria-label")) > 30


@pytest.mark.parametrize("path", ["/", "/models"])
def test_a_phone_never_scrolls_sideways(visit, path):
    page = visit.open(path, PHONE)
    if path == "/":
        choose(page, "Example")
        see_answer(page)
    else:
        page.get_by_role("heading", name="How it was trained").wait_for()
    settle(page)
    assert width(page) <= PHONE[0]


def test_the_uploader_is_reached_by_keyboard(visit):
    page = visit.open()
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
