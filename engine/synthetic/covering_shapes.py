"""Shapes that hide parts of a face, in two families that share no kind: learnt from, and measured with.

Each is drawn ``(384, 384)`` float32, 0 to 1, eight times finer than the crop of 48 by 48 that `engine.faces.align`
cuts; its numbers are pixels of that crop.
"""

from collections.abc import Callable

import cv2
import numpy as np

from engine.settings import CROP_SIZE

FINE = 8
"""How many times finer shapes are drawn than a crop."""

Shape = Callable[[np.random.Generator, str], np.ndarray | tuple[np.ndarray, np.ndarray]]
"""Draws a mask for a region, or a mask and the relief of what it shows."""


def _canvas() -> np.ndarray:
    return np.zeros((CROP_SIZE * FINE, CROP_SIZE * FINE), np.float32)


def _line(canvas: np.ndarray, start: np.ndarray, end: np.ndarray, width: float) -> None:
    """Draw a line, all in pixels of the crop."""
    (x, y), (to_x, to_y) = ((round(float(side) * FINE) for side in point) for point in (start, end))
    cv2.line(canvas, (x, y), (to_x, to_y), (1.0,), max(1, int(width * FINE)))


def _filled(points: np.ndarray) -> np.ndarray:
    canvas = _canvas()
    cv2.fillPoly(canvas, [np.rint(np.asarray(points) * FINE).astype(np.int32)], 1.0)
    return canvas


def _middle(random: np.random.Generator, region: str) -> np.ndarray:
    x, y = {"eyes": (24, 18.5), "mouth": (24, 36.5), "half": (random.choice([10, 38]), 26)}[region]
    return np.array([x, y]) + random.normal(0, 1.2, 2)


def _turned(points: np.ndarray, centre: np.ndarray, degrees: float) -> np.ndarray:
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return (points - centre) @ turn + centre


def _half_size(random: np.random.Generator, region: str) -> np.ndarray:
    low, high = {"eyes": ((15, 5), (24, 9)), "mouth": ((9, 6.5), (20, 13)), "half": ((11, 18), (16, 30))}[region]
    return random.uniform(low, high)


def _rectangle(random: np.random.Generator, region: str) -> np.ndarray:
    centre, half = _middle(random, region), _half_size(random, region)
    corners = centre + half * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])
    return _filled(_turned(corners, centre, random.normal(0, 12)))


def _ellipse(random: np.random.Generator, region: str) -> np.ndarray:
    centre, half = _middle(random, region), _half_size(random, region) * 1.2
    around = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    return _filled(_turned(centre + half * np.stack([np.cos(around), np.sin(around)], 1), centre, random.normal(0, 12)))


def _mask(random: np.random.Generator, region: str) -> np.ndarray:
    """Draw a face mask: from the nose to below the chin, with straps."""
    top, side = random.uniform(23, 30), random.uniform(25, 32)
    bulge, width = random.uniform(0, 3), random.uniform(15, 20)
    points = [(24 - width, side), (15, side - 2 + bulge / 2), (24, top), (33, side - 2 + bulge / 2), (24 + width, side)]
    points += [(24 + 0.9 * width, 42), (33, 48), (24, 50), (15, 48), (24 - 0.9 * width, 42)]
    canvas = _filled(np.array(points))
    for x, out in ((24 - width, 0), (24 + width, CROP_SIZE)):
        end = np.array([out, side - random.uniform(0, 6)])
        _line(canvas, np.array([x, side + 1]), end, random.uniform(0.4, 1.2))
    return canvas


def _sunglasses(random: np.random.Generator, region: str) -> np.ndarray:
    """Draw dark glasses with lenses of rounded rectangles, a bridge and temples."""
    canvas, centre = _canvas(), _middle(random, "eyes")
    half, power = random.uniform((6, 4.5), (9, 7)), random.uniform(2, 5)
    around = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    curve = np.stack([np.cos(around), np.sin(around)], 1)
    lens = half * np.sign(curve) * np.abs(curve) ** (2 / power)
    for side in (-9.3, 9.3):
        cv2.fillPoly(canvas, [np.rint((centre + lens + np.array([side, 0])) * FINE).astype(np.int32)], 1.0)
    bridge = np.array([[-9.3, -half[1] * 0.4], [9.3, -half[1] * 0.4]]) + centre
    temples = np.array([[centre[0] - 24, centre[1] - 2], [centre[0] + 24, centre[1] - 2]])
    for one, other in (bridge, temples):
        _line(canvas, one, other, random.uniform(0.6, 1.5))
    return canvas


def _hand(random: np.random.Generator, region: str) -> tuple[np.ndarray, np.ndarray]:
    """Draw a hand from outside the crop, one to five fingers laid over the region; return its mask and its relief."""
    fine = CROP_SIZE * 2
    y, x = (np.mgrid[0:fine, 0:fine] + 0.5) / 2
    mask, relief = np.zeros((fine, fine), np.float32), np.ones((fine, fine), np.float32)
    centre = _middle(random, region) + random.normal(0, (5, 3))
    wrist = np.radians(random.choice([0, 90, -90]) + random.normal(0, 30))  # 0: from below
    count, radius = int(random.choice([1, 2, 3, 4, 4, 4, 5])), random.uniform(2.0, 3.6)
    spread, gap = np.radians(random.uniform(0, 9)), random.uniform(1.6, 2.3)

    def lay(tip: np.ndarray, base: np.ndarray, wide: float) -> None:
        along = base - tip
        share = np.clip(((x - tip[0]) * along[0] + (y - tip[1]) * along[1]) / (along @ along), 0, 1)
        off = np.hypot(x - tip[0] - share * along[0], y - tip[1] - share * along[1]) / (wide * (0.8 + 0.3 * share))
        inside = off < 1
        mask[inside] = 1
        relief[inside] = 0.45 + 0.55 * np.sqrt(1 - off[inside] ** 2)

    away = np.array([np.sin(wrist), np.cos(wrist)])
    across = np.array([away[1], -away[0]])
    palm = centre + away * random.uniform(12, 24)
    lay(palm, palm + away * 40, radius * max(count, 3) * 0.95)
    for number in random.permutation(count):
        place = number - (count - 1) / 2
        direction = away * np.cos(place * spread) + across * np.sin(-place * spread)
        base = palm + across * place * radius * gap
        lay(base - direction * random.uniform(16, 28), base, radius)
    whole = (CROP_SIZE * FINE, CROP_SIZE * FINE)
    return cv2.resize(mask, whole), cv2.resize(relief, whole)


def _scarf(random: np.random.Generator, region: str) -> np.ndarray:
    """Draw cloth below a wavy edge under the nose, or above one under the eyes."""
    x = np.linspace(-2, 50, 40)
    wave = random.uniform(0, 2) * np.sin(x * random.uniform(0.1, 0.5) + random.uniform(0, 6))
    if region == "mouth":
        edge = random.uniform(23, 32) + wave + random.normal(0, 0.08) * (x - 24)
        return _filled(np.concatenate([np.stack([x, edge], 1), [[50, 60], [-2, 60]]]))
    edge = random.uniform(23, 28) + wave + random.normal(0, 0.08) * (x - 24)
    return _filled(np.concatenate([np.stack([x, edge], 1), [[50, random.uniform(-9, 9)], [-2, random.uniform(-9, 9)]]]))


def _half_plane(random: np.random.Generator, region: str) -> np.ndarray:
    side, middle = random.choice([-1, 1]), np.array([24 + random.normal(0, 2), 24])
    corners = middle + np.array([[0, -60], [60 * side, -60], [60 * side, 60], [0, 60]])
    return _filled(_turned(corners, middle, random.normal(0, 12)))


def _bandana(random: np.random.Generator, region: str) -> np.ndarray:
    """Draw a cloth that is tied behind the head: a triangle under the nose."""
    top = random.uniform(25, 31)
    return _filled(np.array([[-3, top - 4], [24, top], [51, top - 4], [random.uniform(18, 30), 62]]))


def _round_glasses(random: np.random.Generator, region: str) -> np.ndarray:
    canvas, centre, radius = _canvas(), _middle(random, "eyes"), random.uniform(5.5, 8)
    for side in (-9.5, 9.5):
        place = np.rint((centre + np.array([side, 0])) * FINE).astype(int).tolist()
        cv2.circle(canvas, place, int(radius * FINE), 1.0, -1)
    left, right = (centre + np.array([side, -1.5]) for side in (-24, 24))
    _line(canvas, left, right, random.uniform(0.4, 1))
    return canvas


def _blob(random: np.random.Generator, region: str) -> np.ndarray:
    """Draw a smooth outline of random waves."""
    centre, half = _middle(random, region), _half_size(random, region) * 1.25
    around = np.linspace(0, 2 * np.pi, 80, endpoint=False)
    radius = 1 + sum(random.normal(0, 0.09) * np.cos(wave * around + random.uniform(0, 6)) for wave in range(2, 6))
    return _filled(centre + half * (radius * np.stack([np.cos(around), np.sin(around)])).T)


def _hexagon(random: np.random.Generator, region: str) -> np.ndarray:
    centre, half = _middle(random, region), _half_size(random, region) * 1.2
    around = np.arange(6) * np.pi / 3
    return _filled(centre + half * np.stack([np.cos(around), np.sin(around)], 1))


def _zigzag(random: np.random.Generator, region: str) -> np.ndarray:
    y = np.linspace(-2, 50, int(random.integers(8, 20)))
    x = 24 + random.normal(0, 1.5) + random.uniform(1, 3) * (-1.0) ** np.arange(len(y))
    out = random.choice([-20, 68])
    return _filled(np.concatenate([np.stack([x, y], 1), [[out, 50], [out, -2]]]))


def _fist(random: np.random.Generator, region: str) -> np.ndarray:
    """Draw a closed hand: a rounded lump with four knuckles, and the arm below it."""
    canvas, centre = _canvas(), _middle(random, region)
    width = random.uniform(13, 17) if region == "eyes" else random.uniform(9, 13)
    for number in range(4):
        knuckle = centre + np.array([(number - 1.5) * width / 2, -random.uniform(1, 3)])
        cv2.circle(canvas, np.rint(knuckle * FINE).astype(int).tolist(), int(width * 0.42 * FINE), 1.0, -1)
    axes = np.rint(np.array([width, width * 0.75]) * FINE).astype(int).tolist()
    cv2.ellipse(canvas, np.rint((centre + np.array([0, 3])) * FINE).astype(int).tolist(), axes, 0, 0, 360, 1.0, -1)
    wrist = centre + np.array([random.uniform(-30, 30), 50])
    _line(canvas, centre, wrist, width * 1.1)
    return canvas


SHAPES: dict[str, dict[str, dict[str, Shape]]] = {
    "learning": {
        "eyes": {
            "rectangle": _rectangle,
            "sunglasses": _sunglasses,
            "glasses": _sunglasses,
            "hand": _hand,
            "hand again": _hand,
            "ellipse": _ellipse,
            "cloth": _scarf,
        },
        "mouth": {
            "rectangle": _rectangle,
            "mask": _mask,
            "ellipse": _ellipse,
            "hand": _hand,
            "hand again": _hand,
            "scarf": _scarf,
        },
        "half": {"half plane": _half_plane, "rectangle": _rectangle, "hand": _hand, "ellipse": _ellipse},
    },
    "unseen": {
        "eyes": {"round glasses": _round_glasses, "blob": _blob, "hexagon": _hexagon, "fist": _fist},
        "mouth": {"bandana": _bandana, "blob": _blob, "hexagon": _hexagon, "fist": _fist},
        "half": {"zigzag": _zigzag, "blob": _blob},
    },
}
"""Shapes by family and region."""
