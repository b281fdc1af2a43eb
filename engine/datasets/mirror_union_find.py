"""Groups that grow together: which pictures are linked, and which of them are mirrored against each other."""

import numpy as np


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
