import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pympi.Elan import Eaf

from engine.features.action_units import NUMBERS
from engine.records.corrections import NONE, Add, Name
from engine.records.elan import events_eaf, media_name, milliseconds
from tests.records.recorded import FAINT, MACRO, MICRO, analysis, empty, track


@pytest.fixture
def read(tmp_path):
    def read_back(of, corrections=NONE):
        path = tmp_path / "made.eaf"
        path.write_bytes(events_eaf(of, corrections))
        return Eaf(str(path))

    return read_back


def test_a_tier_a_person_with_events_and_one_with_their_apexes(read):
    found = read(analysis(track(), track(2, (MACRO,)), fps=25))
    assert list(found.get_tier_names()) == ["person 1", "person 1, apex", "person 2", "person 2, apex"]
    assert found.get_annotation_data_for_tier("person 1") == [
        (1000, 1300, "surprise (micro)"),
        (2000, 3500, "happy (macro)"),
        (4000, 4400, "undecided (micro)"),
    ]
    assert found.get_annotation_data_for_tier("person 1, apex") == [
        (1100, 1140, "apex"),
        (2600, 2640, "apex"),
        (4200, 4240, "apex"),
    ]
    assert found.get_annotation_data_for_tier("person 2") == [(2000, 3500, "happy (macro)")]


def test_each_unit_that_was_shown_has_a_tier(read):
    one = track()
    units = np.zeros((len(one.frame), len(NUMBERS), 2), np.float32)
    units[one.time_s < 1, NUMBERS.index(1)] = 2.04
    units[(one.time_s >= 0.5) & (one.time_s < 0.8), NUMBERS.index(12)] = 1.5, 3.0
    units[:, NUMBERS.index(7)] = 4.0  # not measured well enough to be told
    found = read(analysis(replace(one, units=units, units_rested=True), track(2, ()), fps=25))
    smile, brows = "person 1, AU12 lip corner puller", "person 1, AU1 inner brow raiser"
    assert [name for name in found.get_tier_names() if "AU" in name] == [brows, smile]
    ((begin, end, words),) = found.get_annotation_data_for_tier(smile)
    assert (begin, end) == pytest.approx((500, 800), abs=21) and words == "left 3.0, right 1.5"
    ((_, _, words),) = found.get_annotation_data_for_tier(brows)
    assert words == "2.0"


def test_corrections_are_named(read):
    one = analysis()
    log = NONE.then(Name("1-1", "fear & <awe>"), one).then(Add(1, 0.5, 0.5, 0.5, "sad"), one)
    assert read(one, log).get_annotation_data_for_tier("person 1")[:2] == [
        (500, 501, "sad (micro, added)"),
        (1000, 1300, "fear & <awe> (micro, corrected)"),
    ]


def test_the_recording_is_linked_by_its_name(read):
    (media,) = read(analysis(file='été & <1> "x".MOV')).get_linked_files()
    assert media["MEDIA_URL"] == 'file:///été & <1> "x".MOV' and media["MIME_TYPE"] == "video/quicktime"
    assert media["RELATIVE_MEDIA_URL"] == './été & <1> "x".MOV'
    (media,) = read(analysis(file="clip.xyz")).get_linked_files()
    assert media["MIME_TYPE"] == "unknown"


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("a/b/c.mp4", "c.mp4"),
        ("C:\\x\\c.mp4", "c.mp4"),
        ("a\x00b\udcff.mp4", "a_b_.mp4"),
        ("", "recording"),
        ("x/", "recording"),
    ],
)
def test_names_without_folders_or_what_xml_cannot_hold(read, file, name):
    assert media_name(file) == name
    assert read(analysis(file=file)).get_linked_files()[0]["MEDIA_URL"] == f"file:///{name}"


@pytest.mark.parametrize(
    ("time_s", "expected"),
    [(0, 0), (0.0125, 13), (0.0135, 14), (1.0005, 1001), (2.0004999, 2000), (2.675, 2675), (3599.9995, 3_600_000)],
)
def test_halves_are_rounded_up_as_they_are_written(time_s, expected):
    assert milliseconds(time_s) == expected


def test_what_overlaps_goes_to_a_further_tier(read):
    long, short = replace(MACRO, onset_s=0.5, apex_s=1.0, offset_s=3.0), MICRO
    found = read(analysis(track(events=(long, short, FAINT))))
    assert found.get_annotation_data_for_tier("person 1") == [
        (500, 3000, "happy (macro)"),
        (4000, 4400, "undecided (micro)"),
    ]
    assert found.get_annotation_data_for_tier("person 1 (2)") == [(1000, 1300, "surprise (micro)")]


def test_nobody_and_nothing(read):
    assert list(read(empty()).get_tier_names()) == []
    assert read(analysis(track(events=()))).get_annotation_data_for_tier("person 1") == []


@settings(max_examples=25)
@given(st.lists(st.tuples(*[st.floats(0, 6)] * 3).map(sorted), max_size=6))
def test_any_events_come_back_within_half_a_millisecond(tmp_path_factory, drawn):
    events = tuple(replace(MICRO, onset_s=a, apex_s=b, offset_s=c) for a, b, c in drawn)
    path = tmp_path_factory.mktemp("eaf") / "made.eaf"
    path.write_bytes(events_eaf(analysis(track(events=events))))
    found = Eaf(str(path))
    back = []
    for name in found.get_tier_names():
        marks = sorted(found.get_annotation_data_for_tier(name))
        assert all(end <= begin for (_, end, _), (begin, _, _) in pairwise(marks))
        back += [(begin, end) for begin, end, _ in marks if "apex" not in name]
    assert len(back) == len(events)
    expected = [(milliseconds(a), max(milliseconds(c), milliseconds(a) + 1)) for a, _, c in drawn]
    assert sorted(back) == sorted(expected)
    assert all(abs(milliseconds(time) - 1000 * time) <= 0.5 + 1e-9 for each in drawn for time in each)


def test_the_file_says_when_and_in_what_it_is_written():
    head = events_eaf(analysis()).decode()
    assert head.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<ANNOTATION_DOCUMENT')
    assert re.search(r'DATE="\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00"', head)
