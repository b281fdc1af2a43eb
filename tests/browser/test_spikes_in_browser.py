"""What only a browser shows of the page Spikes: that charts are drawn, that learning moves, that a phone is enough."""

import re

from looking import PHONE, go_to, settle, width


def test_a_picture_becomes_spikes_on_a_phone_too(visit):
    page = visit.open("/spikes", PHONE)
    page.get_by_role("heading", name=re.compile("^Decision: [a-z]+$")).wait_for(timeout=60_000)
    page.get_by_text("Untrained network", exact=True).click()
    page.get_by_role("heading", name=re.compile("^Decision: output")).wait_for(timeout=60_000)
    page.locator(".js-plotly-plot").nth(2).wait_for()
    settle(page)
    assert page.locator(".js-plotly-plot .scatterlayer .trace, .js-plotly-plot .shapelayer path").count() > 0
    for chart in page.get_by_test_id("stPlotlyChart").all():
        assert len(chart.get_attribute("aria-label")) > 30
    page.get_by_text("As published", exact=True).click()
    page.get_by_role("heading", name="Decision: undecided (a tie)").wait_for()
    settle(page)
    assert width(page) <= PHONE[0]
    assert page.get_by_test_id("stAlertContentError").count() == 0


def test_learning_can_be_watched_and_stopped(visit):
    page = visit.open()
    go_to(page, "Spikes")
    page.get_by_text("Train it live", exact=True).click()
    page.get_by_role("button", name="Start learning").click()
    shown = page.get_by_text(re.compile(r"[\d,]+ of [\d,]+ pictures"))
    shown.wait_for()
    page.wait_for_function(
        "/Learning from spikes: [1-9]/.test(document.querySelector('[data-testid=stMain]').innerText)", timeout=60_000
    )
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Go on").wait_for()
    settle(page)
    assert "Stopped" in shown.inner_text()
    assert visit.complaints == []
    assert page.get_by_test_id("stAlertContentError").count() == 0
