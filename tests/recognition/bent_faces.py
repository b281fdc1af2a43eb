"""A real face that moves as it is told: scikit-image's astronaut, bent by smooth fields of displacement.

Drawn faces say little about skin. Here the pixels are a photograph's, and still everything is known: what moves, when,
by how much. Fields are given in shares of the distance between the outer corners of the eyes. The head moves in the
plane and turns by the mesh's own depth; light, sensor noise and H.264 can be added.
"""

import io
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from skimage import data

from engine.faces.find import find_faces
from engine.faces.landmarks import Landmarks, find_landmarks

SIDE = 288
OUTER = (33, 263)
# Where, how wide in both directions, and which way a part of the face moves.
MOVES = {
    "brows up": (((105, 66, 53), (0.2, 0.12), (0, -1)), ((334, 296, 283), (0.2, 0.12), (0, -1))),
    "smile": (((61,), (0.16, 0.14), (-0.6, -0.8)), ((291,), (0.16, 0.14), (0.6, -0.8))),
    "corner": (((291, 306, 287, 410, 322), (0.22, 0.22), (0.6, -0.8)),),
    "blink": (((159,), (0.15, 0.07), (0, 0.11)), ((386,), (0.15, 0.07), (0, 0.11))),
}
FLAT = ("corner",)  # moves as one, with a soft edge


@cache
def photo():
    """Return the face (288, 288, 3) uint8 and its points (468, 3)."""
    picture = cv2.resize(data.astronaut()[5:225, 115:335], (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    return picture, find_landmarks(picture, find_faces(picture)[0]).points.astype(np.float64)


def apart():
    """Return the distance between the outer corners of the eyes in pixels of `photo`."""
    _, points = photo()
    return float(np.linalg.norm(points[OUTER[0], :2] - points[OUTER[1], :2]))


@cache
def field(name):
    """Return the displacement of a move of strength 1, (288, 288, 2) float32 pixels."""
    _, points = photo()
    y, x = np.mgrid[:SIDE, :SIDE].astype(np.float32)
    moved = np.zeros((SIDE, SIDE, 2), np.float32)
    for members, wide, way in MOVES[name]:
        centre, size = points[list(members), :2].mean(axis=0), np.array(wide) * apart()
        away = ((x - centre[0]) / size[0]) ** 2 + ((y - centre[1]) / size[1]) ** 2
        bell = np.exp(-(away ** (3 if name in FLAT else 1)) / 2)
        moved += bell[..., None] * np.float32(way) * np.float32(apart())
    return moved


@cache
def depth():
    """Return how far each pixel lies behind the head's middle, (288, 288) float32."""
    from scipy.interpolate import RBFInterpolator

    _, points = photo()
    y, x = np.mgrid[:SIDE:6, :SIDE:6]
    near = RBFInterpolator(points[::4, :2], points[::4, 2], smoothing=50, neighbors=25)
    z = near(np.column_stack([x.ravel(), y.ravel()])).reshape(x.shape).astype(np.float32)
    z = np.clip(cv2.resize(z, (SIDE, SIDE)), points[:, 2].min(), points[:, 2].max())
    return (z - points[:, 2].mean()).astype(np.float32)


def bent(moves=None, matrix=None, yaw=0.0, pitch=0.0, light=(1.0, 0.0), noise=0.0, seed=0):
    """Return one picture, (288, 288, 3) uint8.

    ``moves``: strengths by name of `MOVES`. ``matrix``: (2, 3) from the photo to the picture. ``yaw``, ``pitch``:
    radians. ``light``: brightness, and how much more on the right than in the middle.
    """
    picture, _ = photo()
    y, x = np.mgrid[:SIDE, :SIDE].astype(np.float32)
    if matrix is not None:
        back = cv2.invertAffineTransform(np.asarray(matrix, np.float64)).astype(np.float32)
        x, y = back[0, 0] * x + back[0, 1] * y + back[0, 2], back[1, 0] * x + back[1, 1] * y + back[1, 2]
    if yaw or pitch:
        z = cv2.remap(depth(), x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        x, y = x - np.float32(np.tan(yaw)) * z, y - np.float32(np.tan(pitch)) * z
    for name, strength in (moves or {}).items():
        moved = np.float32(strength) * field(name)
        # From where a pixel is to where it was: the field is that of the place it came from.
        here = cv2.remap(moved, x, y, cv2.INTER_LINEAR)
        there = cv2.remap(moved, x - here[..., 0], y - here[..., 1], cv2.INTER_LINEAR)
        x, y = x - there[..., 0], y - there[..., 1]
    drawn = cv2.remap(picture, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE).astype(np.float32)
    drawn *= (light[0] + light[1] * np.linspace(-1, 1, SIDE, dtype=np.float32))[:, None]
    if noise:
        drawn += noise * np.random.default_rng(seed).standard_normal(drawn.shape, dtype=np.float32)
    return np.clip(np.rint(drawn), 0, 255).astype(np.uint8)


def marks(matrix=None, jitter=0.0, seed=0):
    """Return the photo's points where a (2, 3) matrix puts them, off by about ``jitter`` pixels."""
    _, points = photo()
    moved = points.copy()
    if matrix is not None:
        moved[:, :2] = points[:, :2] @ np.asarray(matrix)[:, :2].T + np.asarray(matrix)[:, 2]
    moved += jitter * np.random.default_rng(seed).standard_normal(moved.shape)
    return Landmarks(moved.astype(np.float32), 1.0)


@dataclass(frozen=True)
class Move:
    """Something that comes and goes: half a cosine up, half a cosine down."""

    name: str
    strength: float
    onset_s: float
    apex_s: float
    offset_s: float

    def at(self, time_s):
        up = np.clip((time_s - self.onset_s) / (self.apex_s - self.onset_s), 0, 1)
        down = np.clip((self.offset_s - time_s) / (self.offset_s - self.apex_s), 0, 1)
        return self.strength * 0.5 * (1 - np.cos(np.pi * min(up, down)))


def clip(moves, duration_s, fps, seed=0, motion=1.0, noise=2.0):
    """Yield pictures of a head that sways, under light that drifts."""
    draw = np.random.default_rng(seed)
    rate, phase = draw.uniform(0.2, 0.6, 8), draw.uniform(0, 6.28, 8)
    size = motion * np.array([4, 3, 0.02, 0.015, 0.05, 0.03, 0.04, 0.08])
    for number in range(round(duration_s * fps)):
        time_s = number / fps
        dx, dy, roll, grow, yaw, pitch, bright, lean = size * np.sin(2 * np.pi * rate * time_s + phase)
        matrix = cv2.getRotationMatrix2D((SIDE / 2, SIDE / 2), np.degrees(roll), 1 + grow)
        matrix[:, 2] += dx, dy
        strengths = {}
        for move in moves:
            strengths[move.name] = strengths.get(move.name, 0.0) + move.at(time_s)
        shown = {name: strength for name, strength in strengths.items() if strength}
        yield bent(shown, matrix, yaw, pitch, (1 + bright, lean), noise, seed + number)


def compressed(pictures, fps, quality=26):
    """Yield pictures after H.264, ``quality`` its constant rate factor."""
    import av

    written = io.BytesIO()
    with av.open(written, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=round(fps), options={"crf": str(quality), "threads": "1"})
        stream.width = stream.height = SIDE
        stream.pix_fmt = "yuv420p"
        for picture in pictures:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    written.seek(0)
    with av.open(written) as container:
        for frame in container.decode(video=0):
            yield frame.to_ndarray(format="rgb24")
