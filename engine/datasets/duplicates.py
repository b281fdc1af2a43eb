"""Copies among face pictures: equal ones, near ones and mirror images.

A near copy is the same photograph, encoded anew, rescaled, cut out a little differently, brightened, with a watermark,
or mirrored. Another photograph of the same person is none, nor is the next frame of a recording once the face has
changed visibly.

`engine.datasets.duplicate_candidates` proposes pairs; here each is laid over the other as well as it goes, and their
fine detail (local contrast evened out) is correlated. Faces are much alike in the large; down to single hairs and
wrinkles only copies are.

On FER2013 it finds each of the 1,878 groups that an independent list names, and 13,600 pairs more; of 200 of these none
was wrong by eye. Of 205 pairs among 7,600 stills from image search 1 was another frame of the same person, and of the
21 mirrored ones 3 were other people: symmetric faces, seen from the front and without expression, are its weak side.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import cv2
import numpy as np

from engine import settings
from engine.datasets.duplicate_candidates import DuplicateCandidates, duplicate_candidates
from engine.datasets.duplicate_kernels import best_correlations
from engine.settings import CROP_SIZE
from engine.tasks import SILENT, Progress

COPY = 0.84
"""Least correlation of two copies' detail. From 0.80 to 0.84 about a third is another frame or another person."""
HOPELESS = 0.55  # after a coarse climb; 0.4 % of copies and 96 % of others stay below
BLANK = 2.0  # gray levels of standard deviation; below, a picture shows nothing that could be compared
_FINE, _COARSE, _AROUND = 0.6, 2.5, 5.0  # pixels; detail lies between the first two, its contrast is taken in the third
_NOISE = 4.0  # gray levels squared; weaker detail is left weak
_LEVELS = 32  # of int8 for one standard deviation
_TURN, _PART = 8192, 512


class MirrorUnionFind:
    """Disjoint sets whose members know how they are turned against their set's root.

    Parameters
    ----------
    count
        Number of members, each a set of its own at first.

    References
    ----------
    Tarjan, "Efficiency of a good but not linear set union algorithm", JACM 22(2), 1975, doi:10.1145/321879.321884.
    """

    def __init__(self, count: int) -> None:
        self._parent = list(range(count))
        self._turned = [False] * count

    def root(self, member: int) -> tuple[int, bool]:
        """Return the root of a member's set, and whether the member is mirrored against it."""
        path = []
        while self._parent[member] != member:
            path.append(member)
            member = self._parent[member]
        turned = False
        for passed in reversed(path):
            turned ^= self._turned[passed]
            self._parent[passed], self._turned[passed] = member, turned
        return member, turned

    def link(self, one: int, other: int, mirrored: bool) -> bool:
        """Join two members' sets; return False where they are one already.

        The lower root stays, so that a set's root is its first member.
        """
        (low, low_turned), (high, high_turned) = sorted((self.root(one), self.root(other)))
        if low == high:
            return False
        self._parent[high], self._turned[high] = low, low_turned ^ high_turned ^ mirrored
        return True

    def together(self, ones: np.ndarray, others: np.ndarray) -> np.ndarray:
        """Tell for pairs of members, two (m,) arrays, whether they are in one set: (m,) bool."""
        roots = np.array(self._parent)
        while not np.array_equal(roots, higher := roots[roots]):
            roots = higher
        return roots[ones] == roots[others]

    def sets(self) -> tuple[np.ndarray, np.ndarray]:
        """Return each member's root (n,) int64, and whether the member is mirrored against it (n,) bool."""
        roots, turned = zip(*map(self.root, range(len(self._parent))), strict=True) if self._parent else ((), ())
        return np.array(roots, np.int64), np.array(turned, bool)


@dataclass(frozen=True)
class Copies:
    """Which pictures are copies of each other.

    Attributes
    ----------
    group
        (n,) int64: copies, directly or through others, share a number; numbered from 0 in the order of the pictures.
    mirrored
        (n,) bool: the picture is a mirror image of its group's first one.
    pairs
        (m, 2) int64: the links that hold the groups together, found equal or near; fewer than n.
    compared
        Number of comparisons made on the way; grows in proportion to the number of pictures.
    """

    group: np.ndarray
    mirrored: np.ndarray
    pairs: np.ndarray
    compared: int


def find_copies(crops: np.ndarray, progress: Progress = SILENT) -> Copies:
    """Find all copies, mirror images included.

    Blank pictures are compared to the bit only.

    Parameters
    ----------
    crops
        (n, 48, 48) uint8, gray.
    progress
        Told how far it is.

    Raises
    ------
    ValueError
        For another shape or type.
    Cancelled
        Where it was stopped.
    """
    if crops.dtype != np.uint8 or crops.shape[1:] != (CROP_SIZE, CROP_SIZE):
        raise ValueError(f"Expected (n, {CROP_SIZE}, {CROP_SIZE}) uint8. Received {crops.shape} {crops.dtype}.")
    groups = MirrorUnionFind(len(crops))
    pairs: list[tuple[int, int]] = []
    originals, same = _equal(crops)
    for copy in np.flatnonzero(same != np.arange(len(crops))):
        groups.link(int(same[copy]), int(copy), False)
        pairs.append((int(same[copy]), int(copy)))
    seen = originals[crops[originals].std(axis=(1, 2)) >= BLANK]
    proposing, comparing = progress.split(1, 2)
    proposed = duplicate_candidates(crops[seen], proposing)
    pairs += _join(groups, seen, _detail(crops[seen]), proposed, comparing)
    root, mirrored = groups.sets()
    group = np.unique(root, return_inverse=True)[1]
    return Copies(group, mirrored, np.array(pairs, np.int64).reshape(-1, 2), proposed.compared)


def groups_found(reference: np.ndarray, found: np.ndarray) -> tuple[int, int, int, int]:
    """Compare groups of copies with those that somebody else knows.

    Parameters
    ----------
    reference, found
        (n,) numbers of groups.

    Returns
    -------
    tuple of int
        Groups of the reference with at least two pictures whose pictures all share one found group; all such groups;
        pairs of copies of the reference that share a found group; all such pairs.
    """
    _, reference, sizes = np.unique(reference, return_inverse=True, return_counts=True)
    parts, part_sizes = np.unique(np.stack([reference, found]), axis=1, return_counts=True)
    copied = sizes > 1
    whole = copied & (np.bincount(parts[0], minlength=len(sizes)) == 1)
    pairs, all_pairs = (int((counts * (counts - 1) // 2).sum()) for counts in (part_sizes, sizes))
    return int(whole.sum()), int(copied.sum()), pairs, all_pairs


def _equal(crops: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the first of each kind of equal pictures (k,), and for each picture the first one equal to it (n,)."""
    whole = np.ascontiguousarray(crops).reshape(-1, CROP_SIZE * CROP_SIZE).view(f"V{CROP_SIZE * CROP_SIZE}").ravel()
    _, first, inverse = np.unique(whole, return_index=True, return_inverse=True)
    return np.sort(first), first[inverse]


def _detail(crops: np.ndarray) -> np.ndarray:
    """Return the pictures' fine detail with even contrast: (n, 48, 48) int8."""
    planes = np.empty(crops.shape, np.int8)
    for crop, plane in zip(crops, planes, strict=True):
        gray = crop.astype(np.float32)
        detail = cv2.GaussianBlur(gray, (0, 0), _FINE) - cv2.GaussianBlur(gray, (0, 0), _COARSE)
        contrast = np.sqrt(cv2.GaussianBlur(detail * detail, (0, 0), _AROUND) + _NOISE)
        plane[:] = np.clip(np.rint(detail / contrast * _LEVELS), -127, 127)
    return planes


def _join(
    groups: MirrorUnionFind, seen: np.ndarray, planes: np.ndarray, proposed: DuplicateCandidates, progress: Progress
) -> list[tuple[int, int]]:
    """Link the proposed pairs that are copies, the most alike first; what is linked already is not looked at."""
    links = []
    with ThreadPoolExecutor(settings.threads(2)) as pool:
        for at in range(0, len(proposed.first), _TURN):
            progress.step(at, len(proposed.first), "comparing alike pictures")
            turn = np.arange(at, min(at + _TURN, len(proposed.first)))
            turn = turn[~groups.together(seen[proposed.first[turn]], seen[proposed.second[turn]])]
            best = np.empty(len(turn), np.float32)

            def judge(start: int, turn: np.ndarray = turn, best: np.ndarray = best) -> None:
                part = turn[start : start + _PART]
                best_correlations(
                    planes,
                    proposed.first[part],
                    proposed.second[part],
                    proposed.mirrored[part],
                    proposed.placing[part],
                    HOPELESS,
                    best[start : start + _PART],
                )

            list(pool.map(judge, range(0, len(turn), _PART)))
            for index in turn[best >= COPY]:
                pair = int(seen[proposed.first[index]]), int(seen[proposed.second[index]])
                if groups.link(*pair, bool(proposed.mirrored[index])):
                    links.append(pair)
    progress.step(len(proposed.first), len(proposed.first), "comparing alike pictures")
    return links
