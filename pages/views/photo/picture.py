"""One picture with its faces, and all that there is to say about each."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from engine.charts.bars import probability_bars
from engine.charts.face_maps import importance_in_words, importance_overlay
from engine.charts.layout import percent
from engine.charts.picture import marked_picture
from engine.faces import quality
from engine.features.action_units import LEFT, RIGHT, UNITS
from engine.recognition.importance import METHOD
from engine.recognition.photo import FaceResult
from engine.records.review import ReviewedEvent
from pages.views.common.answer_words import NO_FACE, face_certainty, face_headline
from pages.views.common.choose import choose_number
from pages.views.common.figures import show_figure, show_lbp
from pages.views.common.guard import error_boundary, show_error, show_tabs
from pages.views.common.keep import Found, offer_to_keep
from pages.views.common.personal import as_person, show_usual
from pages.views.common.text import escape_markdown, short_name, small_print
from pages.views.common.unit_words import gaze_words, head_words, units_told
from pages.views.photo.answers import EXPLAINING, Answer, turn
from pages.views.photo.rest import show_plain, without_rest

_LOOKING = "Looking for what mattered …"
_HOW = {
    "occlusion": "Found by occlusion: a small gray square covers one part of the face after the other, and the model "
    "answers each time. Blue parts, when covered, lower the probability; orange parts raise it; the white line goes "
    "round what matters most."
}


_AROUND = 0.3
"""So much of a face's width and height is kept around it."""


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


def show_picture(
    name: str, answer: Answer, key: str, later: list[Callable[[], None]], rest: FaceResult | None = None
) -> None:
    """Show a picture beside what is said of one of its faces, which the reader chooses.

    Parameters
    ----------
    name
        What its owner calls it.
    answer
        What was recognised.
    key
        Unlike that of any other picture on the page.
    later
        Takes what is to be called once all answers are on the page: what takes longer than they did.
    rest
        A face that was named as somebody's rest.
    """
    with st.container(border=True):
        st.markdown(f"**{escape_markdown(short_name(name))}**")
        if answer.error is not None:
            show_error(answer.error)
            return
        number = _choose_face(answer, key)
        head = st.container()  # above both: on a phone the picture comes before what stands beside it
        left, right = st.columns([5, 6], gap="large")
        with right:
            if number is None:
                st.info(NO_FACE, icon=":material/search_off:")
            else:
                rested = without_rest(answer.faces[number - 1], rest, f"{key} face {number}")
                above = st.container()
                face = as_person(rested, f"{key} face {number}")
                head.header(f"Face {number}: {face_headline(face)}", anchor=False)
                with above:
                    _answer(face, f"{key} face {number}")
        with left:
            _draw(answer, number, key)
        if number is not None:
            views = {
                "Why": partial(_why, later),
                "What moves": _units,
                "Patterns": _patterns,
                "Quality": _quality,
                "Numbers": _numbers,
            }
            show_tabs(f"{key} face {number} tabs", views, face, f"{key} face {number}")
            # The face as it is shown: its rest may have been taken out.
            shown = _with(answer, number, face)
            # As anybody is told: what a person's corrections taught is not to be learnt from again.
            offer_to_keep("photo", lambda: _found(name, _with(answer, number, rested)), key)
            opened = st.expander(
                "Report, and a card", icon=":material/description:", on_change="rerun", key=f"{key} take"
            )
            if opened.open:
                with opened, error_boundary():
                    _report(name, shown, number, face, key)


def _with(answer: Answer, number: int, face: FaceResult) -> Answer:
    """Return an answer with another one for one of its faces."""
    return replace(answer, faces=(*answer.faces[: number - 1], face, *answer.faces[number:]))


def _report(name: str, answer: Answer, number: int, face: FaceResult, key: str) -> None:
    # As below.
    from pages.views.photo.report import show_report

    show_report(_found(name, answer).analysis, face, _marked(answer, number), key)


def _found(name: str, answer: Answer) -> Found:
    # Not above: whoever only looks keeps nothing.
    from engine.records.photo import as_analysis

    preview = answer.preview()
    height, width = preview.shape[:2]

    def cut_out(each: ReviewedEvent) -> dict[str, np.ndarray]:
        x, y, across, down = (answer.scale * side for side in answer.faces[each.person - 1].face.detection.box)
        left, top = max(0, round(x - _AROUND * across)), max(0, round(y - _AROUND * down))
        return {"photo": preview[top : round(y + (1 + _AROUND) * down), left : round(x + (1 + _AROUND) * across)]}

    size = round(width / answer.scale), round(height / answer.scale)
    return Found(as_analysis(name, size, answer.faces), pictures={"The face": cut_out})


def _choose_face(answer: Answer, key: str) -> int | None:
    if len(answer.faces) < 2:
        return 1 if answer.faces else None
    numbers = list(range(1, len(answer.faces) + 1))
    label = f"Face, of {len(numbers)}, largest first"
    return choose_number(
        label, numbers, f"{key} choice", lambda number: f"{number}: {face_headline(answer.faces[number - 1])}"
    )


def _draw(answer: Answer, number: int | None, key: str) -> None:
    faces = answer.faces
    landmarks = bool(faces) and st.toggle("Landmarks", key=f"{key} landmarks", help="The 468 points of each face.")
    drawn = _marked(answer, number, landmarks)
    said = "; ".join(f"face {index}: {face_headline(face)}" for index, face in enumerate(faces, 1))
    alt = f"The picture with {len(faces)} numbered faces. {said}." if faces else "The picture; no face was found in it."
    st.image(drawn, width="stretch", output_format="JPEG", alt=alt)


def _marked(answer: Answer, number: int | None, landmarks: bool = False) -> np.ndarray:
    return marked_picture(
        answer.preview(),
        [face.face.detection.box for face in answer.faces],
        [f"{index} {face.answer}" for index, face in enumerate(answer.faces, 1)],
        [face.face.landmarks.points for face in answer.faces] if landmarks else (),
        None if number is None else number - 1,
        answer.scale,
    )


def _answer(face: FaceResult, key: str) -> None:
    """Show how sure an answer is, and what speaks against trusting it."""
    st.markdown(face_certainty(face))
    show_plain(face)
    show_usual(face)
    for check in face.face.quality.checks:
        if check in face.face.quality.unreadable:
            continue  # said with the answer
        st.warning(escape_markdown(check.sentence), icon=":material/warning:")
    show_figure(probability_bars(face.probabilities, face.model.thresholds), f"{key} bars")


def _why(later: list[Callable[[], None]], face: FaceResult, key: str) -> None:
    if face.explained:
        _importance(face, key)
        return
    place = st.empty()
    later.append(partial(_explain, place, face, key))
    place.markdown(_LOOKING)


def _explain(place: DeltaGenerator, face: FaceResult, key: str) -> None:
    with turn(EXPLAINING):
        # Whoever has left while this waited ends here.
        place.markdown(_LOOKING)
        _ = face.importance
    with place.container():
        _importance(face, key)


def _importance(face: FaceResult, key: str) -> None:
    left, right = st.columns(2, gap="large", vertical_alignment="center")
    with left:
        show_figure(importance_overlay(face.crop, face.importance, face.expression), f"{key} why")
    with right:
        st.markdown(importance_in_words(face.importance, face.expression))
        small_print(_HOW[METHOD])


def _units(face: FaceResult, key: str) -> None:
    """Show action units, and where head and eyes are turned."""
    units = face.units
    if units is None or units.unread:
        st.info("Nothing was read." if units is None else units.unread, icon=":material/visibility_off:")
    else:
        rows = [
            {
                "what moves": UNITS[row].words,
                "action unit": f"AU{UNITS[row].number}, {UNITS[row].name}",
                "right": f"{units.strength[row, RIGHT]:.1f}",
                "left": f"{units.strength[row, LEFT]:.1f}",
                "present": "yes" if UNITS[row].number in units.present else "",
            }
            for row in np.flatnonzero(units.told)
        ]
        st.table(rows, hide_index=True, alt="How strongly each action unit shows, 0 to 5, by the person's halves")
        small_print(units_told(rested=False, covered=units.covered))
    measured = face.face.quality
    st.markdown(f"**Head**: {head_words(measured.yaw_deg, measured.pitch_deg, measured.roll_deg)}")
    if units is not None:
        st.markdown(f"**Eyes**: {gaze_words(units.gaze_deg)}")


def _patterns(face: FaceResult, key: str) -> None:
    # Not above: compiled code that only this view needs.
    from engine.features import lbp

    codes = lbp.lbp_3x3(face.crop)
    show_lbp(codes, lbp.histogram(codes, 256), key)


def _numbers(face: FaceResult, key: str) -> None:
    ordered = sorted(face.probabilities.items(), key=lambda pair: pair[1], reverse=True)
    st.table(
        {
            "expression": [label for label, _ in ordered],
            "probability": [escape_markdown(percent(value, 2)) for _, value in ordered],
        },
        hide_index=True,
        width="content",
        alt="Probability of each expression",
    )
    left, top, width, height = face.face.detection.box
    small_print(f"Box on the picture: x {left:.0f}, y {top:.0f}, width {width:.0f}, height {height:.0f} pixels.")


def _quality(face: FaceResult, key: str) -> None:
    """Show every measure in a table."""
    measured = face.face.quality
    rows = [
        {"measure": name, "value": escape_markdown(form(getattr(measured, field))), "warned": warned}
        for field, name, form, warned in _MEASURES
    ]
    st.table(rows, hide_index=True, width="content", alt="Measured quality of this face")
