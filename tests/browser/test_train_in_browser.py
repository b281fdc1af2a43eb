"""What a student does on the page Train, with a real process behind it."""

import re

import numpy as np
import pytest
from looking import PHONE, width

from engine.datasets import store


@pytest.fixture(scope="module")
def patterns(data_of_server, tmp_path_factory):
    """A set whose classes are easily told apart, in the library of the running dashboard."""
    random = np.random.default_rng(0)
    ramp = np.tile(np.arange(48) * 4, (48, 1))
    y = np.arange(80) % 2
    x = np.stack([(ramp.T if each else ramp) + random.integers(0, 60, (48, 48)) for each in y]).astype(np.uint8)
    path = tmp_path_factory.mktemp("patterns") / "patterns.npz"
    np.savez(path, x=x, y=y, classes=np.array(["happy", "sad"]), group=np.arange(80))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NEUROMER_DATA", str(data_of_server))
        store.import_set(path)


def pick(page, label, option):
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=option).click()


def test_a_training_is_started_found_again_after_a_reload_and_removed(visit, patterns):
    page = visit.open("/train")
    if page.get_by_role("radio", name="New training").count():
        page.get_by_role("radio", name="New training").click()
    pick(page, "Data set", "patterns")
    pick(page, "Model and preset", re.compile("^k nearest"))
    page.get_by_text("A conventional learner").wait_for()
    page.get_by_role("button", name="Start training").click()
    page.get_by_role("button", name="Cancel").wait_for()
    page.reload()
    page.get_by_text("It has finished").wait_for(timeout=120_000)
    page.get_by_text(re.compile(r"Right on \d")).wait_for()
    page.get_by_text("no model for the page Photo").wait_for()
    page.get_by_role("button", name="Remove").click()
    page.get_by_role("button", name="Remove for good").click()
    page.get_by_text("None yet").wait_for()
    assert page.get_by_test_id("stAlertContentError").count() == 0


def test_a_phone_never_scrolls_sideways(visit, patterns):
    page = visit.open("/train", PHONE)
    page.get_by_text("More choices").click()
    page.get_by_text("Augmentation").wait_for()
    assert width(page) <= PHONE[0]
