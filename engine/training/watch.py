"""Who follows a training while it runs."""


class Watch:
    """Is told how a training goes, and may end it by raising `engine.tasks.Cancelled`.

    This one neither listens nor ends.
    """

    def batch(self, epoch: int, done: int, batches: int) -> None:
        """Hear that ``done`` of an epoch's ``batches`` are done; epochs count from 0."""

    def epoch(self, epochs: int, history: dict[str, list[float]]) -> None:
        """Hear that ``epochs`` epochs are done, with a number an epoch for each of ``loss``, ``val_loss`` ..."""
