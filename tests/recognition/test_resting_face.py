"""How a face rests, and what is left of an answer without it."""

import numpy as np
import pytest

from engine.emotions import SEVEN
from engine.recognition.resting_face import AT_REST, HELD_S, RestingFace, find_rest, rest_at

HAPPY, SAD, NEUTRAL = (SEVEN.index(name) for name in ("happy", "sad", "neutral"))


def row(**shares):
    """An answer: the shares named, what is left spread evenly."""
    left = [label for label in SEVEN if label not in shares]
    return np.array([shares.get(label, (1 - sum(shares.values())) / len(left)) for label in SEVEN])


def wavering(answer, count, seed=0, much=0.1):
    odds = answer * np.exp(much * np.random.default_rng(seed).standard_normal((count, len(SEVEN))))
    return odds / odds.sum(axis=1, keepdims=True)


SAD_AT_REST = row(sad=0.5, neutral=0.4)


def test_what_is_seen_at_rest_becomes_as_neutral_as_any_rest():
    (out,) = RestingFace.of(SEVEN, SAD_AT_REST).taken_out(SAD_AT_REST[None])
    assert out[NEUTRAL] == pytest.approx(AT_REST)
    np.testing.assert_allclose(np.delete(out, NEUTRAL), (1 - AT_REST) / 6, rtol=1e-5)


@pytest.mark.parametrize("share", [0.3, 0.5, 0.6, 0.8, 0.96])
def test_a_rest_that_is_surely_neutral_stays_surely_neutral(share):
    rest = RestingFace.of(SEVEN, row(neutral=share))
    (out,) = rest.taken_out(row(neutral=share)[None])
    # What it shows next to nothing of at rest counts as one percent of it.
    assert out[NEUTRAL] >= rest.answer()[NEUTRAL] - 1e-6 and out.sum() == pytest.approx(1)
    assert AT_REST <= out[NEUTRAL] <= max(AT_REST, share)
    # Half of the way from an even chance to what the model says, at least.
    assert out[NEUTRAL] >= AT_REST + max(share - AT_REST, 0) / 2


def test_a_trace_on_a_face_that_rests_neutrally_names_nothing():
    rest, trace = RestingFace.of(SEVEN, row(neutral=0.96)), row(neutral=0.8, fear=0.12)
    assert rest.taken_out(trace[None])[0].argmax() == NEUTRAL


def test_change_is_the_logarithm_of_how_many_times_as_probable_it_is():
    rest = RestingFace.of(SEVEN, np.stack([row(happy=0.01, neutral=0.9), row(happy=0.04, neutral=0.9)]))
    (change,) = rest.change(row(happy=0.2, neutral=0.7)[None])
    assert change[HAPPY] == pytest.approx(np.log(0.2 / 0.02))
    assert rest.wander[HAPPY] == pytest.approx(np.log(2))


def test_a_faint_smile_on_a_face_that_looks_sad_is_named():
    rest, smile = RestingFace.of(SEVEN, row(sad=0.5, neutral=0.46, happy=0.005)), row(happy=0.3, sad=0.35, neutral=0.3)
    (out,) = rest.taken_out(smile[None])
    assert smile.argmax() == SAD and out.argmax() == HAPPY and out[HAPPY] > 0.5


def test_one_thing_is_not_made_of_what_rest_shows_next_to_nothing_of():
    # From 1 to 3 in ten thousand is three times as much, and nothing.
    rest = RestingFace.of(SEVEN, row(neutral=0.9994))
    (out,) = rest.taken_out(row(neutral=0.9976)[None])
    assert out[NEUTRAL] >= AT_REST


STILL, AWAY = 0.3, 9.0  # percent of the distance between the eyes


@pytest.mark.parametrize(
    ("rows", "far", "known", "why"),
    [
        (wavering(row(neutral=0.8), 30), [STILL] * 30, True, ""),
        # Half a second of it is enough, whatever comes after.
        (np.concatenate([wavering(row(neutral=0.9), 5), wavering(row(happy=0.95), 40)]), [STILL] * 45, True, ""),
        (
            np.concatenate([wavering(row(neutral=0.9), 5), wavering(row(happy=0.6), 40)]),
            [STILL] * 5 + [AWAY] * 40,
            True,
            "",
        ),
        (wavering(row(neutral=0.8), 30), [STILL] * 3 + [AWAY] * 2, False, "moves"),
        (wavering(row(sad=0.55, neutral=0.3), 30), [STILL] * 30, True, ""),
        (wavering(row(sad=0.55, neutral=0.3), 30), [STILL] * 9 + [AWAY] * 21, False, "hardly ever still"),
        (wavering(row(happy=0.95), 30), [STILL] * 30, False, "called happy"),
        (wavering(row(sad=0.5, neutral=0.3), 12), [STILL] * 12, False, "less than"),
        (np.zeros((0, 7)), [], False, "less than"),
    ],
)
def test_rest_is_what_is_called_neutral_or_a_posture_that_is_no_sure_expression(rows, far, known, why):
    rest = find_rest(SEVEN, rows[: len(far)], np.array(far), 0.1)
    assert (rest.face is not None) == known
    assert why in rest.why_not and bool(rest.why_not) != known
    if known and rest.called_neutral:
        assert rest.face.level.argmax() == NEUTRAL


def test_what_a_face_that_is_as_still_is_called_else_is_how_much_it_wanders():
    flicker = np.concatenate([row(neutral=0.85), row(neutral=0.2, surprise=0.7)]).reshape(2, -1)[[0, 1] * 10]
    rest = find_rest(SEVEN, flicker, np.full(20, STILL), 0.1).face
    assert rest.seconds == pytest.approx(2.0)
    assert rest.wander_of_evidence()[SEVEN.index("surprise")] > 1


def test_a_model_without_neutral_knows_no_rest():
    assert find_rest(SEVEN[:6], np.full((50, 6), 1 / 6), np.zeros(50), 0.1).face is None


@pytest.mark.parametrize(
    ("named_s", "why"),
    [
        (0.5, ""),
        (0.0, ""),
        (2.5, "calls this face happy with 9"),
        (1.0, "changes meanwhile"),
        (9.0, "not seen"),
    ],
)
def test_a_moment_that_is_named_is_rest_unless_it_is_none(named_s, why):
    rows = np.concatenate([wavering(SAD_AT_REST, 10), wavering(row(happy=0.95), 20)])
    rest = rest_at(SEVEN, 0.1 * np.arange(30), rows, named_s)
    assert (rest.face is None) == bool(why) and why in rest.why_not
    if not why:
        assert rest.face.named and rest.face.seconds == HELD_S and rest.face.level.argmax() == SAD
    else:
        assert f"{named_s:.2f} s, which was named" in rest.why_not
