"""A visit with camera and photo: neither the server nor what it gives the browser reaches beyond this machine."""

from urllib.parse import urlsplit

import pytest
from live_page import see_answer, start, turn_off
from serving import only_accepted, serving
from watching import Watched, why_not


@pytest.mark.skipif(why_not() is not None, reason=str(why_not()))
def test_a_visit_stays_here(with_camera, astronaut, tmp_path):
    watched = Watched(tmp_path)
    with serving(watched.home, under=watched.under, **watched.environment) as running:
        page = with_camera("two_people", running.address)
        asked = []
        page.context.on("request", lambda request: asked.append(request.url))
        page.on("websocket", lambda socket: asked.append(socket.url))
        page.reload()
        frame = start(page)
        see_answer(page)
        turn_off(page, frame)
        page.goto(f"{running.address}/photo")
        page.locator("input[type=file]").set_input_files(astronaut)
        page.get_by_text("happy").first.wait_for()
        page.context.close()
    assert watched.strayed() == []
    assert only_accepted(watched.data)
    hosts = {urlsplit(url).hostname for url in asked if urlsplit(url).scheme not in ("data", "blob")}
    assert hosts == {"127.0.0.1"}
