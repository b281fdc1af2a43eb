"""Synthetic faces with known truth: clips, to measure what finds expressions in recordings and to try it.

A face is painted once, with skin, brows, lips and light on them, and then moved: by action units (Ekman, Friesen, Hager
2002), blinks, the head's own motion, and changes of light, with a sensor's noise on top. Nobody in these pictures
exists, and every file that is written says that it is synthetic. What is measured on them holds for synthetic faces;
real people's expressions are more varied.
"""

from engine.synthetic.clip import SyntheticClip, synthetic_clip
from engine.synthetic.examples import EXAMPLES, mp4_bytes, write_mp4
from engine.synthetic.truth import EXPRESSIONS, Blink, TrueEvent, true_event

__all__ = [
    "EXAMPLES",
    "EXPRESSIONS",
    "Blink",
    "SyntheticClip",
    "TrueEvent",
    "synthetic_clip",
    "mp4_bytes",
    "true_event",
    "write_mp4",
]
