import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.emotions import kind_of
from engine.errors import UserError
from engine.records.correction_file import as_json, as_text, from_json, from_text
from engine.records.corrections import (
    NONE,
    Add,
    CorrectionError,
    Corrections,
    Move,
    Name,
    Reject,
    Revert,
    corrected,
    reviewed,
)
from tests.records.recorded import FAINT, MACRO, MICRO, analysis, empty, track

ONE = analysis()
TWO = analysis(track(), track(2, (MACRO,)))


def events(corrections, of=ONE, person=1):
    return next(each for each in corrected(of, corrections).tracks if each.person == person).events


def after(*steps, of=ONE):
    log = NONE
    for step in steps:
        log = log.then(step, of)
    return log


def test_nothing_changed_is_the_analysis_itself():
    assert events(NONE) == (MICRO, MACRO, FAINT)
    assert [each.id for each in reviewed(TWO)] == ["1-1", "1-2", "1-3", "2-1"]
    assert corrected(empty(), NONE).tracks == ()


def test_moved_ends_decide_anew_whether_it_is_micro():
    first, *_ = events(after(Move("1-1", 0.7, 1.1, 1.3)))
    assert (first.onset_s, first.kind, first.origin) == (0.7, "macro", "corrected")
    assert first.probabilities == MICRO.probabilities and first.expression == "surprise"
    _, second, _ = events(after(Move("1-2", 2.4, 2.6, 2.8)))
    assert second.kind == "micro"


def test_another_apex_has_the_strength_of_that_moment():
    first, *_ = events(after(Move("1-1", 1.0, 1.2, 1.3)))
    assert first.strength == pytest.approx(0.25 + 3.0 * 0.5, abs=1e-5)
    assert events(after(Move("1-1", 0.9, 1.1, 1.3)))[0].strength == MICRO.strength
    assert events(after(Add(1, 5.1, 5.15, 5.2, "sad")))[-1].strength == 0, "the face was not seen then"


def test_a_named_expression_is_decided_and_leaves_the_machine_its_word():
    log = after(Name("1-3", "  contempt "))
    faint = events(log)[2]
    assert (faint.expression, faint.decided, faint.origin) == ("contempt", True, "corrected")
    assert faint.probabilities == FAINT.probabilities and faint.certainty is None
    (third,) = [each for each in reviewed(ONE, log) if each.id == "1-3"]
    assert third.said_by == "user" and third.spotted == FAINT


def test_a_machines_word_that_a_person_confirms_is_theirs():
    log = after(Name("1-1", "surprise"))
    assert events(log)[0].origin == "corrected" and reviewed(ONE, log)[0].said_by == "user"


def test_an_event_moved_there_and_back_was_not_corrected():
    assert events(after(Move("1-1", 0.9, 1.1, 1.3), Move("1-1", 1.0, 1.1, 1.3)))[0].origin == "spotted"


def test_a_rejected_event_is_gone_and_names_stay():
    log = after(Reject("1-1"), Name("1-2", "sad"))
    assert [event.expression for event in events(log)] == ["sad", "negative"]
    assert [each.rejected for each in reviewed(ONE, log)] == [True, False, False]
    with pytest.raises(CorrectionError, match="1-1 was rejected"):
        log.then(Move("1-1", 1, 1.1, 1.2), ONE)
    assert len(events(log.then(Revert("1-1"), ONE))) == 3


def test_an_added_event_stands_in_its_place_and_has_nobodys_probabilities():
    log = after(Add(1, 0.1, 0.2, 0.3, "fear"), Add(1, 3.6, 3.7, 3.8, "sad"), Move("1-a1", 3.9, 3.9, 3.95))
    found = events(log)
    assert [event.origin for event in found] == ["spotted", "spotted", "added", "added", "spotted"]
    assert found[3].expression == "fear" and found[3].probabilities == {} and found[3].certainty is None
    assert [each.id for each in reviewed(ONE, log)] == ["1-1", "1-2", "1-a2", "1-a1", "1-3"]


def test_back_to_what_was_spotted_one_or_all():
    log = after(Name("1-1", "sad"), Move("1-2", 2.1, 2.6, 3.5), Add(1, 0.1, 0.2, 0.3, "fear"))
    one = events(log.then(Revert("1-1"), ONE))
    assert one[1] == MICRO and one[2].onset_s == 2.1
    everything = log.then(Revert(), ONE)
    assert events(everything) == ONE.tracks[0].events
    assert len(events(everything.undone())) == 4, "even that can be undone"
    again = everything.then(Add(1, 0.1, 0.2, 0.3, "fear"), ONE)
    assert reviewed(ONE, again)[0].id == "1-a2", "a name is never given twice"


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (Move("1-1", 1.2, 1.1, 1.3), "onset 1.2 s, apex 1.1 s"),
        (Move("1-1", 1.0, 1.4, 1.3), "offset 1.3 s"),
        (Move("1-1", -0.5, 1.1, 1.3), "from 0 to 6 s"),
        (Move("1-1", 1.0, 1.1, 6.5), "offset 6.5 s"),
        (Move("1-1", math.nan, 1.1, 1.3), "onset nan s"),
        (Move("1-1", 1.0, 1.1, math.inf), "offset inf s"),
        (Move("1-9", 1.0, 1.1, 1.3), "“1-9”"),
        (Reject("3-1"), "“3-1”"),
        (Revert("1-a1"), "“1-a1”"),
        (Name("1-1", "  "), "no name"),
        (Name("1-1", "x" * 41), "41 characters"),
        (Name("1-1", "sad\n=1+1"), "no name of an expression"),
        (Add(2, 1.0, 1.1, 1.3, "sad"), "no person 2"),
        (Add(1, 1.0, 0.9, 1.3, "sad"), "apex 0.9 s"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_values(step, said):
    with pytest.raises(UserError) as error:
        NONE.then(step, ONE)
    assert said in error.value.what and error.value.remedy


def test_nobody_can_be_given_an_event_in_an_empty_recording():
    with pytest.raises(CorrectionError, match="nobody"):
        NONE.then(Add(1, 1, 1.1, 1.2, "sad"), empty())


times = st.tuples(*[st.integers(0, 6000)] * 3).map(lambda three: [each / 1000 for each in sorted(three)])
names = st.sampled_from(["1-1", "1-2", "1-3", "2-1", "1-a1", "2-a1", "2-a2"])
labels = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=12)
steps = st.one_of(
    st.builds(lambda name, three: Move(name, *three), names, times),
    st.builds(Name, names, labels),
    st.builds(Reject, names),
    st.builds(Revert, st.one_of(names, st.just(""))),
    st.builds(lambda person, three, label: Add(person, *three, label), st.sampled_from([1, 2]), times, labels),
)


def fitting(plan):
    log = NONE
    for step in plan:
        try:
            log = log.then(step, TWO)
        except CorrectionError:
            continue
    return log


@settings(max_examples=60)
@given(st.lists(steps, max_size=12))
def test_whatever_is_corrected_stays_whole_and_can_be_undone(plan):
    log = fitting(plan)
    for each in corrected(TWO, log).tracks:
        onsets = [event.onset_s for event in each.events]
        assert onsets == sorted(onsets)
        for event in each.events:
            assert 0 <= event.onset_s <= event.apex_s <= event.offset_s <= 6
            assert event.kind == kind_of(event.onset_s, event.offset_s)
            assert (event.origin == "added") == (not event.probabilities)
    found = reviewed(TWO, log)
    assert len({each.id for each in found}) == len(found)
    assert {each.id: each.spotted for each in found if each.spotted} == {each.id: each.event for each in reviewed(TWO)}
    assert from_text(as_text(log, TWO), TWO) == log
    for count in range(len(log), 0, -1):
        assert reviewed(TWO, Corrections(log.log[:count]).undone()) == reviewed(TWO, Corrections(log.log[: count - 1]))
    assert events(log.then(Revert(), TWO), TWO) == TWO.tracks[0].events
    assert NONE.undone() == NONE


def test_corrections_are_held_to_their_recording_but_not_to_its_name():
    log = after(Reject("1-1"))
    text = as_text(log, ONE)
    assert from_text(text.encode(), analysis(file="renamed.mp4")) == log
    with pytest.raises(CorrectionError, match="other events"):
        from_text(text, analysis(track(events=(MACRO,))))


@pytest.mark.parametrize(
    "damage",
    [
        lambda found: found.update(log=[{"do": "explode"}]),
        lambda found: found.update(log=[{"do": "move", "event": "1-1"}]),
        lambda found: found.update(log=[{"do": "reject", "event": 3}]),
        lambda found: found.update(log=[{"do": "add", "person": True, "onset_s": 1, "apex_s": 1, "offset_s": 1}]),
        lambda found: found.update(log=[{"do": "reject", "event": "7-7"}]),
        lambda found: found.update(log=["reject"]),
        lambda found: found.update(log=[7]),
        lambda found: found.update(log=None),
        lambda found: found.update(form=99),
        lambda found: found.pop("fingerprint"),
    ],
)
def test_a_damaged_file_is_refused_in_one_sentence(damage):
    found = as_json(after(Reject("1-1")), ONE)
    damage(found)
    with pytest.raises(CorrectionError):
        from_json(json.loads(json.dumps(found)), ONE)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", b"\xff\xfe\x00", "[" * 100_000, '{"form": 1, "log": []}'])
def test_no_file_of_corrections_is_refused(text):
    with pytest.raises(CorrectionError):
        from_text(text, ONE)
