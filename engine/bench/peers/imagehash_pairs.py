"""ImageHash's pHash of every picture, and a comparison of all pairs: arguments are PICTURES.npy and GROUP.npy.

The common way: 64 bits a picture, two pictures are copies where at most 10 bits differ (imagededup's default), and
every hash is compared with every other. Mirror images are hashed as well.
"""

import sys
from collections.abc import Callable

from engine.bench.peers import serve

LIMIT = 10
_PART = 1000


def prepare() -> tuple[Callable[[], object], str]:
    """Load the package and the pictures."""
    import imagehash
    import numpy as np
    from PIL import Image
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    from engine.bench.figures.duplicates import quality

    pictures, group = (np.load(path, allow_pickle=False) for path in sys.argv[1:3])

    def hashed(mirrored: bool) -> np.ndarray:
        turned = pictures[:, :, ::-1] if mirrored else pictures
        bits = np.array([imagehash.phash(Image.fromarray(picture)).hash.ravel() for picture in turned])
        return np.packbits(bits, axis=1).view(np.uint64).ravel()

    def once() -> np.ndarray:
        straight = hashed(False)
        edges = []
        for other in (straight, hashed(True)):
            for at in range(0, len(straight), _PART):
                near = np.bitwise_count(straight[at : at + _PART, None] ^ other[at:]) <= LIMIT
                edges.append(np.argwhere(near) + at)
        first, second = np.concatenate(edges).T
        links = coo_array((np.ones(len(first), bool), (first, second)), shape=(len(straight), len(straight)))
        return connected_components(links, directed=False)[1]

    return once, f"ImageHash {imagehash.__version__} pHash, all pairs ({quality(group, once())})"


if __name__ == "__main__":
    serve(prepare)
