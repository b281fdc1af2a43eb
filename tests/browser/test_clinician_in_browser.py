"""A clinician's first report, from an empty installation: a person, consent, a recording, a session, a PDF."""

from pathlib import Path

import pytest
from browsers import open_in
from looking import Actions, settle
from pypdf import PdfReader
from serving import serving

from engine.synthetic import synthetic_clip, true_event
from engine.synthetic.examples import mp4_bytes

MOST_ACTIONS = 12


@pytest.fixture(scope="module")
def recording():
    """3 s of a drawn face with one short smile."""
    smile = true_event("happy", 1.0, rise_s=0.15, hold_s=0.1, fall_s=0.2, intensity=0.9)
    return mp4_bytes(synthetic_clip(3, face=2, duration_s=3, fps=30, size=(320, 240), events=[smile], head_motion=0.3))


@pytest.fixture
def page(chromium, tmp_path):
    """The dashboard of an installation that nobody has used yet."""
    with serving(tmp_path, NEUROMER_DATA=str(tmp_path / "data")) as running:
        opened = open_in(chromium, running.address, "/", (1280, 900))
        yield opened
        opened.context.close()


def test_the_first_report_takes_few_actions(page, recording):
    act = Actions()
    act(page.get_by_test_id("stTopNavSection").filter(has_text="People").click)
    act(page.get_by_role("menuitem", name="Sessions", exact=True).click)
    pseudonym = page.get_by_role("textbox", name="Pseudonym")
    act(pseudonym.fill, "P-01")
    act(pseudonym.press, "Enter")
    page.get_by_text("Nothing is agreed yet").wait_for()
    act(page.get_by_text("Write reports and files that leave this program").click)
    act(page.get_by_role("button", name="Keep this consent").click)
    act(page.get_by_role("link", name="Analyse a recording").click)
    page.get_by_text("Recording of one or more faces").first.wait_for()
    file = {"name": "visit.mp4", "mimeType": "video/mp4", "buffer": recording}
    act(page.locator("input[type=file]").set_input_files, file)
    page.get_by_role("tab", name="Replay").wait_for(timeout=180_000)
    settle(page)
    act(page.get_by_text("Keep in a session").click)
    act(page.get_by_role("button", name="Keep", exact=True).click)
    act(page.get_by_role("link", name="Open that session").click)
    report = page.get_by_role("button", name="Report, PDF")
    report.wait_for()
    settle(page)
    with page.expect_download() as waiting:
        act(report.click)
    assert act.count <= MOST_ACTIONS
    said = " ".join(sheet.extract_text() for sheet in PdfReader(Path(waiting.value.path())).pages)
    assert "P-01" in said and "visit.mp4" in said and "happy" in said
