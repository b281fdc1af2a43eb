"""What stays still behind a synthetic head: a room, shoulders and a neck."""

import cv2
import numpy as np

from engine.synthetic.fields import HeadPose
from engine.synthetic.identity import Identity


def room(seed: int, size: tuple[int, int]) -> np.ndarray:
    """Return an empty room, out of focus, of ``size`` (width, height), as (height, width, 3) uint8."""
    rng = np.random.default_rng((seed, 3))
    width, height = size
    wall = rng.uniform(70, 205) + rng.uniform(-18, 18, 3)
    y, x = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j]
    light = 1 + rng.uniform(-0.18, 0.18) * (x - 0.5) + rng.uniform(-0.25, 0.05) * (y - 0.5)
    picture = np.clip(wall * light[..., None], 0, 255).astype(np.uint8)
    for _ in range(int(rng.integers(1, 5))):
        left, top = int(rng.integers(-width // 5, width)), int(rng.integers(-height // 5, height))
        right = left + int(rng.integers(width // 12, width // 3))
        bottom = top + int(rng.integers(height // 12, height // 2))
        colour = np.clip(wall + rng.uniform(-45, 45, 3), 0, 255).tolist()
        cv2.rectangle(picture, (left, top), (right, bottom), colour, -1)
    blurred = cv2.GaussianBlur(picture, (0, 0), width / 90).astype(float)
    grain = cv2.GaussianBlur(rng.standard_normal((height, width, 1)), (0, 0), 1.2)[..., None]
    return np.clip(blurred * (1 + 0.015 * grain / grain.std()), 0, 255).astype(np.uint8)


def draw_body(picture: np.ndarray, face: Identity, pose: HeadPose) -> None:
    """Draw neck and shoulders of a person whose head is held so, in place."""
    rng = np.random.default_rng((face.seed, 4))
    cloth = rng.uniform(30, 200, 3)
    neck = 0.72 * face.jaw_half
    low = max(420.0, face.chin_y + (picture.shape[0] - pose.y) / pose.scale)
    body = np.array([(neck + 6, 138), (0.5 * (neck + 150), 150), (135, 168), (165, 200), (178, low)])
    throat = np.array([(neck, 55), (neck, 120), (neck + 8, 142), (0.6 * neck, 158), (0, 166)])
    _fill(picture, pose, body, cloth, 0.35)
    _fill(picture, pose, throat, np.array(face.skin) * 0.62, 0.30)


def _fill(picture: np.ndarray, pose: HeadPose, right: np.ndarray, colour: np.ndarray, round_: float) -> None:
    points = pose.to_picture(np.concatenate([right, right[::-1] * (-1, 1)]))
    mask = np.zeros(picture.shape[:2], np.uint8)
    cv2.fillPoly(mask, [np.round(points * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    cover = cv2.GaussianBlur(mask, (0, 0), 0.8).astype(np.float32)[..., None] / 255
    wide = float(right[:, 0].max()) * pose.scale
    across = np.clip(np.abs(np.arange(picture.shape[1]) - pose.x) / wide, 0, 1)
    lit = colour * (1 - round_ * across**2)[None, :, None]
    picture[:] = np.clip(picture * (1 - cover) + lit * cover, 0, 255).astype(np.uint8)
