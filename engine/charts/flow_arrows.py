"""How a face moved between two moments, as arrows on the face."""

import numpy as np
import plotly.graph_objects as go

from engine.charts import palette
from engine.charts.face_ground import face_ground, strongest_place
from engine.charts.frame import framed

ACROSS = 16
"""Arrows in a row."""

_HEAD = 0.45
"""Longest barb of an arrow's head, in places of the grid."""

_LEAST_OF_LONGEST = 0.12
"""Shorter arrows would be specks."""

_STILL_PX = 0.02
"""A face whose longest arrow is no longer stands still: less than flow can tell."""


def flow_arrows(face: np.ndarray, flow: np.ndarray, eyes_px: float | None = None) -> go.Figure:
    """Draw motion as arrows, made longer so that the longest fills about one and a half places of their grid.

    Parameters
    ----------
    face
        (height, width) uint8, gray: the face at the onset.
    flow
        (height, width, 2) float: how far each pixel moves to the right and down, in pixels.
    eyes_px
        The distance between the eyes in pixels; lengths are then told in percent of it, otherwise in pixels.
    """
    x, y, across, down, step = _means(np.nan_to_num(np.asarray(flow, dtype=float)))
    length = np.hypot(across, down)
    longest = float(length.max(initial=0.0))
    figure = face_ground(face)
    title = "Motion from onset to apex"
    if longest <= _STILL_PX:
        words = "The face does not move between the two moments."
        return framed(figure, title, words, 400, below=words)
    stretch = 1.5 * step / longest
    drawn = length >= _LEAST_OF_LONGEST * longest
    starts = np.stack([x, y])[:, drawn]
    ends = starts + stretch * np.stack([across, down])[:, drawn]
    path = _arrows(starts, ends, _HEAD * step)
    said = np.repeat([_told(value, eyes_px) for value in length[drawn]], path.shape[1] // len(starts[0]))
    # White under the colour, so that an arrow stands out on dark and light skin alike.
    for colour, width in ((palette.WHITE, 4.5), (palette.BLUE, 2)):
        figure.add_scatter(
            x=path[0],
            y=path[1],
            mode="lines",
            line={"color": colour, "width": width, "simplify": False},
            text=said,
            hoverinfo="text" if colour == palette.BLUE else "skip",
            showlegend=False,
        )
    told = _told(longest, eyes_px)
    scale = f"{stretch:.0f} times" if stretch >= 10 else f"{stretch:.1f} times"
    grid = np.zeros((int(y.max()) + 1, int(x.max()) + 1))
    grid[y.astype(int), x.astype(int)] = length
    at = int(np.argmax(length))
    alt = (
        f"Arrows on the face show how it moves from onset to apex, drawn {scale} as long. The longest, {told}, is in "
        f"the {strongest_place(grid)} of the picture and points {_direction(across[at], down[at])}; "
        f"{int(drawn.sum())} of {len(length)} places move at least {100 * _LEAST_OF_LONGEST:.0f} % as far."
    )
    return framed(figure, title, alt, 400, below=f"longest: {told};<br>drawn {scale} as long")


def _means(flow: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, float]:
    """Return centres and mean motion of equal squares: x, y, right, down, (n,) each, and the squares' side."""
    height, width = flow.shape[:2]
    side = max(1, round(width / ACROSS))
    rows, columns = max(1, height // side), max(1, width // side)
    side_y, side_x = min(side, height), min(side, width)
    kept = flow[: rows * side_y, : columns * side_x].reshape(rows, side_y, columns, side_x, 2).mean(axis=(1, 3))
    y, x = np.mgrid[:rows, :columns].reshape(2, -1)
    return (x + 0.5) * side_x - 0.5, (y + 0.5) * side_y - 0.5, kept[..., 0].ravel(), kept[..., 1].ravel(), float(side)


def _arrows(starts: np.ndarray, ends: np.ndarray, most: float) -> np.ndarray:
    """Return arrows as one broken line: a shaft and two barbs each, (2, 7 n) for (2, n) starts and ends."""
    back = starts - ends
    length = np.hypot(*back)
    back = back / length * np.minimum(0.45 * length, most)
    turned = np.stack([-back[1], back[0]])
    barbs = [ends + np.cos(np.radians(28)) * back + sign * np.sin(np.radians(28)) * turned for sign in (-1, 1)]
    gap = np.full_like(starts, np.nan)
    return np.stack([starts, ends, gap, barbs[0], ends, barbs[1], gap], axis=2).reshape(2, -1)


def _told(pixels: float, eyes_px: float | None) -> str:
    if eyes_px:
        return f"{100 * pixels / eyes_px:.1f} % of the distance between the eyes"
    return f"{pixels:.2f} pixels"


def _direction(right: float, down: float) -> str:
    names = ("right", "down and right", "down", "down and left", "left", "up and left", "up", "up and right")
    return names[round(float(np.degrees(np.arctan2(down, right))) / 45) % 8]
