from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.charts.layout import alt_text, zooms
from engine.charts.recording import event_bars, recording_timeline
from engine.charts.recording_panels import MOST_POINTS, envelope, group_max, runs_without_gap
from engine.recognition.analysis import REGIONS
from engine.recognition.resting_face import Rest, RestingFace
from tests.records.recorded import FAINT, LABELS, MACRO, MICRO, analysis, empty, track

ONE = track()
TWO = analysis(ONE, track(2, (MACRO,), gaps=()))


def named(figure, name):
    return [trace for trace in figure.data if trace.name == name]


def drawn(figure, kind):
    return [trace for trace in figure.data if trace.type == kind]


def test_bars_lie_from_onset_to_offset_and_kinds_differ_by_more_than_colour():
    figure = event_bars(TWO)
    (micro,), (macro,) = named(figure, "micro-expression"), named(figure, "macro-expression")
    assert list(micro.base) == [1.0, 4.0] and list(micro.x) == pytest.approx([0.3, 0.4])
    assert list(macro.base) == [2.0, 2.0] and sorted(macro.y) == [0, 1], "a person a row"
    assert micro.marker.pattern.shape != macro.marker.pattern.shape
    apexes = {trace.name: trace for trace in figure.data if "apex" in (trace.name or "")}
    assert list(apexes["its apex (micro)"].x) == [1.1, 4.2]
    assert len({trace.marker.symbol for trace in apexes.values()}) == 2
    assert list(figure.layout.yaxis.ticktext) == ["person 2", "person 1"], "the first on top"
    assert micro.marker.color[0] != micro.marker.color[1], "what is undecided is hollow"


def test_a_person_s_word_has_no_machine_s_certainty():
    said = replace(MICRO, origin="corrected")
    (bar,) = named(event_bars(analysis(track(events=(said,)))), "micro-expression")
    assert "corrected" in bar.customdata[0][0] and "%" not in bar.customdata[0][0]
    (bar,) = named(event_bars(analysis(track(events=(MICRO,)))), "micro-expression")
    assert "surprise, 70 %" in bar.customdata[0][0]


def test_words_say_what_the_bars_show():
    words = alt_text(event_bars(TWO))
    assert "Person 1: 2 micro-expressions and 1 macro-expression" in words
    assert "undecided (micro) from 4.00 to 4.40 s, apex 4.20 s" in words
    assert "not seen from 5.0 to 5.3 s" in words and "Person 2: no micro-expressions" in words


def test_nobody_and_nothing_are_said():
    assert event_bars(empty()).layout.annotations[0].text == "Nobody was seen."
    assert alt_text(event_bars(empty())) == "Nobody was seen in the recording."
    none = event_bars(analysis(track(events=())))
    assert none.layout.annotations[0].text == "No event was found."
    silent = track(events=(), duration_s=0, gaps=())
    assert "seen in no frame" in alt_text(recording_timeline(analysis(silent), 1))


def test_the_map_of_regions_is_the_track_and_breaks_in_a_gap():
    figure = recording_timeline(analysis(ONE), 1)
    (heat,) = drawn(figure, "heatmap")
    assert list(figure.layout.yaxis3.ticktext) == list(REGIONS) and heat.z.shape[0] == len(REGIONS)
    lost = np.isnan(heat.z).all(axis=0)
    assert lost.sum() == 1 and np.isfinite(heat.z[:, ~lost]).all()
    assert heat.z[:, ~lost] == pytest.approx(ONE.motion.T, abs=0.006)
    assert len(heat.x) == heat.z.shape[1] + 1
    at = int(np.flatnonzero(lost)[0])
    assert (heat.x[at], heat.x[at + 1]) == pytest.approx((5 + 1 / 30, 5.3))


def test_the_largest_motion_is_a_line_with_a_break_and_marked_events():
    figure = recording_timeline(analysis(replace(ONE, events=(MICRO,))), 1)
    (line,) = named(figure, "largest motion")
    assert np.isnan(line.y).sum() == 1 and np.nanmax(line.y) == pytest.approx(ONE.motion.max())
    (apex,) = named(figure, "apex")
    assert set(apex.x) == {np.float32(1.1)}
    (gap,) = [trace for trace in named(figure, "face not seen") if trace.yaxis == "y2"]
    assert (gap.x[0] - gap.width[0] / 2, gap.x[0] + gap.width[0] / 2) == pytest.approx((5.0, 5.3))
    assert gap.marker.pattern.shape
    assert "right mouth corner" in alt_text(figure) and "apex 1.10 s" in alt_text(figure)


def test_expressions_are_told_by_their_rows():
    figure = recording_timeline(analysis(ONE), 1)
    rows = [trace for trace in figure.data if trace.name in LABELS]
    assert [trace.name for trace in rows] == list(LABELS)
    assert list(figure.layout.yaxis4.ticktext) == list(LABELS[::-1]), "angry on top, as the first"
    happy = rows[LABELS.index("happy")]
    base = len(LABELS) - 1 - LABELS.index("happy")
    assert np.nanmax(happy.y) == pytest.approx(base + 0.9 * 0.65, abs=1e-3)
    assert np.nanmax(happy.customdata) == pytest.approx(65, abs=0.1)
    assert "happy most probable in" in alt_text(figure) and "65 % at 2.60 s" in alt_text(figure)


def test_all_panels_share_one_axis_that_zooms():
    figure = recording_timeline(TWO, 1)
    assert {trace.xaxis for trace in figure.data} == {None} and {trace.yaxis for trace in figure.data} == {
        "y",
        "y2",
        "y3",
        "y4",
    }
    assert zooms(figure) and figure.layout.xaxis.fixedrange is False and figure.layout.yaxis.fixedrange
    assert list(figure.layout.xaxis.range) == [0, 6]
    spans = sorted(figure.layout[name].domain for name in ("yaxis", "yaxis2", "yaxis3", "yaxis4"))
    assert all(lower[1] < upper[0] for lower, upper in pairwise(spans))
    with pytest.raises(ValueError, match="Received: 3"):
        recording_timeline(TWO, 3)


def test_each_kind_of_mark_stands_in_the_legend_once():
    names = [trace.name for trace in recording_timeline(TWO, 1).data if trace.showlegend is not False]
    assert len(names) == len(set(names))


def test_an_hour_stays_light_and_keeps_its_shortest_peak():
    fps, duration = 60, 3600
    long = track(events=(), duration_s=duration, fps=fps, gaps=((600, 640),))
    at = 123_456
    long.motion[at, REGIONS.index("left brow")] = 17.0
    many = tuple(replace(MICRO, onset_s=t, apex_s=t + 0.1, offset_s=t + 0.3) for t in range(0, 3500, 20))
    figure = recording_timeline(analysis(replace(long, events=many), duration_s=duration, fps=fps), 1)
    for trace in figure.data:
        assert len(trace.x) <= MOST_POINTS + 20
    (heat,) = drawn(figure, "heatmap")
    assert heat.z.shape[1] <= MOST_POINTS + 3
    assert np.nanmax(heat.z) == 17 and np.nanmax(named(figure, "largest motion")[0].y) == 17
    assert len(figure.to_json()) < 1_000_000
    near = (float(long.time_s[at]) - 1, float(long.time_s[at]) + 1)
    (line,) = named(recording_timeline(analysis(long, duration_s=duration, fps=fps), 1, near), "largest motion")
    assert len(line.x) <= 2 * fps + 3 and line.y.max() == 17


@given(st.lists(st.floats(-10, 10, width=32), min_size=1, max_size=200), st.integers(1, 40))
def test_thinning_keeps_extremes_order_and_ends(values, size):
    values = np.array(values)
    time = np.arange(len(values), dtype=float)
    thin_time, thin = envelope(time, values, size)
    assert len(thin) <= max(len(values) if size <= 2 else 0, 2 * -(-len(values) // size))
    assert (thin.min(), thin.max()) == (values.min(), values.max())
    assert (np.diff(thin_time) >= 0).all() and (values[thin_time.astype(int)] == thin).all()
    groups = group_max(values[:, None], size)[:, 0]
    assert list(groups) == [values[at : at + size].max() for at in range(0, len(values), size)]


def test_stretches_end_at_gaps_and_at_the_window():
    time = np.array([0, 1, 2, 5, 6, 9], float)
    assert runs_without_gap(time, ((2, 5), (6, 9))) == [slice(0, 3), slice(3, 5), slice(5, 6)]
    assert runs_without_gap(time, ()) == [slice(0, 6)]
    assert runs_without_gap(time, ((2, 5),), (1.5, 5.5)) == [slice(1, 3), slice(3, 5)]
    assert runs_without_gap(np.empty(0), ()) == []


def test_a_faint_event_is_called_undecided():
    figure = event_bars(analysis(track(events=(FAINT,))))
    assert any("undecided" in (trace.text or ()) for trace in drawn(figure, "scatter"))


def test_change_from_rest_has_a_panel_where_that_rest_is_known():
    rest = RestingFace.of(ONE.labels, ONE.probabilities[:10])
    known = replace(ONE, rest=Rest(rest))
    figure = recording_timeline(analysis(known), 1)
    (line,) = named(figure, "change from this person’s rest")
    change, which = rest.largest_change(known.probabilities)
    assert np.nanmax(line.y) == pytest.approx(change.max(), abs=1e-4)
    best = int(np.nanargmax(line.y))
    told = rest.labels[which[change.argmax()]]
    assert line.customdata[best][0] == told
    spans = sorted(figure.layout[name].domain for name in ("yaxis", "yaxis2", "yaxis3", "yaxis4", "yaxis5"))
    assert all(lower[1] < upper[0] for lower, upper in pairwise(spans))
    assert f"Change from this person’s rest: at most {told}" in alt_text(figure)
    assert not named(recording_timeline(analysis(ONE), 1), "change from this person’s rest")


def test_events_are_called_by_their_numbers_where_there_is_room():
    numbers = {1: tuple(f"1-{number}" for number in range(1, 12))}
    times = (1.0, 4.0, 5.8, 6.0, 9.0)
    events = tuple(replace(MICRO, onset_s=at - 0.1, apex_s=at, offset_s=at + 0.1) for at in times)
    figure = event_bars(analysis(track(events=events), duration_s=10.0), numbers=numbers)
    (names,) = [trace for trace in figure.data if trace.type == "scatter" and trace.mode == "text"]
    said = MICRO.answer
    assert list(names.text) == [f"1-1 {said}", f"1-2 {said}", "1-3", f"1-5 {said}"]
    (bar,) = named(figure, "micro-expression")
    assert [row[0].split()[0] for row in bar.customdata] == ["1-1", "1-2", "1-3", "1-4", "1-5"]
