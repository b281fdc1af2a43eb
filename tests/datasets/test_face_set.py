import numpy as np

from engine.datasets import FaceSet


def test_of_joined_sets_those_without_votes_keep_their_labels():
    votes = np.full((4, 10), -1, np.int8)
    votes[:2] = 0
    votes[0, 3], votes[1, 3], votes[1, 1] = 9, 5, 5
    pictures, labels = np.zeros((4, 8, 8), np.uint8), np.array(["happy"] * 4)
    joined = FaceSet("two", pictures, labels, votes=votes, origin=np.array(["one", "one", "two", "two"]))
    assert joined.judged_by("votes").labels.tolist() == ["sad", "", "happy", "happy"]
    assert joined.judged_by("ferplus").labels.tolist() == ["sad", "", "happy", "happy"]
    assert joined.judged_by("given") is joined
    alone = FaceSet("one", pictures, labels, votes=votes)
    assert alone.judged_by("votes").labels.tolist() == ["sad", "", "", ""]
