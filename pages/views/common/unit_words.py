"""Action units, head and gaze in words."""

import numpy as np

from engine.features.action_units import NUMBERS, told


def units_told(rested: bool, covered: tuple[str, ...] = ()) -> str:
    """Say what intensities are told against, and which units are not measured well enough to be shown."""
    against = "this person's own rest" if rested else "an average face: this person's own may look as if it moved"
    missing = [f"AU{number}" for number, kept in zip(NUMBERS, told(rested), strict=True) if not kept]
    hidden = f" The {' and the '.join(covered)} cannot be seen, and so not what moves there." if covered else ""
    left_out = f"{hidden} Not measured well enough to be shown: {', '.join(missing)}." if missing else hidden
    return (
        f"Beside {against}. Action units of the Facial Action Coding System, 0 (not there) to 5 (as strong as can be); "
        f"right and left are the person's. What moves says nothing of what somebody feels.{left_out}"
    )


def head_words(yaw_deg: float, pitch_deg: float, roll_deg: float) -> str:
    """Say how the head is held: ``turned 12° to the picture's right, 3° up, tilted 2° clockwise``."""
    said = [
        _turn(yaw_deg, "turned {}° to the picture's right", "turned {}° to the picture's left"),
        _turn(pitch_deg, "{}° up", "{}° down"),
        _turn(roll_deg, "tilted {}° clockwise", "tilted {}° counterclockwise"),
    ]
    return ", ".join(filter(None, said)) or "held straight"


def gaze_words(gaze_deg: np.ndarray) -> str:
    """Say where the eyes look, against the line to the camera; and where that cannot be read."""
    if np.isnan(gaze_deg[0]):
        return "where they look cannot be read: they are shut, small, or the head is turned too far"
    across = _turn(float(gaze_deg[0]), "{}° to the picture's right", "{}° to the picture's left")
    return f"{across or 'neither to the left nor to the right'}; one picture does not tell how far up or down"


def _turn(angle: float, positive: str, negative: str) -> str:
    whole = round(abs(angle))
    return (positive if angle > 0 else negative).format(whole) if whole else ""
