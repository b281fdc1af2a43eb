"""Pictures: decoded safely, then brought to the gray, size and scale that the networks see."""

from engine.images.decode import decode
from engine.images.prepare import resize, round_gray, scale, to_gray

__all__ = ["decode", "resize", "round_gray", "scale", "to_gray"]
