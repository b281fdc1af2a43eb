"""What a clip is described by: its flow map beside OpenCV's Farneback, its dynamic image beside NumPy."""

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.bench.measurement import Measurement
from engine.bench.pictures import portrait
from engine.bench.timing import alternate, stopwatch
from engine.features.dynamic_image import DynamicImage, dynamic_image, rank_pooling_weights
from engine.features.optical_flow import dense_flow, flow_map

SIDE = 128
FRAMES, FRAME = 60, (112, 112, 3)


def measure() -> list[Measurement]:
    """Time both on one thread."""
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        return [_flow(), *_dynamic()]
    finally:
        cv2.setNumThreads(before)


def plain_map(onset: NDArray[np.uint8], apex: NDArray[np.uint8], size: int = 28) -> NDArray[np.uint8]:
    """Return the same kind of map in the lines that usually stand in scripts: Farneback, gradients, resizing."""
    flow = plain_flow(onset, apex)
    (u_y, u_x), (v_y, v_x) = np.gradient(flow[..., 0]), np.gradient(flow[..., 1])
    strain = np.sqrt(u_x**2 + v_y**2 + 0.5 * (u_y + v_x) ** 2)
    whole = cv2.resize(np.dstack([flow, strain]), (size, size), interpolation=cv2.INTER_AREA)
    least, largest = whole.min(axis=(0, 1)), whole.max(axis=(0, 1))
    return np.rint((whole - least) / (largest - least) * 255).astype(np.uint8)


def plain_flow(onset: NDArray[np.uint8], apex: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return OpenCV's Farneback flow with the values of its own example."""
    # Its types lack that the flow to begin with may be None.
    return cv2.calcOpticalFlowFarneback(onset, apex, None, 0.5, 3, 15, 3, 5, 1.2, 0)  # type: ignore[call-overload]


def face_and_motion() -> tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.float32]]:
    """Return a face, the same with its mouth corner drawn up by 2 pixels, both with sensor noise, and that motion."""
    face = cv2.resize(portrait()[30:190, 205:365, 1], (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    y, x = np.mgrid[:SIDE, :SIDE].astype(np.float32)
    drawn = 2 * np.exp(-((x - 80) ** 2 + (y - 88) ** 2) / (2 * 12**2))
    flow = np.stack([0.7 * drawn, -0.7 * drawn], axis=-1)
    back = np.zeros_like(flow)
    for _ in range(20):  # what was at p lies at p + flow(p); to draw it, the inverse is needed
        back = -cv2.remap(flow, x + back[..., 0], y + back[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    after = cv2.remap(face, x + back[..., 0], y + back[..., 1], cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101)
    noise = np.random.default_rng(0).normal(0, 2, (2, SIDE, SIDE))
    onset, apex = np.clip(np.rint(np.stack([face, after]) + noise), 0, 255).astype(np.uint8)
    return onset, apex, flow


def _flow() -> Measurement:
    onset, apex, true = face_and_motion()
    ours, theirs = (
        float(np.linalg.norm(flow(onset, apex) - true, axis=-1).mean()) for flow in (dense_flow, plain_flow)
    )
    timed = alternate(
        stopwatch(lambda: flow_map(onset, apex)),
        stopwatch(lambda: plain_map(onset, apex)),
        f"OpenCV {cv2.__version__} calcOpticalFlowFarneback and NumPy",
        rounds=10,
        each=(20, 20),
    )
    note = f"one thread; mean error of a known motion: ours {ours:.3f} pixels, theirs {theirs:.3f}"
    return timed.measurement(f"flow map 28×28 of a face, {SIDE}×{SIDE}", "ms", 1e3, note=note)


def _dynamic() -> list[Measurement]:
    frames = np.random.default_rng(0).integers(0, 256, (FRAMES, *FRAME), np.uint8)

    def plain() -> NDArray[np.float32]:
        total = np.zeros(FRAME, np.float32)
        for weight, frame in zip(rank_pooling_weights(FRAMES).astype(np.float32), frames, strict=True):
            total += weight * frame
        return total

    def streamed() -> NDArray[np.float32]:
        stream = DynamicImage()
        for frame in frames:
            stream.push(frame)
        return stream.image()

    def tensordot() -> NDArray[np.float64]:
        return np.tensordot(rank_pooling_weights(FRAMES), frames, 1)

    exact = tensordot()
    measurements = []
    for name, ours, title, theirs in (
        ("in memory", lambda: dynamic_image(frames), "weighted frames added up", plain),
        ("in memory", lambda: dynamic_image(frames), "tensordot", tensordot),
        ("frame by frame, their number unknown", streamed, "weighted frames added up, their number known", plain),
    ):
        alternative = f"NumPy {np.__version__}, {title}"
        timed = alternate(stopwatch(ours), stopwatch(theirs), alternative, rounds=10, each=(20, 10), rest=0.02)
        wrong, their_error = (float(np.abs(each() - exact).max()) for each in (ours, theirs))
        note = f"largest error: ours {wrong:.2g}, theirs {their_error:.2g}, of values up to {np.abs(exact).max():.0f}"
        what = f"dynamic image of {FRAMES} frames 112×112×3, {name}"
        measurements.append(timed.measurement(what, "ms", 1e3, note=note))
    return measurements
