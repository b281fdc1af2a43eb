import io
import zipfile

import cv2
import numpy as np
import pytest
from looking import PHONE, settle, width


@pytest.fixture(scope="module")
def zipped(tmp_path_factory):
    """A zip of class folders, above the limit of a single picture."""
    random = np.random.default_rng(0)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        for split, label in (("train", "anger"), ("train", "happiness"), ("test", "anger"), ("test", "happiness")):
            for number in range(20):
                crop = cv2.imencode(".png", random.integers(0, 256, (48, 48)).astype(np.uint8))[1].tobytes()
                packed.writestr(f"{split}/{label}/{number}.png", crop)
        packed.writestr("notes.txt", random.bytes(40 * 2**20))
    path = tmp_path_factory.mktemp("zip") / "my faces.zip"
    path.write_bytes(stream.getvalue())
    return path


@pytest.fixture
def imported(visit, zipped):
    """The page with the set imported through the browser."""
    page = visit.open("/datasets")
    settle(page)
    if not page.get_by_role("tab", name="Overview").count():
        page.locator("input[type=file]").set_input_files(zipped)
        page.get_by_text("my faces.zip").wait_for()
        page.get_by_text("Check it too").click()
        settle(page)
        page.get_by_role("button", name="Import", exact=True).click()
        page.get_by_role("tab", name="Overview").wait_for(timeout=60_000)
        settle(page)
    return page


def test_an_upload_is_imported_while_the_page_stays_alive(imported):
    assert imported.get_by_text("80 pictures").first.is_visible()
    chart = imported.get_by_test_id("stPlotlyChart").first
    assert "angry 40, happy 40" in chart.get_attribute("aria-label")


def test_a_reload_finds_the_set_again(imported):
    imported.reload()
    imported.get_by_role("tab", name="Overview").wait_for()
    assert imported.get_by_text("80 pictures").first.is_visible()


def test_a_picture_opens_with_its_whole_way(imported):
    imported.get_by_role("tab", name="Pictures").click()
    imported.get_by_test_id("stBaseButton-tertiary").first.click()
    dialog = imported.get_by_role("dialog")
    dialog.get_by_text("test/anger/0.png").wait_for()
    assert dialog.get_by_test_id("stPlotlyChart").count() == 2
    imported.keyboard.press("Escape")
    dialog.wait_for(state="hidden")


def test_a_phone_never_scrolls_sideways_and_everything_is_described(imported):
    imported.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    nameless = "[...document.querySelectorAll('[data-testid=stMain] img')].filter(i => !i.alt).length"
    for tab in ("Overview", "Pictures", "Problems", "Splits"):
        imported.get_by_role("tab", name=tab).click()
        settle(imported)
        assert width(imported) <= PHONE[0], tab
        assert imported.evaluate(nameless) == 0, tab
