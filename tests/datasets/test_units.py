import networkx
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.datasets import FaceSet
from engine.datasets.units import copies_of, exact_copies, joined, unit_of

pairs = st.lists(st.tuples(st.integers(0, 6), st.sampled_from("abcdefg")), max_size=40)


@given(pairs)
def test_joined_is_what_a_graph_says(found):
    first, second = np.array([a for a, _ in found]), np.array([b for _, b in found])
    graph = networkx.Graph()
    graph.add_nodes_from(range(len(found)))
    for left in range(len(found)):
        for right in range(left):
            if first[left] == first[right] or second[left] == second[right]:
                graph.add_edge(left, right)
    result = joined(first, second)
    expected = {frozenset(part) for part in networkx.connected_components(graph)}
    assert {frozenset(np.flatnonzero(result == number)) for number in set(result.tolist())} == expected


def faces_of(group=None, subject=None):
    pictures = np.arange(4, dtype=np.uint8)[[0, 1, 0, 2]].repeat(4).reshape(4, 2, 2)
    return FaceSet("set", pictures, np.array(["happy"] * 4), group=group, subject=subject)


def test_subjects_come_first_then_groups_then_equal_pictures():
    rows = np.arange(4)
    assert unit_of(faces_of(), rows).tolist() == [0, 1, 0, 2]
    assert unit_of(faces_of(np.array([7, 7, 8, 9])), rows).tolist() == [0, 0, 1, 2]
    assert unit_of(faces_of(subject=np.array(["b", "a", "b", "b"])), rows).tolist() == [0, 1, 0, 0]
    # Pictures 1 and 2 are copies, so that their subjects belong together.
    assert unit_of(faces_of(np.array([1, 2, 2, 3]), np.array(["a", "b", "c", "d"])), rows).tolist() == [0, 1, 1, 2]


def test_copies_are_groups_even_where_subjects_are_known():
    assert copies_of(faces_of(np.array([1, 2, 2, 3]), np.array(["a"] * 4)), np.arange(4)).tolist() == [0, 1, 1, 2]
    assert copies_of(faces_of(subject=np.array(["a"] * 4)), np.array([3, 1, 0, 2])).tolist() == [0, 1, 2, 2]


def test_pictures_of_other_shapes_are_no_copies():
    flat = np.zeros(6, np.uint8)
    assert exact_copies([flat.reshape(2, 3), flat.reshape(3, 2), flat.reshape(2, 3)]).tolist() == [0, 1, 0]
    assert exact_copies([]).tolist() == []
