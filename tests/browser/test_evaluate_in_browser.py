"""The page Evaluate as its visitor uses it: down to the pictures behind one cell, and a report to take home."""

import re
from pathlib import Path

import numpy as np
import pytest
from looking import PHONE, settle

from engine.datasets import store
from engine.emotions import SEVEN

PARTS = ("Figures", "Confusion", "ROC and precision-recall", "Calibration", "Learning", "Robustness", "Export")


@pytest.fixture
def library(server, data_of_server, monkeypatch, tmp_path):
    """A set of noise in the running server's library."""
    monkeypatch.setenv("NEUROMER_DATA", str(data_of_server))
    random = np.random.default_rng(0)
    x = random.integers(0, 256, (70, 48, 48)).astype(np.uint8)
    np.savez(tmp_path / "set.npz", x=x, y=np.arange(70) % 7, classes=np.array(SEVEN))
    store.import_set(tmp_path / "set.npz", "evaluated noise")
    yield "evaluated noise"
    store.remove("evaluated noise")


def choose(page, option):
    page.get_by_role("radio", name=option, exact=True).click()
    settle(page)


def pick(page, label, option):
    page.get_by_test_id("stMain").get_by_role("combobox", name=label).first.click()
    page.get_by_role("option", name=option, exact=True).click()
    settle(page)


def test_a_click_on_a_cell_shows_its_pictures(visit, library):
    page = visit.open("/evaluate")
    choose(page, "New evaluation")
    pick(page, "Data set", library)
    page.get_by_role("button", name="Evaluate", exact=True).click()
    page.get_by_role("radio", name="Confusion", exact=True).wait_for()
    choose(page, "Confusion")
    heat = page.locator(".js-plotly-plot .heatmaplayer image").first
    heat.wait_for()
    settle(page)
    # Each cell's first line is its count.
    lines = "cells => cells.map(cell => cell.querySelector('tspan').textContent)"
    counts = page.locator(".js-plotly-plot .annotation-text").evaluate_all(lines)
    filled = [at for at, text in enumerate(counts[:49]) if text != "0"]
    for at in filled[:2]:
        row, column = divmod(at, 7)
        box = heat.bounding_box()
        x, y = box["x"] + box["width"] * (column + 0.5) / 7, box["y"] + box["height"] * (row + 0.5) / 7
        # As a hand does: Plotly needs a moment over the cell to know what a click means.
        page.mouse.move(x - 8, y - 8)
        page.mouse.move(x, y, steps=4)
        page.wait_for_timeout(400)
        page.mouse.click(x, y)
        name = f"{SEVEN[row]} answered as {SEVEN[column]}: {counts[at]}"
        page.get_by_role("heading", name=name, exact=True).wait_for()
        first = page.get_by_role("img", name=re.compile(rf"^Picture \d+: {SEVEN[row]}, answered {SEVEN[column]} with"))
        first.first.wait_for()
        settle(page)
    # The same without a mouse.
    page.get_by_test_id("stMain").get_by_role("combobox", name="True expression").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    settle(page)
    assert page.get_by_test_id("stAlertContentError").count() == 0


def test_every_part_of_a_shipped_card_fits_a_dark_phone(visit):
    page = visit.open("/evaluate", PHONE, "dark")
    for part in PARTS:
        choose(page, part)
        page.get_by_role("heading", name=part, exact=True).wait_for()
        assert page.get_by_test_id("stAlertContentError").count() == 0, part
        wide = page.evaluate(
            "[document.documentElement, document.querySelector('[data-testid=stMain]')].map(e => e.scrollWidth)"
        )
        assert max(wide) <= PHONE[0], part


def test_a_report_opens_without_a_network(visit, chromium):
    page = visit.open("/evaluate")
    choose(page, "Export")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download HTML").click()
    path = Path(waiting.value.path())
    report = path.rename(path.with_suffix(".html"))
    context = chromium.new_context(offline=True)
    try:
        alone, asked, complaints = context.new_page(), [], []
        alone.on("request", lambda request: asked.append(request.url))
        alone.on("console", lambda message: complaints.append(message.text))
        alone.on("pageerror", lambda error: complaints.append(str(error)))
        alone.goto(report.as_uri())
        alone.locator(".js-plotly-plot .heatmaplayer image").first.wait_for()
        assert asked == [report.as_uri()] and complaints == []
        assert alone.locator("figure[role=img]").count() >= 4
        assert alone.pdf()[:5] == b"%PDF-"
    finally:
        context.close()
