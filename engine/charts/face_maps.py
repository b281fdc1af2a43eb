"""Pictures of a face with something laid over it: what mattered for an answer, where a network looks, how it moved."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from engine.charts import palette
from engine.charts.layout import finish
from engine.words import counted, in_percent

ARROWS_ACROSS = 16
"""Arrows in a row."""

_HEAD = 0.45
"""Longest barb of an arrow's head, in places of the grid."""

_LEAST_OF_LONGEST = 0.12
"""Shorter arrows would be specks."""

_STILL_PX = 0.02
"""A face whose longest arrow is no longer stands still: less than flow can tell."""

# Where they lie in the crop of `engine.faces.align`, in shares of its width and height; left and right as one sees it.
_PARTS = {
    "forehead": (0.5, 0.08),
    "brow on the left": (0.29, 0.27),
    "brow on the right": (0.71, 0.27),
    "eye on the left": (0.31, 0.41),
    "eye on the right": (0.69, 0.41),
    "nose": (0.5, 0.55),
    "cheek on the left": (0.18, 0.64),
    "cheek on the right": (0.82, 0.64),
    "mouth": (0.5, 0.77),
    "chin": (0.5, 0.97),
}
# And in `engine.features.aligned_face.flow_crop`.
_FLOW_PARTS = {
    "brow on the left": (0.22, 0.1),
    "brow on the right": (0.78, 0.1),
    "eye on the left": (0.22, 0.25),
    "eye on the right": (0.78, 0.25),
    "nose": (0.5, 0.45),
    "cheek on the left": (0.12, 0.55),
    "cheek on the right": (0.88, 0.55),
    "mouth": (0.5, 0.75),
    "chin": (0.5, 0.98),
}
LBP_IN_WORDS = (
    "Local binary patterns: the code of a pixel, 0 to 255, tells which of its eight neighbours are brighter, so that "
    "the scene's light hardly counts. The networks see these planes beside, or instead of, the gray picture."
)


def importance_overlay(crop: np.ndarray, importance: np.ndarray, label: str, of_motion: bool = False) -> go.Figure:
    """Lay a map of what mattered for an answer over a face crop, scaled to its own strongest part.

    Blue: without it the probability falls, so that it counts for the expression. Vermillion: without it the probability
    rises. A line goes round the strongest half of what counts for it, so that the map can be read without colour.

    Parameters
    ----------
    crop
        (height, width) uint8, gray.
    importance
        (height, width) float, the fall of the probability where a pixel is covered, or its motion taken out, -1..1.
    label
        The expression that it is about.
    of_motion
        Whether the motion of each part was taken out, of a crop framed for flow; else each part of a model's crop was
        covered.
    """
    values = np.asarray(importance, dtype=float)
    shares = 100 * values / max(float(np.abs(values).max()), 1e-9)
    figure = _overlay(
        crop,
        shares,
        -100,
        [(0.0, (palette.VERMILLION, 0.8)), (0.5, (palette.WHITE, 0.0)), (1.0, (palette.BLUE, 0.8))],
        {"tickvals": [-100, 0, 100], "ticktext": ["against", "neither", "for"]},
        "%{z:+.0f} % of the strongest part",
    )
    return finish(figure, f"What counts for “{label}”", importance_in_words(importance, label, of_motion), 340)


def importance_in_words(importance: np.ndarray, label: str, of_motion: bool = False) -> str:
    """Say which part of the face matters most and by how much, for those who cannot or will not read the map."""
    strongest = float(np.max(importance))
    without = "without its motion" if of_motion else "with it covered"
    if strongest <= 0:
        return f"No part of the face counted for “{label}”: {without} the model would be no less sure."
    first = f"The {_strongest_part(importance, _FLOW_PARTS if of_motion else _PARTS)} counted most for “{label}”"
    if strongest < 0.01:
        return f"{first}; but {without} alone the answer hardly changes, since other parts say the same."
    return f"{first}: {without} the model would be {counted(round(100 * strongest), 'percentage point')} less sure."


def response_overlay(face: np.ndarray, response: np.ndarray, title: str) -> go.Figure:
    """Lay a map of how strongly a network responds or attends over a face, scaled to its own strongest part.

    A line goes round what is at least half as strong as the strongest, so that the map can be read without colour.
    It says where the network looks, not whether that speaks for or against an expression; for that see
    `importance_overlay`.

    Parameters
    ----------
    face
        (height, width) uint8, gray.
    response
        (rows, columns) float, 0 or more; any size, stretched over the face.
    title
        One line, such as ``"Where LEARNet responds"``.
    """
    values = np.maximum(np.nan_to_num(np.asarray(response, dtype=float)), 0)
    most = float(values.max())
    figure = _overlay(
        face,
        100 * values / most if most > 0 else values,
        0,
        [(0, (palette.VERMILLION, 0)), (1, (palette.VERMILLION, 0.75))],
        {"ticksuffix": " %", "nticks": 3},
        "%{z:.0f} % of the strongest",
    )
    alt = f"{title}: nowhere."
    if most > 0:
        half = 100 * float(np.mean(values >= most / 2))
        alt = (
            f"{title}: strongest in the {_strongest_place(values)} of the picture; at least half as strong in "
            f"{half:.0f} % of it."
        )
    return finish(figure, title, alt, 340)


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
    x, y, across, down, step = _cell_means(np.nan_to_num(np.asarray(flow, dtype=float)))
    length = np.hypot(across, down)
    longest = float(length.max(initial=0.0))
    figure = _ground(face)
    title = "Motion from onset to apex"
    if longest <= _STILL_PX:
        words = "The face does not move between the two moments."
        return finish(figure, title, words, 400, below=words)
    stretch = 1.5 * step / longest
    drawn = length >= _LEAST_OF_LONGEST * longest
    starts = np.stack([x, y])[:, drawn]
    ends = starts + stretch * np.stack([across, down])[:, drawn]
    path = _arrows(starts, ends, _HEAD * step)
    said = np.repeat([_length_in_words(value, eyes_px) for value in length[drawn]], path.shape[1] // len(starts[0]))
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
    told = _length_in_words(longest, eyes_px)
    scale = f"{stretch:.0f} times" if stretch >= 10 else f"{stretch:.1f} times"
    grid = np.zeros((int(y.max()) + 1, int(x.max()) + 1))
    grid[y.astype(int), x.astype(int)] = length
    at = int(np.argmax(length))
    alt = (
        f"Arrows on the face show how it moves from onset to apex, drawn {scale} as long. The longest, {told}, is in "
        f"the {_strongest_place(grid)} of the picture and points {_direction(across[at], down[at])}; "
        f"{int(drawn.sum())} of {len(length)} places move at least {in_percent(_LEAST_OF_LONGEST, 0)} as far."
    )
    return finish(figure, title, alt, 400, below=f"longest: {told};<br>drawn {scale} as long")


def _ground(face: np.ndarray) -> go.Figure:
    """Return a figure with a gray picture, (height, width) uint8; x and y count its pixels, y downwards."""
    figure = go.Figure(
        go.Heatmap(z=face, zmin=0, zmax=255, colorscale="Gray", showscale=False, hoverinfo="skip", zsmooth="best")
    )
    height, width = face.shape
    figure.update_xaxes(visible=False, constrain="domain", range=[-0.5, width - 0.5])
    figure.update_yaxes(visible=False, constrain="domain", range=[height - 0.5, -0.5], scaleanchor="x", scaleratio=1)
    return figure


def _overlay(
    face: np.ndarray,
    shares: np.ndarray,
    least: float,
    colours: Sequence[tuple[float, tuple[str, float]]],
    bar: dict[str, object],
    hover: str,
) -> go.Figure:
    """Lay a map in percent of its strongest part over a face, with a white line round the strongest half."""
    # Centres of equal parts of the face, however many the map has.
    x, y = (
        (np.arange(count) + 0.5) * side / count - 0.5
        for count, side in zip(shares.shape[::-1], face.shape[::-1], strict=True)
    )
    figure = _ground(face)
    figure.add_heatmap(
        x=x,
        y=y,
        z=shares,
        zmin=least,
        zmax=100,
        zsmooth="best",
        colorscale=[(share, palette.rgba(*colour)) for share, colour in colours],
        colorbar={"thickness": 12, "len": 0.9} | bar,
        hovertemplate=f"{hover}<extra></extra>",
    )
    if shares.max() > 0:
        half = shares.max() / 2
        figure.add_contour(
            x=x,
            y=y,
            z=shares,
            contours={"start": half, "end": half, "size": 1, "coloring": "none"},
            line={"color": palette.WHITE, "width": 2},
            showscale=False,
            hoverinfo="skip",
        )
    return figure


def _strongest_part(importance: np.ndarray, parts: Mapping[str, tuple[float, float]]) -> str:
    """Return the part of the face that lies nearest to the largest value of a map."""
    row, column = np.unravel_index(int(np.argmax(importance)), importance.shape)
    x, y = (column + 0.5) / importance.shape[1], (row + 0.5) / importance.shape[0]
    return min(parts, key=lambda part: (parts[part][0] - x) ** 2 + (parts[part][1] - y) ** 2)


def _strongest_place(values: np.ndarray) -> str:
    """Say where the largest value of a map (height, width) is: ``"upper left"``, ``"centre"``, ``"lower centre"``."""
    row, column = np.unravel_index(int(np.argmax(values)), values.shape)
    height = ("upper", "middle", "lower")[min(3 * int(row) // values.shape[0], 2)]
    side = ("left", "centre", "right")[min(3 * int(column) // values.shape[1], 2)]
    return "centre" if (height, side) == ("middle", "centre") else f"{height} {side}"


def _cell_means(flow: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, float]:
    """Return centres and mean motion of equal squares: x, y, right, down, (n,) each, and the squares' side."""
    height, width = flow.shape[:2]
    side = max(1, round(width / ARROWS_ACROSS))
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


def _length_in_words(pixels: float, eyes_px: float | None) -> str:
    if eyes_px:
        return f"{in_percent(pixels / eyes_px)} of the distance between the eyes"
    return f"{pixels:.2f} pixels"


def _direction(right: float, down: float) -> str:
    names = ("right", "down and right", "down", "down and left", "left", "up and left", "up", "up and right")
    return names[round(float(np.degrees(np.arctan2(down, right))) / 45) % 8]


def lbp_plane(codes: np.ndarray) -> go.Figure:
    """Draw the codes as gray: what is left of a face when only the order of neighbouring pixels counts.

    Parameters
    ----------
    codes
        (height, width) uint8.
    """
    figure = go.Figure(
        go.Heatmap(
            z=codes,
            zmin=0,
            zmax=255,
            colorscale="Gray",
            colorbar={"title": {"text": "code", "side": "top"}, "thickness": 12, "len": 0.9, "tickvals": [0, 128, 255]},
            hovertemplate="code %{z}<extra></extra>",
        )
    )
    figure.update_xaxes(visible=False, constrain="domain")
    figure.update_yaxes(visible=False, constrain="domain", autorange="reversed", scaleanchor="x", scaleratio=1)
    height, width = codes.shape
    alt = f"The face's local binary patterns as a gray picture, {width} by {height} codes from 0 to 255."
    return finish(figure, "Local binary patterns", alt, 340)


def lbp_histogram(shares: np.ndarray) -> go.Figure:
    """Draw how often each code occurs.

    Parameters
    ----------
    shares
        (256,) normalised histogram, summing to 1.
    """
    percents = 100 * np.asarray(shares, dtype=float)
    figure = go.Figure(
        go.Bar(
            x=np.arange(len(percents)),
            y=percents,
            marker={"color": palette.BLUE, "line": {"width": 0}},
            hovertemplate="code %{x}: %{y:.2f} % of the pixels<extra></extra>",
        )
    )
    figure.update_layout(bargap=0)
    figure.update_xaxes(title="code", range=[-0.5, len(percents) - 0.5], tickvals=[0, 64, 128, 192, 255])
    figure.update_yaxes(title="share of pixels", ticksuffix=" %", rangemode="tozero")
    top = [int(code) for code in np.argsort(-percents, kind="stable")[:3]]
    most = ", ".join(f"{code} ({percents[code]:.1f} %)" for code in top)
    alt = f"Histogram of the {len(percents)} codes; the most frequent are {most}."
    return finish(figure, "How often each code occurs", alt, 340)
