"""What must stay together when pictures are divided: a person's pictures, copies of one picture, frames of one clip."""

import hashlib

import numpy as np

from engine.datasets.face_set import FaceSet, Pictures


def unit_of(faces: FaceSet, rows: np.ndarray, pictures: Pictures | None = None) -> np.ndarray:
    """Return what each picture belongs to; two pictures of one unit never stand on both sides of a split.

    That is the subject where the set knows it, else the group. A group that reaches over two subjects joins them. In a
    set that knows neither, pictures that are equal to the bit form a unit.

    Parameters
    ----------
    faces
        The set.
    rows
        (m,) rows of the set.
    pictures
        The m pictures at ``rows``, where they are already in memory; read from the set otherwise, and only if needed.

    Returns
    -------
    numpy.ndarray
        (m,) int64, the units numbered from 0.
    """
    if faces.subject is not None and faces.group is not None:
        return joined(faces.subject[rows], faces.group[rows])
    known = faces.subject if faces.subject is not None else faces.group
    if known is not None:
        return _numbered(known[rows])
    return exact_copies(pictures if pictures is not None else [faces.pictures[row] for row in rows])


def copies_of(faces: FaceSet, rows: np.ndarray, pictures: Pictures | None = None) -> np.ndarray:
    """Return which pictures are copies of each other: the set's groups, else pictures equal to the bit: (m,) int64."""
    if faces.group is not None:
        return _numbered(faces.group[rows])
    return exact_copies(pictures if pictures is not None else [faces.pictures[row] for row in rows])


def exact_copies(pictures: Pictures) -> np.ndarray:
    """Number pictures so that those equal to the bit share a number: (n,) int64."""
    digests = [
        hashlib.sha256(repr(each.shape).encode() + np.ascontiguousarray(each).data).digest()
        for each in (pictures[row] for row in range(len(pictures)))
    ]
    return _numbered(np.array(digests, dtype="S32")) if digests else np.zeros(0, np.int64)


def joined(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Join two groupings: pictures that share a number in either, directly or through others, share one in the result.

    Parameters
    ----------
    first, second
        (n,) of str or integers.

    Returns
    -------
    numpy.ndarray
        (n,) int64, numbered from 0 in the order of first appearance.
    """
    # Splits of sets whose copies nobody looked for do without SciPy.
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    if not len(first):
        return np.zeros(0, np.int64)
    left, right = _numbered(first), _numbered(second)
    count = int(left.max()) + 1
    nodes = count + int(right.max()) + 1
    edges = coo_array((np.ones(len(left), bool), (left, right + count)), shape=(nodes, nodes))
    component = connected_components(edges, directed=False)[1]
    return _numbered(component[left])


def _numbered(values: np.ndarray) -> np.ndarray:
    _, first, inverse = np.unique(values, return_index=True, return_inverse=True)
    order = np.empty(len(first), np.int64)
    order[np.argsort(first)] = np.arange(len(first))
    return order[inverse]
