"""Face crops and targets, batch by batch."""

from typing import Any

import keras
import numpy as np

from engine.training.augment import NONE, Augmentation, augment


class Batches(keras.utils.PyDataset):
    """Shuffled, augmented batches: (batch, size, size, 1) float32 in 0..1 and (batch, classes) float32 targets.

    With a prior, the pictures come with theirs: ((batch, size, size, 1), (batch, classes)).

    Each epoch's order and changes come from the seed and the epoch's number alone, so that they can be repeated.

    Parameters
    ----------
    crops
        (n, size, size) uint8.
    targets
        (n, classes) float32, each row sums to 1.
    batch_size
        Pictures a batch; the last one may be smaller.
    augmentation
        How far crops are changed.
    seed
        Of order and changes; None leaves both alone, for validation.
    rows
        (m,) int64, the pictures that an epoch shows, some perhaps several times; None: each once.
    weights
        (n,) float32, how much each picture's loss counts; None: all alike.
    prior
        (n, classes) float32 that is given to the network beside each picture, or None.
    """

    def __init__(
        self,
        crops: np.ndarray,
        targets: np.ndarray,
        batch_size: int,
        augmentation: Augmentation = NONE,
        seed: int | None = None,
        rows: np.ndarray | None = None,
        weights: np.ndarray | None = None,
        prior: np.ndarray | None = None,
    ) -> None:
        super().__init__()
        self.crops, self.targets, self.batch_size = crops, targets, batch_size
        self.augmentation, self.seed, self.weights, self.prior = augmentation, seed, weights, prior
        self.rows = np.arange(len(crops)) if rows is None else rows
        self.order = self.rows
        self.start(0)

    def __len__(self) -> int:
        return -(-len(self.rows) // self.batch_size)

    def start(self, epoch: int) -> None:
        """Draw the order of an epoch, counted from 0."""
        self.epoch = epoch
        if self.seed is not None:
            self.order = np.random.default_rng((self.seed, epoch)).permutation(self.rows)

    def __getitem__(self, index: int) -> tuple[Any, ...]:
        """Return batch ``index`` of the present epoch: pictures, targets and, where they count unequally, weights."""
        rows = self.order[index * self.batch_size : (index + 1) * self.batch_size]
        crops = self.crops[rows]
        if self.seed is not None and self.augmentation != NONE:
            crops = augment(crops, self.augmentation, np.random.default_rng((self.seed, self.epoch, index)))
        gray = crops[..., None].astype(np.float32) / 255
        batch = gray if self.prior is None else (gray, self.prior[rows]), self.targets[rows]
        return batch if self.weights is None else (*batch, self.weights[rows])
