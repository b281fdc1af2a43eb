"""What only a browser shows of the page Live: a camera that plays drawn faces, over WebRTC, in a real Chromium."""

import re

from live_page import ANSWER, NOBODY, PATIENCE_MS, agree, download, see, see_answer, start, turn_off, turn_on, watched
from looking import go_to, settle
from serving import serving


def test_a_face_is_answered_an_event_is_spotted_something_is_taught_and_stop_frees_all(with_camera):
    page = with_camera("surprised")
    frame = agree(page)
    watched(page, 0)
    turn_on(frame)
    see_answer(page)
    page.get_by_role("figure", name=re.compile("^Probability of each expression")).wait_for()
    page.get_by_text(re.compile(r"frames a second are looked at, 640 × 480 pixels")).wait_for()
    playing = "v => v.readyState === 4 && !v.paused && v.videoWidth === 640 && v.currentTime > 1"
    frame.locator("video").evaluate(
        f"v => new Promise(done => {{ const look = () => ({playing})(v) ? done() : setTimeout(look, 50); look() }})"
    )
    status = page.locator("[role=status][aria-live=polite]").filter(has_text=re.compile(r"\w"))
    status.first.wait_for(state="attached")

    page.get_by_role("combobox", name=re.compile("^Events, ")).wait_for(timeout=PATIENCE_MS)
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("heading", name="Paused").wait_for()
    page.get_by_text("before and after it, the face held still").wait_for()
    settle(page)
    assert download(page, "Events, CSV").suggested_filename == "neuromer-live-events.csv"
    page.get_by_role("button", name="Go on").click()
    see_answer(page)

    page.get_by_text("Teach it", exact=True).click()
    page.get_by_text("Person 1 has taught nothing yet").wait_for()
    page.get_by_test_id("stMain").get_by_role("button", name="Learn").click()
    page.get_by_text(re.compile(r"Person 1 has taught \w+ 1\..*went from")).wait_for()
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Person 1 has taught nothing yet. The last step was taken back.").wait_for()

    turn_off(page, frame)
    assert page.get_by_role("heading", name=ANSWER).count() == 0


def test_leaving_the_page_frees_the_camera_and_it_can_be_started_again(with_camera):
    page = with_camera("nobody")
    start(page)
    see(page, NOBODY)
    page.get_by_text("Look towards the camera").wait_for()
    go_to(page, "Models")
    page.get_by_text("How it was trained").first.wait_for()
    go_to(page, "Live")
    frame = agree(page)
    watched(page, 0)
    turn_on(frame)
    see(page, NOBODY)
    turn_off(page, frame)


def test_a_camera_that_is_refused_is_said(with_camera):
    page = with_camera(None)
    frame = agree(page)
    frame.get_by_role("button", name="Start").click()
    frame.get_by_text("NotAllowedError").wait_for()
    page.get_by_text("The camera does not start").click()
    page.get_by_text("The browser may not use the camera. Click the camera or the lock in its address bar").wait_for()
    watched(page, 0)
    frame.get_by_role("button", name="Start").wait_for()


def test_a_server_that_starts_anew_while_live_ends_the_stream_and_it_can_be_started_again(with_camera, tmp_path):
    with serving(tmp_path) as running:
        page = with_camera("nobody", running.address)
        frame = start(page)
        see(page, NOBODY)
    with serving(tmp_path, port=running.port):
        frame.get_by_role("button", name="Start").wait_for()
        watched(page, 0)
        turn_on(frame)
        see(page, NOBODY)
        assert page.get_by_test_id("stAlertContentError").count() == 0
