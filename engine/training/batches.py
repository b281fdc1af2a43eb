"""Face crops and targets, batch by batch."""

import keras
import numpy as np

from engine.training.augment import NONE, Augmentation, augment


class Batches(keras.utils.PyDataset):
    """Shuffled, augmented batches: (batch, size, size, 1) float32 in 0..1 and (batch, classes) float32 targets.

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
    weights
        (n,) float32, how much each picture's loss counts; None: all alike.
    """

    def __init__(
        self,
        crops: np.ndarray,
        targets: np.ndarray,
        batch_size: int,
        augmentation: Augmentation = NONE,
        seed: int | None = None,
        weights: np.ndarray | None = None,
    ) -> None:
        super().__init__()
        self.crops, self.targets, self.batch_size = crops, targets, batch_size
        self.augmentation, self.seed, self.weights = augmentation, seed, weights
        self.order = np.arange(len(crops))
        self.start(0)

    def __len__(self) -> int:
        return -(-len(self.crops) // self.batch_size)

    def start(self, epoch: int) -> None:
        """Draw the order of an epoch, counted from 0."""
        self.epoch = epoch
        if self.seed is not None:
            self.order = np.random.default_rng((self.seed, epoch)).permutation(len(self.crops))

    def __getitem__(self, index: int) -> tuple[np.ndarray, ...]:
        """Return batch ``index`` of the present epoch: pictures, targets and, where they count unequally, weights."""
        rows = self.order[index * self.batch_size : (index + 1) * self.batch_size]
        crops = self.crops[rows]
        if self.seed is not None and self.augmentation != NONE:
            crops = augment(crops, self.augmentation, np.random.default_rng((self.seed, self.epoch, index)))
        batch = crops[..., None].astype(np.float32) / 255, self.targets[rows]
        return batch if self.weights is None else (*batch, self.weights[rows])
