"""What each clip network is given: a picture or frames, of a flow map or of the faces themselves."""

from collections.abc import Callable, Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.features.optical_flow import resized

PICTURE_SIDE = 112
FRAMES, FRAME_SIDE = 8, 48


def centred(maps: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return flow maps as numbers around what did not move.

    A map's channels are scaled by their own least and largest value, so that 0 motion lies elsewhere in each. Most of
    a face is at rest; so from u and v the map's median is taken off (our choice).

    Parameters
    ----------
    maps
        (n, H, W, 3) uint8: u, v, strain; see `engine.features.optical_flow.flow_map`.

    Returns
    -------
    ndarray
        (n, H, W, 3) float32: u and v within -2..2, their range 2 (0 where nothing moved); strain 0..1.

    Raises
    ------
    ValueError
        For another shape or dtype.
    """
    values = _values(maps)
    if maps.size:
        values[..., :2] = (values[..., :2] - np.median(values[..., :2], axis=(1, 2), keepdims=True)) / 127.5
    values[..., 2] /= 255
    return values


def log_scaled(maps: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return flow maps on a logarithmic scale of their own: what the flow network reads (our choice).

    One false vector at the face's border sets the range of a map that is scaled by its extremes, and the motion that
    matters shrinks. So each channel's median is taken off, and what is left is counted in the channel's own median
    deviation, on a scale that grows like a logarithm: ``sign(x) log(1 + |x| / (MAD + 2))``, 2 being about what rounding
    leaves. On half of the subjects of MEGC2019 a linear reader gained 3 points of UF1 by it over `centred`.

    Parameters
    ----------
    maps
        (n, H, W, 3) uint8: u, v, strain; see `engine.features.optical_flow.flow_map`.

    Returns
    -------
    ndarray
        (n, H, W, 3) float32, about -5..5; all 0 where nothing moved.

    Raises
    ------
    ValueError
        For another shape or dtype.
    """
    values = _values(maps)
    if not maps.size:
        return values
    values -= np.median(values, axis=(1, 2), keepdims=True)
    values /= np.median(np.abs(values), axis=(1, 2), keepdims=True) + np.float32(2)
    return np.sign(values) * np.log1p(np.abs(values))


def flow_pictures(maps: NDArray[np.uint8], side: int = PICTURE_SIDE) -> NDArray[np.float32]:
    """Return flow maps for networks that read one picture (LEARNet, ResNet): `centred`, then stretched bilinearly.

    (n, H, W, 3) uint8 to (n, side, side, 3) float32; raises ValueError as `centred` does.
    """
    stretched = [cv2.resize(each, (side, side), interpolation=cv2.INTER_LINEAR) for each in centred(maps)]
    return np.stack(stretched) if stretched else np.zeros((0, side, side, 3), np.float32)


def flow_frames(maps: NDArray[np.uint8], frames: int = FRAMES) -> NDArray[np.float32]:
    """Return flow maps for networks that read frames (AGMENet, clip CNN-LSTM): a ramp from rest to the apex.

    Where only the flow from onset to apex is known, frame k of T shows k/T of it: motion that grows evenly.

    Parameters
    ----------
    maps
        (n, H, W, 3) uint8: u, v, strain.
    frames
        T; one is the map alone.

    Returns
    -------
    ndarray
        (n, T, H, W, 3) float32.

    Raises
    ------
    ValueError
        As `centred`.
    """
    shares = np.arange(1, frames + 1, dtype=np.float32) / np.float32(frames)
    return (centred(maps)[:, None] * shares[:, None, None, None]).astype(np.float32)


def dynamic_picture(faces: Iterable[NDArray[np.uint8]], side: int = PICTURE_SIDE) -> NDArray[np.float32]:
    """Return the dynamic image of a clip for networks that read one picture (LEARNet, ResNet).

    Parameters
    ----------
    faces
        Aligned faces in order of time, (H, W) gray or (H, W, 3) colour, uint8; any number, read once.
    side
        Of the picture.

    Returns
    -------
    ndarray
        (side, side, 3) float32, -1..1 by its largest magnitude; 0 for what does not move. Of gray faces all three
        channels are the same.

    Raises
    ------
    ValueError
        Without a face, for another dtype, or faces whose shapes differ.
    """
    # Not above: compiled code, while who reads flow maps needs none.
    from engine.features.dynamic_image import DynamicImage

    stream = DynamicImage()
    for face in faces:
        stream.push(face)
    pooled = resized(stream.image(), side)
    largest = np.abs(pooled).max()
    scaled = (pooled / largest if largest > 0 else pooled).astype(np.float32)
    return scaled if scaled.ndim == 3 else np.repeat(scaled[..., None], 3, axis=2)


def spread(count: int, frames: int = FRAMES) -> NDArray[np.int64]:
    """Return which of so many faces `face_frames` takes: the nearest to evenly spread ones, the first and the last."""
    return np.rint(np.linspace(0, count - 1, frames)).astype(int)


def face_frames(faces: NDArray[np.uint8], frames: int = FRAMES, side: int = FRAME_SIDE) -> NDArray[np.float32]:
    """Return a clip for networks that read frames (AGMENet, clip CNN-LSTM): so many, evenly spread from first to last.

    Parameters
    ----------
    faces
        (T, H, W) uint8, gray, aligned, in order of time; at least one.
    frames
        How many are taken, the nearest to evenly spread times; of a shorter clip some are taken twice.
    side
        Of a frame.

    Returns
    -------
    ndarray
        (frames, side, side, 1) float32, 0..1.

    Raises
    ------
    ValueError
        For another shape or dtype, or no face.
    """
    if faces.ndim != 3 or faces.dtype != np.uint8 or not len(faces):
        raise ValueError(f"Expected (T, H, W) uint8, T at least 1. Received {faces.shape} {faces.dtype}.")
    taken = [resized(faces[at], side) for at in spread(len(faces), frames)]
    return (np.stack(taken)[..., None] / np.float32(255)).astype(np.float32)


INPUTS: dict[str, Callable[[NDArray[np.uint8]], NDArray[np.float32]]] = {
    "map": log_scaled,
    "picture": flow_pictures,
    "frames": flow_frames,
}
"""How flow maps become what a network takes, by `engine.models.registry.Architecture.takes`."""


def _values(maps: NDArray[np.uint8]) -> NDArray[np.float32]:
    if maps.ndim != 4 or maps.dtype != np.uint8 or maps.shape[3] != 3:
        raise ValueError(f"Expected (n, H, W, 3) uint8. Received {maps.shape} {maps.dtype}.")
    return maps.astype(np.float32)
