import pytest

from engine.tasks import Status
from engine.tasks.status import in_words


@pytest.mark.parametrize(("seconds", "said"), [(0.2, "about 1 s"), (44.6, "about 45 s"), (200, "about 3 min")])
def test_a_time_to_wait_in_words(seconds, said):
    assert in_words(seconds) == said


def test_a_status_in_a_sentence():
    status = Status("running", 1500, 9000, "reading pictures", 3.0, 200.0)
    assert status.sentence == "reading pictures, 1,500 of 9,000, about 3 min left"
    assert status.alive and status.share == 1 / 6
    assert Status("running", words="looking").sentence == "looking" and Status().sentence == "starting"
    assert not Status("stopped").alive and Status("running").share == 0
    assert Status("running", 1, 4, start=0.2, end=0.6).share == pytest.approx(0.3)
    assert Status("running", words="looking", start=0.2, end=0.6).share == 0.2
