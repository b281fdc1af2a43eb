import numpy as np
import pytest
from test_person_layers import ENCODER, SURE, faces

from engine.errors import DataError
from engine.spiking import held_back
from engine.spiking.held_back import Corrected, measure, missing

LABELS = ("happy", "sad", "angry", "neutral")


def corrected(count=32, wrong=lambda meant: meant, sources=None, said=lambda meant: meant):
    embeddings, meant = faces(count)
    named = SURE[wrong(meant)]
    return Corrected(named, named, embeddings, said(meant), np.arange(count) if sources is None else sources)


def swap(meant):
    return np.array([1, 0, 2, 3])[meant]


def test_somebody_who_swaps_two_expressions_is_helped():
    found = measure(corrected(wrong=swap), ENCODER, LABELS)
    assert found["before"] == 0.5 and found["after"] > 0.9 and found["helps"]
    low, high = found["interval"]
    assert 0 < low < found["difference"] < high
    assert found["expressions"]["happy"]["before"] == 0 and found["expressions"]["angry"]["before"] == 1
    assert sum(row["corrections"] for row in found["expressions"].values()) == found["corrections"] == 32


def test_keeping_is_not_recommended_where_all_was_right_before():
    found = measure(corrected(), ENCODER, LABELS)
    assert found["before"] == 1 and not found["helps"]


def test_keeping_is_not_recommended_where_corrections_are_drawn_at_random():
    drawn = np.random.default_rng(3)
    found = measure(corrected(40, said=lambda meant: drawn.integers(0, 4, len(meant))), ENCODER, LABELS)
    assert not found["helps"]


def test_nothing_is_answered_for_by_what_has_learnt_it(monkeypatch):
    """Each face has a number that nothing else tells: were it learnt, it would be named."""
    seen = []
    learnt = Corrected.learnt

    def recorded(self, *arguments):
        layers = learnt(self, *arguments)
        seen.append((set(self.source.tolist()), layers))
        return layers

    monkeypatch.setattr(Corrected, "learnt", recorded)
    sources = np.repeat(np.arange(8), 4)
    asked = []
    answers = held_back.PersonLayers.answers

    def watched(self, named, embeddings):
        asked.append(({i for i in range(32) if (all_faces.embeddings[i] == embeddings[:, None]).all(-1).any()}, self))
        return answers(self, named, embeddings)

    monkeypatch.setattr(held_back.PersonLayers, "answers", watched)
    all_faces = corrected(sources=sources)
    found = measure(all_faces, ENCODER, LABELS)
    assert found["whole_sources"] and found["sources"] == 8
    assert len(asked) == len(seen) == held_back.FOLDS * held_back.TURNS
    for (held, layers), (known, taught) in zip(asked, seen, strict=True):
        assert layers is taught and not known & {int(sources[at]) for at in held}
    assert sorted(at for held, _ in asked for at in held) == sorted(list(range(32)) * held_back.TURNS)


def test_of_few_recordings_single_corrections_are_held_back():
    found = measure(corrected(sources=np.zeros(32)), ENCODER, LABELS)
    assert found["sources"] == 1 and not found["whole_sources"]


@pytest.mark.parametrize(
    ("faces_of", "said"),
    [
        (lambda: corrected(19), "1 more correction is needed: 19 of 20"),
        (lambda: corrected(5), "15 more corrections are needed: 5 of 20"),
        (lambda: corrected(24, said=np.zeros_like), "Two expressions need 3 corrections each.* happy 24"),
        (lambda: corrected(0), "20 more corrections are needed: 0 of 20"),
    ],
)
def test_how_many_more_are_needed_is_said(faces_of, said):
    few = faces_of()
    assert missing(few, LABELS)
    with pytest.raises(DataError, match=said):
        measure(few, ENCODER, LABELS)
    assert not missing(corrected(20), LABELS)
