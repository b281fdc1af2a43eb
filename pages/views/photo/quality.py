"""What was measured on a face, beside what is warned of."""

import streamlit as st

from engine.charts.frame import percent
from engine.faces import quality
from engine.recognition.photo import FaceResult
from pages.views.common.text import escape_markdown


def _degrees(angle: float) -> str:
    # Rounded to a whole number first: there is no "-0".
    return f"{round(angle)}°"


_MEASURES = (
    ("size_px", "width on the picture", "{:.0f} pixels".format, f"below {quality.SMALL_PX}"),
    ("sharpness", "sharpness, about 0.7 in a good crop", "{:.2f}".format, f"below {quality.BLURRED}"),
    ("brightness", "brightness, 0 to 255", "{:.0f}".format, f"below {quality.DARK}, above {quality.BRIGHT}"),
    ("contrast", "contrast, standard deviation of the brightness", "{:.0f}".format, f"below {quality.FLAT}"),
    ("yaw_deg", "head turned aside", _degrees, f"beyond {quality.TURNED_DEG}°"),
    ("pitch_deg", "head up (+) or down (−)", _degrees, f"beyond {quality.NODDED_DEG}°"),
    ("roll_deg", "head tilted", _degrees, f"beyond {quality.TILTED_DEG}°"),
    ("cut_share", "beyond the border of the picture", percent, f"above {percent(quality.CUT_SHARE)}"),
)


def show_quality(face: FaceResult, key: str) -> None:
    """Show every measure in a table."""
    measured = face.face.quality
    rows = [
        {"measure": name, "value": escape_markdown(form(getattr(measured, field))), "warned": warned}
        for field, name, form, warned in _MEASURES
    ]
    st.table(rows, hide_index=True, width="content", alt="Measured quality of this face")
