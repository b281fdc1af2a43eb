"""How many of a recording's pictures are distinct: slow cameras' pictures are often stored more than once."""

from array import array
from fractions import Fraction

import cv2
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

WIDE = 160  # pixels of the copies that are compared: noise and what compression does average out, motion does not
WINDOW = 96  # pictures that are judged together
STILL = 0.2  # gray levels (root mean square) by which a tenth of a window's pictures has to change for it to be judged
_CALM = 0.3  # of what a tenth of the pictures of the liveliest window changes; a calmer window is not judged
APART = np.log(2.5)  # new pictures change at least so many times as much as repeated ones; B-frames do up to twice
EXPLAINED = 0.25  # of the variance of the changes' logarithms, by which pictures are new
OFTEN = 0.4  # of the windows judged that have to repeat
MOVING = 1.0  # gray levels by which new pictures change at least where they come irregularly
_DIP = np.log(3.0)  # repeated pictures change so many times less than the new ones right before and after them ...
_LONGEST = 5  # ... where no more than so many repeat the same one, ...
_SOME = 0.1  # ... and so many of all do; what sways changes little where it turns, but not as often
_MOST = 0.7  # of the repeated pictures that are surely so; the others among them are where movement turns
_LEAST = 0.1  # of a window's large changes; a smaller one is none
_FEW = 3  # new pictures, and repeated ones, that a window has to hold

_SHARES = sorted(
    {Fraction(new, of) for of in range(2, 13) for new in range(1, of)} | {Fraction(12, 25), Fraction(24, 25)}
)
"""Of new pictures among those stored: 15 in 60, 24 in 30, 25 in 60 and so on; the two are film's 24 in 50 and in 25."""


class Repeats:
    """Takes the pictures of one recording in their order.

    A picture that repeats the one before changes little, one that is new much; compression blurs both, but not their
    rhythm: where n of m pictures are new, every so many-th is. So the changes of a stretch are compared with every such
    rhythm. A still scene, whose noise changes every picture alike, has none, and neither has what an encoder does
    to every third or fourth picture, which is not as much. Where pictures come irregularly there is no rhythm, but
    what moves seems to stop for a picture or two and then to go on as before, which nothing does by itself.

    A nearly still scene that is compressed strongly cannot be judged: the encoder itself leaves out what is new and
    mixes what lies between, so that both kinds of recordings hold the same pictures. What moves in them judges.
    """

    def __init__(self) -> None:
        self._before: np.ndarray | None = None
        self._changes = array("f")

    def take(self, picture: np.ndarray) -> None:
        """Take the next picture, (height, width, 3) uint8 RGB; one of another form is not compared."""
        height = max(1, round(picture.shape[0] * WIDE / picture.shape[1]))
        small = cv2.cvtColor(cv2.resize(picture, (WIDE, height), interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY)
        if self._before is not None:
            known = self._before.shape == small.shape
            change = cv2.norm(small, self._before, cv2.NORM_L2) / np.sqrt(small.size) if known else np.nan
            self._changes.append(change)
        self._before = small

    def distinct_share(self) -> float:
        """Return which share of the pictures is new, 0..1; 1 where it cannot be told."""
        return distinct_share(np.array(self._changes))


def distinct_share(changes: np.ndarray) -> float:
    """Return which share of pictures is new, 0..1; 1 where it cannot be told.

    Parameters
    ----------
    changes
        (n,) by how much each picture differs from the one before, in gray levels (root mean square); NaN where that is
        not known.
    """
    size = min(WINDOW, len(changes))
    if size < 2 * _FEW:
        return 1.0
    begins = range(0, len(changes) - size + 1, size)
    windows = np.stack([changes[begin : begin + size] for begin in begins]).astype(float)
    windows = windows[np.isfinite(windows).all(1)]
    large = np.quantile(windows, 0.9, axis=1) if len(windows) else np.zeros(0)
    lively = large >= max(STILL, _CALM * large.max(initial=0.0))
    windows, large = windows[lively], large[lively]
    if not len(windows):
        return 1.0
    logs = np.log(np.maximum(windows, _LEAST * large[:, None]))
    found = _by_rhythm(logs)
    for at in np.flatnonzero(np.isnan(found)):
        found[at] = _by_dips(windows[at], logs[at])
    repeats = ~np.isnan(found)
    return float(np.median(found[repeats])) if repeats.mean() >= OFTEN else 1.0


def _by_rhythm(logs: np.ndarray) -> np.ndarray:
    """Return (windows,) the share of new pictures of the rhythm that fits best; NaN where none does.

    Parameters
    ----------
    logs
        (windows, size) logarithms of changes.
    """
    size = logs.shape[1]
    shares, new = _rhythms(size)
    count = new.sum(1)
    # Both means of each window under each rhythm, and what of the variance lies between them.
    apart = logs @ new.T / count - logs @ (1 - new).T / (size - count)
    between = apart**2 * count * (size - count) / size
    explained = np.where(apart > 0, between, 0.0) / np.maximum(((logs.T - logs.mean(1)) ** 2).sum(0), 1e-9)[:, None]
    best = explained.argmax(1)
    row = np.arange(len(best))
    return np.where((explained[row, best] >= EXPLAINED) & (apart[row, best] >= APART), shares[best], np.nan)


def _by_dips(changes: np.ndarray, logs: np.ndarray) -> float:
    """Return the share of new pictures of a window, (size,), in which others repeat now and then; NaN for none."""
    surely = np.zeros(len(logs), bool)
    for long in range(1, _LONGEST + 1):
        inside = sliding_window_view(logs[1:-1], long).max(axis=1)
        dips = inside + _DIP <= np.minimum(logs[: len(inside)], logs[long + 1 :])
        for at in range(long):
            surely[1 + at : 1 + at + len(dips)] |= dips
    if surely.sum() < max(_FEW, _SOME * len(logs)) or np.median(changes[~surely]) < MOVING:
        return np.nan
    # One beside a new picture that happens to change little is no dip, but changes as little as most of those do.
    return float((logs > np.quantile(logs[surely], _MOST)).mean())


def _rhythms(size: int) -> tuple[np.ndarray, np.ndarray]:
    """Return (rhythms,) shares, and (rhythms, size) of 1 where a picture is new and 0 where it repeats."""
    shares, rows = [], []
    at = np.arange(size + 1)
    for share in _SHARES:
        for phase in range(share.denominator):
            row = np.diff((at * share.numerator + phase) // share.denominator)
            if _FEW <= row.sum() <= size - _FEW:
                shares.append(float(share))
                rows.append(row)
    return np.array(shares), np.array(rows, float)
