"""What only a browser shows of the page Video: a recording goes through a real process, and is found after a reload."""

import csv
import re
from pathlib import Path

from looking import PHONE, go_to, settle, width

EVENT = re.compile(r"^Event 1-1: ")


def test_an_example_is_analysed_corrected_found_again_and_taken_home(visit):
    page = visit.open()
    go_to(page, "Video")
    page.get_by_role("radio", name="Example").click()
    page.get_by_role("button", name="Draw and analyse it").click()
    page.get_by_role("button", name="Cancel").wait_for()
    page.get_by_role("heading", name=EVENT).wait_for(timeout=180_000)
    page.get_by_role("heading", name="1 micro-expression in 5.0 s").wait_for()
    page.get_by_text("drawn by a program").wait_for()
    page.get_by_test_id("stVideo").scroll_into_view_if_needed()
    page.wait_for_function(
        "(v => v && v.muted && !v.paused && v.currentTime > 0)(document.querySelector('[data-testid=stVideo]'))"
    )

    page.get_by_role("tab", name="Correct").click()
    name = page.get_by_role("tabpanel").get_by_role("combobox", name="Expression shown")
    name.click()
    name.fill("smirk")
    name.press("Enter")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("heading", name="Event 1-1: smirk, your correction").wait_for()

    # Before the reload: for a deep link Streamlit asks for some files in two places.
    assert visit.complaints == []
    page.reload()
    page.get_by_role("heading", name="Event 1-1: smirk, your correction").wait_for()
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    settle(page)
    assert width(page) <= PHONE[0]
    page.get_by_text("Data files: CSV, JSON, ELAN").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Events, CSV").click()
    assert waiting.value.suggested_filename == "neuromer-one-micro-expression-events.csv"
    with Path(waiting.value.path()).open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["event"], row["expression"], row["said_by"], row["kind"]) == ("1-1", "smirk", "user", "micro")

    replay = page.get_by_test_id("stVideo").get_attribute("src")
    assert page.request.get(replay).ok
    page.get_by_role("button", name="Forget this recording").click()
    page.get_by_role("button", name="Forget it now").click()
    page.get_by_text("Recording of one or more faces").wait_for()
    settle(page)
    assert "recording=" not in page.url
    assert page.request.get(replay).status == 404, "the replay is gone, too"
    assert page.get_by_test_id("stAlertContentError").count() == 0


def test_no_recording_at_all_is_a_sentence(visit, tmp_path):
    page = visit.open("/video")
    file = tmp_path / "notes.mp4"
    file.write_text("These are no moving pictures.")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_text("not a recording that is read here").wait_for()
    page.get_by_role("button", name="Choose another").click()
    page.get_by_text("Recording of one or more faces").wait_for()


def test_a_change_lands_on_the_event_that_is_looked_at_and_stays_there(visit):
    page = visit.open("/video")
    page.get_by_role("radio", name="Example").click()
    page.get_by_role("combobox", name="Example").click()
    page.get_by_role("option", name="Micro and macro expressions").click()
    page.get_by_role("button", name="Draw and analyse it").click()
    page.get_by_role("heading", name=EVENT).wait_for(timeout=180_000)
    chosen = page.get_by_role("combobox", name="Look at event")
    page.get_by_role("button", name="Next event Shortcut J").click()
    page.get_by_role("heading", name=re.compile("^Event 1-2: ")).wait_for()
    settle(page)
    page.get_by_role("tab", name="Correct").click()
    settle(page)
    for name in ("smirk", "grin"):
        field = page.get_by_role("tabpanel").get_by_role("combobox", name="Expression shown")
        field.click()
        field.fill(name)
        page.get_by_role("option").filter(has_text=name).click()
        page.get_by_role("button", name="Save", exact=True).click()
        page.get_by_role("heading", name=f"Event 1-2: {name}, your correction").wait_for()
        settle(page)
        assert f"{name}, your correction" in chosen.input_value() + chosen.inner_text()
        # A widget elsewhere draws the page anew.
        page.get_by_role("tab", name="Action units").click()
        settle(page)
        page.get_by_role("tab", name="Motion and expressions").click()
        settle(page)
        assert page.get_by_role("heading", name=f"Event 1-2: {name}, your correction").count() == 1
        assert f"{name}, your correction" in chosen.input_value() + chosen.inner_text()


def test_the_recording_is_gone_through_by_keys_and_what_is_done_there_becomes_a_change(visit):
    page = visit.open("/video")
    page.get_by_role("radio", name="Example").click()
    page.get_by_role("button", name="Draw and analyse it").click()
    page.get_by_role("heading", name=EVENT).wait_for(timeout=180_000)
    now = page.locator(".player .now")
    now.filter(has_text="in event 1-1").wait_for()
    settle(page)

    def frame():
        return int(re.search(r"frame (\d+) of", now.inner_text())[1])

    # Every seek is to a frame, and shown at once.
    page.get_by_role("slider", name="Place in the recording").focus()
    at = frame()
    for key, by in (("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1)):
        page.keyboard.press(key)
        assert frame() == at + by
    assert page.locator(".player video").evaluate("video => video.paused"), "nothing plays by itself"

    page.keyboard.press("a")
    page.get_by_text("1 change", exact=True).wait_for()
    apex = float(now.inner_text().split(" s")[0])
    page.get_by_role("cell", name=f"{apex:.3f} s").wait_for()

    page.get_by_role("slider", name="Place in the recording").focus()
    page.keyboard.press("e")
    page.get_by_label("Expression shown").first.select_option("disgust")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Event 1-a1: disgust, your correction").wait_for()

    chart = page.locator(".js-plotly-plot").first
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    page.mouse.click(box["x"] + 0.9 * box["width"], box["y"] + 0.5 * box["height"])
    now.filter(has_text=re.compile(r"^4\.\d+ s")).wait_for()

    # Back in the browser goes back to the list, and on to the recording.
    page.go_back()
    page.get_by_role("heading", name="Still held from this visit").wait_for()
    page.go_forward()
    page.get_by_role("heading", name="Event 1-a1: disgust, your correction").wait_for()
    settle(page)
    address = page.locator(".player video").evaluate("video => video.src")
    assert page.request.get(address, headers={"Range": "bytes=10-19"}).body() == page.request.get(address).body()[10:20]
    page.get_by_role("button", name="Forget this recording").click()
    page.get_by_role("button", name="Forget it now").click()
    page.get_by_text("Recording of one or more faces").wait_for()
