import numpy as np
import pytest

from engine.emotions import kind_of
from engine.faces.track import Tracker
from engine.features.aligned_face import AlignedFace, align_face
from engine.features.face_regions import REGIONS
from engine.features.region_motion import Motion
from engine.recognition.spotting import Spotter, spotter
from engine.recognition.spotting.baseline import baseline
from engine.recognition.spotting.series import Series, _speaks, bump, find_events, fit_profile
from tests.recognition.bent_faces import Move, clip, compressed

BROWS = [REGIONS.index(name) for name in ("right brow", "left brow")]
MOUTH = [REGIONS.index(name) for name in ("right mouth corner", "left mouth corner")]
EYES = [REGIONS.index(name) for name in ("right eye", "left eye")]


def times(duration_s, fps):
    return np.arange(round(duration_s * fps)) / fps


def series(t, moves=(), seed=0, noise=0.06):
    """Return what a face would do: ``moves`` are (regions, (x, y), course of each time)."""
    draw = np.random.default_rng(seed)
    far = noise * draw.standard_normal((len(t), len(REGIONS), 2))
    for regions, way, course in moves:
        far[:, regions] += np.asarray(way) * course[:, None, None]
    return Series(
        t,
        far.astype(np.float32),
        np.full(len(t), 0.3, np.float32),
        (0.2 * draw.standard_normal((len(t), 8))).astype(np.float32),
        np.ones((len(t), 2), np.float32),
        np.zeros(len(t), np.float32),
    )


def triangle(t, onset, apex, offset):
    return np.interp(t, [onset, apex, offset], [0, 1, 0])


def pushed(spotting, given):
    """Give a spotter the frames of a series, by a follower that says what the series says."""
    rows = iter(zip(given.displacement, np.ones(len(given.time_s)), given.head, given.eyes, strict=True))
    spotting._follower = type("Told", (), {"update": staticmethod(lambda sample: Motion(*next(rows)))})
    blank, points = np.zeros((128, 128), np.uint8), np.zeros((468, 2), np.float32)
    found = []
    for time_s in given.time_s:
        sample = AlignedFace(float(time_s), blank, points, 0.3, np.zeros(3, np.float32), points[:, 0])
        found += spotting.push(sample)
    return found


@pytest.mark.parametrize("fps", [15, 25, 60, 200])
def test_a_triangle_is_found_where_it_is(fps):
    t = times(8, fps)
    (event,) = find_events(series(t, [(BROWS, (0, -4), triangle(t, 3.0, 3.4, 3.9))]))
    # Straight flanks are fitted as curved ones, which begin and end a little further out.
    assert event.onset_s == pytest.approx(3.0, abs=0.5 / fps + 0.07)
    assert event.apex_s == pytest.approx(3.4, abs=0.5 / fps + 0.03)
    assert event.offset_s == pytest.approx(3.9, abs=0.5 / fps + 0.07)
    assert event.strength == pytest.approx(4, rel=0.1)


@pytest.mark.parametrize("fps", [25, 60])
def test_the_apex_of_one_that_stays_is_its_first_moment_of_full_strength(fps):
    t = times(10, fps)
    course = bump(t, 3.0, 0.4, 2.0, 0.6, 1.0)
    (event,) = find_events(series(t, [(MOUTH, (2, -4), course)]))
    assert (event.onset_s, event.apex_s, event.offset_s) == pytest.approx((3.0, 3.4, 6.0), abs=0.05)


def test_the_fit_alone_gives_back_what_was_put_in():
    t = np.arange(0, 3, 1 / 60)
    found = fit_profile(t, bump(t, 1.013, 0.21, 0.05, 0.3, 1.0), 1.05, 1.2, 1.5)
    assert found.r_squared > 0.999
    assert found.onset_s == pytest.approx(1.013, abs=0.01) and found.offset_s == pytest.approx(1.573, abs=0.01)
    assert 1.215 <= found.apex_s <= 1.275


def test_a_course_of_another_form_keeps_what_was_seen_of_it():
    t = np.arange(0, 3, 1 / 60)
    found = fit_profile(t, np.sign(np.sin(40 * t)), 1.0, 1.4, 2.0)
    assert (found.onset_s, found.apex_s, found.offset_s, found.r_squared) == (1.0, 1.4, 2.0, 0.0)


def test_short_and_long_expressions_are_told_apart():
    t = times(12, 60)
    micro, macro = bump(t, 2.0, 0.15, 0.0, 0.2, 1), bump(t, 5.0, 0.5, 1.0, 0.5, 1)
    found = find_events(series(t, [(BROWS, (0, -2), micro), (MOUTH, (2, -4), macro)]))
    assert [kind_of(event.onset_s, event.offset_s) for event in found] == ["micro", "macro"]


@pytest.mark.parametrize("seed", range(4))
def test_noise_shows_nothing(seed):
    assert find_events(series(times(20, 30), seed=seed, noise=0.15)) == []


def test_a_resting_face_that_changes_slowly_shows_nothing():
    t = times(30, 30)
    assert find_events(series(t, [(MOUTH, (1.0, 0.5), t / 15)])) == []


def test_what_follows_the_head_is_not_taken_for_an_expression():
    t = times(20, 30)
    sway = np.sin(2 * np.pi * t / 3.1)
    given = series(t, [(BROWS, (1.0, 0.4), sway)])
    given.head[:, 2] += 6 * sway
    assert find_events(given) == []


def test_a_chin_that_moves_along_the_neck_while_the_head_rolls_is_no_expression():
    t = times(10, 30)
    course = bump(t, 4.0, 0.4, 0.0, 0.4, 1)
    chin = [([REGIONS.index("chin")], (2, 0), course)]
    still, rolling = series(t, chin), series(t, chin)
    rolling.roll_deg[:] = 8 * course
    assert len(find_events(still)) == 1 and find_events(rolling) == []
    smiling = series(t, [*chin, (MOUTH, (2, -4), course)])
    smiling.roll_deg[:] = 8 * course
    assert len(find_events(smiling)) == 1


def test_a_blink_alone_is_no_event_and_hides_no_smile():
    t = times(10, 60)
    shut = np.clip(1 - np.abs(t - 4.0) / 0.12, 0, 1)
    lids = [(EYES, (0, 6), shut), (BROWS, (0, 1.5), shut)]
    for smile, count in (([], 0), ([(MOUTH, (2, -4), bump(t, 3.5, 0.4, 0.5, 0.4, 1))], 1)):
        assert len(find_events(series(t, lids + smile))) == count


def test_a_mouth_that_speaks_is_no_flood_of_events():
    t = times(20, 30)
    draw = np.random.default_rng(1)
    talk = np.abs(np.interp(t, np.arange(0, 21, 0.12), draw.standard_normal(175)))
    lower = [REGIONS.index(name) for name in ("lower lip", "chin")]
    assert len(find_events(series(t, [(lower, (0, 5), talk)]))) <= 1
    brows = (BROWS, (0, -4), bump(t, 8, 0.3, 0.2, 0.3, 1))
    assert any(abs(event.apex_s - 8.3) < 0.2 for event in find_events(series(t, [(lower, (0, 5), talk), brows])))


def test_what_never_comes_back_ends_with_the_recording():
    t = times(8, 30)
    (event,) = find_events(series(t, [(MOUTH, (2, -4), bump(t, 6.0, 0.5, 9.0, 0.5, 1))]))
    assert event.onset_s == pytest.approx(6.0, abs=0.1)
    assert 7.5 < event.offset_s <= t[-1] + 1e-6


def test_rest_is_where_a_region_spends_its_time_not_the_middle():
    t = times(5, 30)
    course = bump(t, 1.0, 0.6, 1.6, 0.6, 5.0)  # away from rest for more than half of the recording
    rising = series(t, [(MOUTH, (1, 0), course)], noise=0.02).displacement
    assert np.abs(baseline(t, rising)[:, MOUTH, 0]).max() < 0.3


def test_uneven_times_are_no_trouble():
    t = np.sort(np.random.default_rng(3).uniform(0, 10, 300))
    (event,) = find_events(series(t, [(BROWS, (0, -4), bump(t, 4.0, 0.3, 0.1, 0.4, 1))]))
    assert event.apex_s == pytest.approx(4.3, abs=0.1)


def test_frame_by_frame_is_as_in_one_go():
    t = times(24, 30)
    starts = (2.0, 6.5, 11.0, 17.0, 21.0)
    given = series(t, [(BROWS, (0, -3), sum(bump(t, start, 0.2, 0.1, 0.3, 1) for start in starts))])
    spotting = Spotter()
    early = pushed(spotting, given)
    found = early + spotting.gap()
    assert len(early) >= 3  # those that are long over need not wait for the end
    whole = find_events(given)
    assert [event.apex_s for event, *_ in found] == pytest.approx([event.apex_s for event in whole], abs=1.01 / 30)
    assert [event.onset_s for event, *_ in found] == pytest.approx(starts, abs=0.08)
    assert all((onset.time_s, apex.time_s) == (event.onset_s, event.apex_s) for event, onset, apex in found)
    assert spotting.motion().shape == (len(t), len(REGIONS))
    assert spotting.motion()[:, BROWS].max() == pytest.approx(3, abs=0.4)


def rising_brows(duration_s):
    """Return a series of ten frames a second, and how often the brows rise in it."""
    t, starts = times(duration_s, 10), np.arange(3, duration_s - 4, 6)
    return series(t, [(BROWS, (0, -3), sum(bump(t, start, 0.4, 0.2, 0.4, 1) for start in starts))]), len(starts)


@pytest.fixture
def short_memory(monkeypatch):
    """Let a spotter look back upon 10 s alone: looking takes the longer, the more there is to look at."""
    monkeypatch.setattr(spotter, "BUFFER_S", 10.0)
    return 10


def test_memory_is_bounded_and_every_frame_has_its_motion(short_memory):
    given, count = rising_brows(3 * short_memory)
    spotting = Spotter()
    found = pushed(spotting, given)
    assert len(spotting._samples) == len(spotting._rows) <= 10 * (short_memory + 2)
    found += spotting.gap()
    assert len(found) == count
    assert len(spotting._samples) == 0 and spotting.motion().shape == (len(given.time_s), len(REGIONS))


def test_what_need_not_be_remembered_is_forgotten_and_the_events_are_the_same(short_memory):
    given, count = rising_brows(2 * short_memory)
    found = []
    for remember in (True, False):
        spotting = Spotter(remember=remember)
        found.append([(event.onset_s, event.offset_s) for event, *_ in pushed(spotting, given) + spotting.gap()])
    assert found[0] == found[1] and len(found[0]) == count
    assert spotting.motion().shape == (0, len(REGIONS)) and spotting._done == []


def test_nothing_is_spotted_across_a_gap(monkeypatch):
    t = times(4, 30)
    rise = np.clip((t - 3.4) / 0.5, 0, 1)
    spotting = Spotter()
    found = pushed(spotting, series(t, [(BROWS, (0, -3), bump(t, 1.5, 0.2, 0.1, 0.2, 1))])) + spotting.gap()
    assert len(found) == 1
    later = series(t + 5, [(BROWS, (0, -3), rise)])
    assert pushed(spotting, later) == [] and len(spotting.motion()) == 2 * len(t)
    assert all(event.onset_s >= 5 for event, *_ in spotting.gap())
    assert spotting.gap() == []


@pytest.mark.parametrize(("away_s", "found"), [(0.1, 1), (0.6, 0)])
def test_what_a_short_gap_cuts_ends_after_it(away_s, found):
    t = times(4, 30)
    spotting = Spotter()
    first = pushed(spotting, series(t, [(BROWS, (0, -3), np.clip((t - 2.9) / 0.3, 0, 1))])) + spotting.gap()
    assert [(event.onset_seen, event.end_seen, event.kind) for event, *_ in first] == [(True, False, "macro")]
    # Shown for longer than the face then rests: what it came back with is no rest.
    falls = np.clip((t - 2.2) / 0.3, 0, 1)
    then = pushed(spotting, series(t + 4 + away_s, [(BROWS, (0, 3), falls)])) + spotting.gap()
    ends = [event for event, *_ in then if not event.onset_seen]
    assert len(ends) == found
    for event in ends:
        assert event.onset_s == 4 + away_s and event.offset_s == pytest.approx(6.5 + away_s, abs=0.1)


def test_time_must_go_on():
    spotting = Spotter()
    pushed(spotting, series(times(0.2, 30)))
    with pytest.raises(ValueError, match="after"):
        pushed(spotting, series(times(0.1, 30)))


def test_hardly_any_frames_are_no_trouble():
    for count in range(1, 8):
        spotting = Spotter()
        assert pushed(spotting, series(times(1, 30)[:count])) + spotting.gap() == []
        assert spotting.motion().shape == (count, len(REGIONS))
    assert Spotter().motion().shape == (0, len(REGIONS))


@pytest.mark.parametrize(
    ("moves", "count"),
    [([Move("brows up", 0.05, 1.6, 1.8, 2.1)], 1), ([Move("blink", 1.0, 1.5, 1.6, 1.75)], 0)],
)
def test_a_real_face_in_a_compressed_recording(moves, count):
    fps, tracker, spotting, found = 25, Tracker(), Spotter(), []
    for number, picture in enumerate(compressed(clip(moves, 4.0, fps, seed=5), fps)):
        (face,) = tracker.update(picture, number / fps)
        found += spotting.push(align_face(picture, face.landmarks, number / fps))
    found += spotting.gap()
    assert len(found) == count
    for (event, _, apex), move in zip(found, moves, strict=False):
        assert event.kind == "micro" and abs(event.apex_s - move.apex_s) < 0.09
        assert abs(event.onset_s - move.onset_s) < 0.1 and abs(event.offset_s - move.offset_s) < 0.1
        assert apex.gray.shape == (128, 128) and event.strength > 1


def test_the_buffer_is_bounded_at_any_frame_rate(monkeypatch):
    monkeypatch.setattr(spotter, "_MOST_FRAMES", 300)
    spotting = Spotter()
    pushed(spotting, series(times(6, 200)))
    assert len(spotting._samples) <= 300 + 1.5 * 200 + 1


@pytest.mark.parametrize(
    ("waves", "size", "speaks"),
    [(1, 20.0, False), (2, 20.0, True), (4, 20.0, True), (4, 2.0, False)],
    ids=["one movement", "two syllables", "a phrase", "noise"],
)
def test_a_mouth_that_goes_up_and_down_within_an_event_speaks(waves, size, speaks):
    time_s = np.arange(180) / 60
    clear = np.zeros((len(time_s), len(REGIONS), 2))
    inside = (time_s >= 1) & (time_s < 2)
    clear[inside, REGIONS.index("lower lip"), 1] = size * np.sin(np.pi * waves * (time_s[inside] - 1)) ** 2
    onset, offset = int(np.flatnonzero(inside)[0]), int(np.flatnonzero(inside)[-1])
    apex = int(np.linalg.norm(clear, axis=2).max(axis=1).argmax())
    assert _speaks(time_s, clear, onset, apex, offset) == speaks
