import pytest

from pages.views.live.steady import ANSWER_S, WARNING_S, LastingWarnings, SteadyAnswer


def at_half_seconds(warnings, said):
    return [warnings.after(sentences, 0.5 * step) for step, sentences in enumerate(said)]


def test_a_warning_is_shown_once_it_has_held_and_goes_once_it_is_away():
    held, away = round(WARNING_S / 0.5), round(WARNING_S / 0.5)
    shown = at_half_seconds(LastingWarnings(), [["dark"]] * (held + 1) + [[]] * away)
    assert shown == [[]] * held + [["dark"]] * away + [[]]


def test_a_warning_that_comes_and_goes_quickly_is_one_that_holds_its_latest_numbers_shown():
    said = [[f"Only {20 + step} frames a second"] if step % 2 == 0 else [] for step in range(9)]
    assert at_half_seconds(LastingWarnings(), said)[6:] == [["Only 26 frames a second"]] * 2 + [
        ["Only 28 frames a second"]
    ]


def test_one_that_was_away_for_long_begins_anew():
    warnings = LastingWarnings()
    assert warnings.after(["dark"], 0) == [] and warnings.after(["dark"], WARNING_S + 1) == []
    assert warnings.after(["dark"], 1.5 * WARNING_S + 1) == []
    assert warnings.after(["dark"], 2 * WARNING_S + 1) == ["dark"]


def test_several_stay_in_the_order_in_which_they_came():
    warnings = LastingWarnings()
    for second in range(5):
        shown = warnings.after(["dark", "small"] if second else ["small"], second)
    assert shown == ["small", "dark"]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (["happy"], ["happy"]),
        (["happy", "sad", "sad", "sad"], ["happy", "happy", "happy", "sad"]),
        (["happy", "sad", "happy", "sad", "happy"], ["happy"] * 5),
        (["happy", "sad", "fear", "sad", "fear"], ["happy"] * 5),
    ],
)
def test_an_answer_changes_once_another_has_held(said, shown):
    steady = SteadyAnswer()
    assert [steady.after(answer, step * ANSWER_S / 2) for step, answer in enumerate(said)] == shown
