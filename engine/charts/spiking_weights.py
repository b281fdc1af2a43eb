"""Weights: laid out as small maps of the picture, side by side, and how single ones move while a picture is shown."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from engine.charts import palette
from engine.charts.layout import as_text, finish, note, reference_line

ORIENTATIONS = ("0° │", "22°", "45° ╱", "67°", "90° ─", "112°", "135° ╲", "157°")
"""How the eight directions of Gabor filters are labelled: by their angle, and by the edge that they answer to."""
MOST_LINES = 12
"""Weights of `weight_history`."""
_GAP = 1


def weight_mosaic(
    maps: NDArray,
    captions: Sequence[str],
    columns: int,
    title: str,
    *,
    what: str = "weight",
    most: float | None = None,
    height: int = 240,
) -> go.Figure:
    """Draw maps of weights as tiles; negative ones vermillion, positive ones blue, around white.

    Parameters
    ----------
    maps
        (tiles, height, width).
    captions
        What stands above each tile; empty for no words.
    columns
        Tiles in a row.
    title
        Of the figure.
    what
        Is laid out.
    most
        What is darkest, above 0; the largest one's size for None.
    height
        In pixels.
    """
    maps = np.asarray(maps, np.float64)
    z, corners = _tiled(maps, columns, bool(captions))
    signed, most, dark = bool(maps.min() < 0), _darkest(maps, most), (1, palette.BLUE)
    figure = go.Figure(
        go.Heatmap(
            z=z.astype(np.float32),
            zmin=-most if signed else 0,
            zmax=most,
            colorscale=[(0, palette.VERMILLION), (0.5, palette.WHITE), dark] if signed else [(0, palette.WHITE), dark],
            colorbar={
                "title": {"text": what, "side": "top"},
                "thickness": 8,
                "len": 0.9,
                "y": 1,
                "yanchor": "top",
                "nticks": 5,
                "tickformat": ".2~g",
            },
            hovertemplate=f"{what} %{{z:.3g}}<extra></extra>",
        )
    )
    for caption, (top, left) in zip(captions, corners, strict=False):
        note(figure, as_text(caption), left - 0.5, top - 0.5, xanchor="left", yanchor="bottom", font={"size": 11})
    bare = {"visible": False, "constrain": "domain"}
    above = corners[0][0] + 0.5
    figure.update_xaxes(**bare, range=[-0.5, z.shape[1] - 0.5], constraintoward="left")
    figure.update_yaxes(**bare, range=[len(z) - 0.5, -above], scaleanchor="x", scaleratio=1, constraintoward="top")
    return finish(figure, title, weights_in_words(maps, captions, title, what), height)


def weight_picture(maps: NDArray, columns: int, most: float | None = None, pixels: int = 12) -> NDArray[np.uint8]:
    """Paint the same tiles as a picture, which changes many times a second without a flicker, as no figure does.

    Parameters
    ----------
    maps, columns, most
        As for `weight_mosaic`.
    pixels
        Side of a place.

    Returns
    -------
    numpy.ndarray
        (height, width, 4) uint8 RGBA, transparent between tiles.
    """
    z, _ = _tiled(np.asarray(maps, np.float64), columns, False)
    share = np.clip(z / _darkest(z, most), -1, 1)[..., None]
    white = np.array(palette.rgb(palette.WHITE), np.float64)
    colour = np.where(share < 0, palette.rgb(palette.VERMILLION), palette.rgb(palette.BLUE))
    painted = np.nan_to_num(white + np.abs(share) * (colour - white))
    opaque = np.where(np.isnan(z), 0, 255)[..., None]
    picture = np.round(np.concatenate([painted, opaque], axis=2)).astype(np.uint8)
    return picture.repeat(pixels, axis=0).repeat(pixels, axis=1)


def weight_history(time_ms: NDArray, weights: NDArray, names: Sequence[str], bounds: tuple[float, float]) -> go.Figure:
    """Draw the weights that moved most, each output in its own colour and dashes.

    Parameters
    ----------
    time_ms
        (samples,), at least one.
    weights
        (samples, inputs, outputs).
    names
        Of the outputs.
    bounds
        Lowest and highest weight that is allowed.
    """
    samples, inputs, outputs = weights.shape
    flat = weights.reshape(samples, -1)
    moved = np.abs(flat - flat[0]).max(axis=0)
    chosen = np.sort(np.argsort(-moved, kind="stable")[:MOST_LINES])
    figure = go.Figure()
    seen: set[int] = set()
    for synapse in chosen:
        source, output = divmod(int(synapse), outputs)
        figure.add_scatter(
            x=time_ms,
            y=flat[:, synapse].astype(np.float32),
            name=f"to {names[output]}",
            legendgroup=names[output],
            showlegend=output not in seen,
            mode="lines",
            line=palette.line_style(output) | {"width": 1.5},
            hovertemplate=f"input {source} to {as_text(names[output])}, %{{x:g}} ms: %{{y:.3f}}<extra></extra>",
        )
        seen.add(output)
    for name, level in zip(("w_min", "w_max"), bounds, strict=True):
        reference_line(figure, [0, float(time_ms[-1])], [level, level], f"{name}, {level:g}", "dot")
    figure.update_xaxes(title="time (ms)", rangemode="tozero")
    figure.update_yaxes(title="weight", zeroline=False)
    count = int((moved > 0).sum())
    title = f"The {len(chosen)} weights that moved most"
    said = "None of them moved." if not count else f"{count:,} moved, the furthest by {moved.max():.3g}."
    alt = f"Weights over {time_ms[-1]:g} ms, {len(chosen)} of {inputs * outputs:,} drawn. {said}"
    return finish(figure, title if count else "Weights: none of them moved", alt, 420, legend=-0.28)


def weights_in_words(maps: NDArray, captions: Sequence[str], title: str, what: str = "weight") -> str:
    """Say what `weight_mosaic` and `weight_picture` show, for those who cannot see it."""
    maps = np.asarray(maps, np.float64)
    tiles, height, width = maps.shape
    told = f"{title}: {tiles} maps of {height} by {width} places, {what} from {maps.min():.3g} to {maps.max():.3g}."
    tile, row, column = map(int, np.unravel_index(int(np.argmax(maps)), maps.shape))
    which = captions[tile] if captions else f"map {tile + 1}"
    return f"{told} The largest is at {which}, row {row + 1}, column {column + 1}."


def _darkest(z: NDArray, most: float | None) -> float:
    return most or max(float(np.nanmax(np.abs(z))), 1e-12)


def _tiled(maps: NDArray, columns: int, captions: bool) -> tuple[NDArray, list[tuple[int, int]]]:
    """Return the mosaic, NaN between tiles, and each tile's row and column in it."""
    count, height, width = maps.shape
    rows = -(-count // columns)
    # Captions need as much room above a tile as letters are high.
    above = max(2, round(0.35 * height)) if captions else _GAP
    z = np.full((rows * (height + above), columns * (width + _GAP) - _GAP), np.nan)
    corners = []
    for tile in range(count):
        row, column = divmod(tile, columns)
        top, left = above + row * (height + above), column * (width + _GAP)
        z[top : top + height, left : left + width] = maps[tile]
        corners.append((top, left))
    return z, corners
