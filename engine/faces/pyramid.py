"""Read a whole photo with BlazeFace: at several sizes, in overlapping tiles where a size is large."""

import math
from itertools import accumulate, product

import cv2
import numpy as np

from engine.faces.blazeface import NATIVE_SIZE, Candidates, detect
from engine.faces.network import side_by_side

SMALLEST_FACE_PX = 40  # pixels of the photo
FINEST = 20 / SMALLEST_FACE_PX  # 20 network pixels are the least at which 97 % of faces leave a trace
STEP = 4.5  # at most this factor between levels: faces of 20 to 110 network pixels are found well

# Least score worth a second look, by the face's width in network pixels: small faces leave faint traces, larger ones
# score high here, or at the next level.
SCORE_WIDTHS_PX = (20, 30)
LEAST_SCORES = (0.15, 0.45)
SMALLEST_BOX_PX = 13  # narrower boxes are noise

COARSE_FILL = 96  # the shorter side fills at most this much of 128, so that a face that fills the picture has a margin
CANVAS_STEP = 80  # canvas sides are multiples of this: few different sizes, and half of 640 by 480 is one of them
LONG_TILE, SHORT_TILE = 640, 480  # larger ones are no faster a pixel and need more memory
WHOLE_FACE_PX = 28  # tiles overlap by a face this wide at the next coarser level, so that one of both shows it whole


def coarsest(height: int, width: int) -> float:
    """Return the scale at which a whole picture fits the network's native size."""
    return min(NATIVE_SIZE / max(height, width), COARSE_FILL / min(height, width))


def levels(coarse: float) -> list[float]:
    """Return the scales at which a photo is read: finest first, the last is `coarse`, at most `STEP` apart."""
    if coarse >= 0.8 * FINEST:  # a second level would show nothing new
        return [coarse]
    steps = math.ceil(math.log(FINEST / coarse) / math.log(STEP))
    return [FINEST * (coarse / FINEST) ** (step / steps) for step in range(steps + 1)]


def detect_multiscale(rgb: np.ndarray) -> tuple[Candidates, bool]:
    """Read a photo at all its levels.

    Parameters
    ----------
    rgb
        ``(height, width, 3)`` uint8.

    Returns
    -------
    tuple
        All proposals in pixels of the photo, several a face; and whether tiles were needed, so that some may show only
        a part of a face.
    """
    scales = levels(coarsest(*rgb.shape[:2]))
    pictures = list(accumulate(scales, lambda finer, scale: resize_to_scale(finer, rgb.shape, scale), initial=rgb))[1:]

    def propose(level: int) -> tuple[Candidates, int]:
        picture, scale = pictures[level], scales[level]
        overlap = round(WHOLE_FACE_PX * scale / scales[min(level + 1, len(scales) - 1)])
        found, tiles = detect_tiled(picture, overlap, LEAST_SCORES[0])
        widths = found.points[:, 1, 0] - found.points[:, 0, 0]
        wanted = found.scores >= (np.interp(widths, SCORE_WIDTHS_PX, LEAST_SCORES) if level == 0 else LEAST_SCORES[1])
        found = found.take(wanted & (widths >= SMALLEST_BOX_PX))
        return found.scaled(rgb.shape[1] / picture.shape[1], rgb.shape[0] / picture.shape[0]), tiles

    parts, tiles = zip(*side_by_side(propose, range(len(scales))), strict=True)
    return Candidates.concatenate(list(parts)), max(tiles) > 1


def detect_coarsest(rgb: np.ndarray, threshold: float) -> Candidates:
    """Read a picture once, at its coarsest level; candidates in pixels of the picture."""
    small = resize_to_scale(rgb, rgb.shape, coarsest(*rgb.shape[:2]))
    found, _ = detect_tiled(small, 0, threshold)
    return found.scaled(rgb.shape[1] / small.shape[1], rgb.shape[0] / small.shape[0])


def resize_to_scale(picture: np.ndarray, shape: tuple[int, ...], scale: float) -> np.ndarray:
    """Return `picture` at `scale` times the height and width of `shape`, averaged where it shrinks."""
    height, width = (max(1, round(side * scale)) for side in shape[:2])
    # Halving is by far the quickest way of averaging.
    rows, columns = picture.shape[:2]
    while rows >= 2 * height and columns >= 2 * width and not (rows | columns) % 2:
        rows, columns = rows // 2, columns // 2
        picture = cv2.resize(picture, (columns, rows), interpolation=cv2.INTER_AREA)
    if (height, width) == (rows, columns):
        return picture
    shrinks_much = rows >= 2 * height or columns >= 2 * width
    return cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA if shrinks_much else cv2.INTER_LINEAR)


def detect_tiled(picture: np.ndarray, overlap: int, threshold: float) -> tuple[Candidates, int]:
    """Return all candidates in pixels of a picture that is read as it is, and the number of tiles that took."""
    height, width = picture.shape[:2]
    rows, columns = canvas_shape(height, width)

    def look(corner: tuple[int, int]) -> Candidates:
        top, left = corner
        tile = picture[max(top, 0) : top + rows, max(left, 0) : left + columns]
        if tile.shape[:2] != (rows, columns):
            tile = letterbox(tile, (rows, columns), max(-top, 0), max(-left, 0))
        return detect(tile, threshold).shifted(left, top)

    corners = list(product(tile_starts(height, rows, overlap), tile_starts(width, columns, overlap)))
    return Candidates.concatenate(side_by_side(look, corners)), len(corners)


def canvas_shape(height: int, width: int) -> tuple[int, int]:
    """Return height and width of the canvas on which a picture of this size is read, whole or in tiles."""
    if max(height, width) <= NATIVE_SIZE:
        return NATIVE_SIZE, NATIVE_SIZE
    highest, widest = (SHORT_TILE, LONG_TILE) if width >= height else (LONG_TILE, SHORT_TILE)
    rows, columns = (math.ceil(side / CANVAS_STEP) * CANVAS_STEP for side in (height, width))
    return min(highest, rows), min(widest, columns)


def tile_starts(length: int, tile: int, overlap: int) -> list[int]:
    """Return where tiles start along a side, evenly spread; one that is longer than the side is centred on it."""
    if length <= tile:
        return [(length - tile) // 2]
    count = math.ceil((length - tile) / (tile - overlap)) + 1
    return [round(start) for start in np.linspace(0, length - tile, count)]


def letterbox(picture: np.ndarray, shape: tuple[int, int], top: int, left: int) -> np.ndarray:
    """Return a black canvas of this shape with a picture on it; MediaPipe's letterbox is black, too."""
    canvas = np.zeros((*shape, 3), np.uint8)
    canvas[top : top + picture.shape[0], left : left + picture.shape[1]] = picture
    return canvas
