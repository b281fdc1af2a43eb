"""What is drawn of a camera: words in its picture, and the latest half minute."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from engine.charts.layout import alt_text
from engine.charts.live import MOST_POINTS, draw_live_picture, face_caption, footer_lines, live_timeline
from engine.faces import Check
from engine.recognition.analysis import Event
from engine.recognition.live import LiveFace, LiveState, Timeline

LABELS = ("happy", "sad", "neutral")
GRAY = np.full((480, 640, 3), 128, np.uint8)


def a_face(person=1, share=0.93, decided=True, box=(200.0, 120.0, 180.0, 220.0), warnings=()):
    shares = {"happy": share, "sad": (1 - share) / 2, "neutral": (1 - share) / 2}
    checks = tuple(Check(word, word) for word in warnings)
    return LiveFace(person, box, (0, 0, 0), 0.3, "happy", decided, shares, shares, shares, None, 0.0, 0, checks)


def state(*faces, **changes):
    return replace(LiveState(frames=1, faces=faces, phase="running"), **changes)


def test_a_captions_words():
    assert face_caption(a_face(), False) == "happy, 93 %"
    assert face_caption(a_face(share=0.4, decided=False), False) == "undecided"
    assert face_caption(a_face(person=3, share=0.999), True) == "3: happy, > 99 %"


def test_a_face_has_a_box_and_words_and_the_picture_is_not_changed():
    drawn = draw_live_picture(GRAY, state(a_face()))
    assert (GRAY == 128).all() and drawn.shape == GRAY.shape and drawn.dtype == np.uint8
    assert (drawn[120, 200:380] == 0).all() and (drawn[340, 200:380] == 0).all()
    assert (drawn[150:330, 220:360] == 128).all(), "the face itself is left alone"
    words = drawn[93:118, 205:300]
    assert (words == 255).any() and (words == 0).mean() > 0.4, "white on dark"
    assert (drawn[360:] == 128).all()


def test_the_chosen_of_several_has_a_thicker_box_of_another_colour():
    faces = a_face(1, box=(60.0, 120.0, 150.0, 200.0)), a_face(2, box=(400.0, 120.0, 150.0, 200.0))
    drawn = draw_live_picture(GRAY, state(*faces), person=2)
    one, two = (int((drawn[200:220, left - 8 : left + 8] != 128).any(axis=2).sum()) for left in (60, 400))
    assert two > one > 0
    assert (drawn[220, 400] == (0, 114, 178)).all() and (drawn[220, 60] == 0).all()


@pytest.mark.parametrize("box", [(-50.0, -40.0, 200.0, 200.0), (600.0, 460.0, 200.0, 200.0), (0.0, 0.0, 640.0, 480.0)])
def test_a_face_beyond_the_border_keeps_its_words_inside(box):
    drawn = draw_live_picture(GRAY, state(a_face(box=box)))
    assert (drawn == 255).all(axis=2).sum() > 100


@pytest.mark.parametrize("size", [(120, 160), (48, 64), (960, 540), (7, 5)])
def test_any_size_is_drawn_on(size):
    picture = np.full((*size, 3), 128, np.uint8)
    known = state(a_face(box=(1.0, 1.0, 3.0, 3.0)), error="The picture cannot be read. Look towards the camera.")
    drawn = draw_live_picture(picture, known)
    assert drawn.shape == picture.shape and (drawn != 128).any()


def test_what_is_wrong_stands_at_the_foot_of_the_picture():
    quiet = draw_live_picture(GRAY, state())
    assert (quiet == 128).all()
    long = "The face is only 60 pixels wide. Move closer to the camera, so that more of it can be seen by the model."
    drawn = draw_live_picture(GRAY, state(error=long))
    (below, _) = np.where((drawn != 128).any(axis=2))
    assert below.min() > 400 and below.max() == 479
    dark = cv2.cvtColor(drawn[below.min() :], cv2.COLOR_RGB2GRAY)
    assert np.median(dark) < 60 and dark.max() > 240


def test_what_comes_and_goes_does_not_flicker_in_the_picture():
    face = a_face(1, warnings=("dark", "small"))
    assert footer_lines(state(face, warnings=("slow",))) == []
    known = state(face, warnings=("slow",), error="broken", phase="paused")
    assert footer_lines(known) == ["Paused: no picture is looked at.", "broken"]
    assert footer_lines(LiveState()) == ["Starting"]


def timeline(count, fps=30.0, gap=None):
    time_s = 100 + np.arange(count) / fps
    shares = np.tile(np.float32([0.7, 0.2, 0.1]), (count, 1))
    if gap is not None:
        shares[gap] = np.nan
    return Timeline(LABELS, time_s, shares, shares)


def test_the_timeline_has_a_line_an_expression_over_a_fixed_half_minute():
    figure = live_timeline(timeline(300), 110.0)
    assert [trace.name for trace in figure.data] == list(LABELS)
    assert tuple(figure.layout.xaxis.range) == (-30, 0) and figure.layout.yaxis.range[0] == 0
    happy = figure.data[0]
    assert happy.x[-1] == pytest.approx(299 / 30 - 10, abs=1e-3) and set(happy.y) == {np.float32(70)}
    assert len({(trace.line.color, trace.line.dash) for trace in figure.data}) == len(LABELS)
    assert "happy 70 %, sad 20 %, neutral 10 %" in alt_text(figure)


def test_many_frames_are_thinned_and_breaks_stay():
    drawn = live_timeline(timeline(1800, 60.0, gap=900), 130.0).data[0]
    assert MOST_POINTS / 2 < len(drawn.x) <= MOST_POINTS + 3
    assert np.isnan(drawn.y).sum() == 1 and drawn.x[np.isnan(drawn.y)][0] == pytest.approx(-15, abs=0.01)
    assert drawn.x[-1] == pytest.approx(-1 / 60, abs=1e-3)


def test_the_same_frames_are_drawn_again_half_a_second_later():
    whole = timeline(1200)
    first, second = (
        Timeline(LABELS, whole.time_s[at : at + 900], *[whole.smoothed[at : at + 900]] * 2) for at in (0, 15)
    )
    before, after = (
        set(np.round(live_timeline(each, each.time_s[-1]).data[0].x + each.time_s[-1], 2)) for each in (first, second)
    )
    assert len(before & after) > 0.9 * len(before) - 5


def test_events_are_marked_and_told():
    event = Event(104.0, 104.2, 104.4, "micro", "happy", True, {"happy": 0.9})
    old = replace(event, onset_s=60.0, apex_s=61.0, offset_s=62.0)
    figure = live_timeline(timeline(300), 110.0, [old, event])
    apex = next(trace for trace in figure.data if trace.name == "apex")
    assert apex.x[0] == pytest.approx(-5.8, abs=1e-3)
    assert "1 event in it" in alt_text(figure)


def test_nothing_known_yet_is_a_chart_too():
    figure = live_timeline(timeline(0), 0.0)
    assert "nothing yet" in alt_text(figure) and tuple(figure.layout.xaxis.range) == (-30, 0)
    assert "nothing yet" in alt_text(live_timeline(timeline(1, gap=0), 100.0))
