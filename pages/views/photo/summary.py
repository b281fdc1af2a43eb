"""All answers of the page in one table."""

import math
from collections.abc import Sequence

import streamlit as st

from pages.views.photo.answers import Answer

_ROW, _ROWS = 35, 8
"""Height of a row in pixels, and how many are seen at once."""


def show_summary(names: Sequence[str], answers: Sequence[Answer]) -> None:
    """Count, and show a row a face; a picture without faces or with an error has one row too.

    A single row would only repeat what stands below it, and is not shown.
    """
    if sum(max(1, len(answer.faces)) for answer in answers) < 2:
        return
    unread = sum(answer.error is not None for answer in answers)
    empty = sum(answer.error is None and not answer.faces for answer in answers)
    st.markdown(
        f"**{_count(len(answers), 'picture')}, {_count(sum(len(answer.faces) for answer in answers), 'face')}**"
        + (f", {empty} without a face" if empty else "")
        + (f", {unread} not read" if unread else "")
    )
    rows = []
    for name, answer in zip(names, answers, strict=True):
        if answer.error is not None:
            rows.append({"picture": name, "answer": answer.error.what})
        elif not answer.faces:
            rows.append({"picture": name, "answer": "no face found"})
        for number, face in enumerate(answer.faces, 1):
            rows.append(
                {
                    "picture": name,
                    "face": number,
                    "answer": face.answer,
                    "most probable": face.expression,
                    # Cut off, not rounded: 99.98 % is no certainty.
                    "probability": math.floor(1000 * face.certainty) / 10,
                    "warnings": ", ".join(check.name for check in face.face.quality.checks),
                }
            )
    st.dataframe(
        rows,
        hide_index=True,
        height=_ROW * (min(len(rows), _ROWS) + 1) + 3,
        column_config={
            "picture": None if len(names) == 1 else st.column_config.TextColumn(),
            "probability": st.column_config.NumberColumn(format="%.1f %%"),
        },
        placeholder="–",
        alt="All answers, one row a face",
    )


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
