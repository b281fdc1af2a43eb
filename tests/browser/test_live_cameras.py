"""Several cameras at once, several people in front of one, and cameras that go away, on the page Live in Chromium."""

from live_page import ANSWER, CAMERAS, NOBODY, see, start, turn_off, turn_on, watched
from looking import PHONE, width

# A page cannot pull a camera's plug, but its tracks can end as they do then: the browser sends nothing any more.
HOLD_CAMERAS = """
  const get = navigator.mediaDevices?.getUserMedia?.bind(navigator.mediaDevices)
  if (get) navigator.mediaDevices.getUserMedia = async wanted => (window.plugged = await get(wanted))
"""
UNPLUG = "plugged.getTracks().forEach(track => { track.stop(); track.dispatchEvent(new Event('ended')) })"


def test_one_camera_more_is_told_that_the_server_is_busy_and_a_closed_tab_makes_room(with_camera):
    pages = [with_camera("nobody") for _ in range(CAMERAS)]
    for page in pages:
        start(page)
        see(page, NOBODY)
    late = with_camera("nobody")
    late.get_by_text("I know what happens to the camera").click()
    late.get_by_text(f"The server is busy: {CAMERAS} cameras are being watched").wait_for()
    watched(late, CAMERAS)
    assert late.frame_locator("iframe[title*=webrtc]").get_by_role("button", name="Start").count() == 0
    pages.pop().close()
    turn_on(late.frame_locator("iframe[title*=webrtc]"))
    see(late, NOBODY)
    (other,) = pages
    assert other.get_by_role("heading", name=NOBODY).count() == 1, "it has not been disturbed"
    for page, left in ((other, 1), (late, 0)):
        turn_off(page, page.frame_locator("iframe[title*=webrtc]"), left)


def test_a_camera_that_is_unplugged_is_said_and_can_be_started_again(with_camera):
    page = with_camera("nobody", script=HOLD_CAMERAS)
    frame = start(page)
    see(page, NOBODY)
    next(each for each in page.frames if "webrtc" in each.url).evaluate(UNPLUG)
    see(page, "No picture comes")
    page.get_by_text("See that it is plugged in").wait_for()
    turn_off(page, frame)
    turn_on(frame)
    see(page, NOBODY)
    turn_off(page, frame)


def test_each_of_two_people_is_answered_for_and_charts_follow_the_one_chosen(with_camera):
    page = with_camera("two_people")
    frame = start(page)
    people = page.get_by_role("radiogroup", name="Person that charts are about")
    people.wait_for()
    for number in (1, 2, 1):
        people.get_by_role("radio", name=f"Person {number}").click()
        page.get_by_role("heading", name=f"Person {number}: ").filter(has_text=ANSWER).wait_for()
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.wait_for_timeout(1000)
    assert width(page) <= PHONE[0]
    turn_off(page, frame)
