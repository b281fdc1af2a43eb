"""A person's sessions over time: a chart and the table behind it."""

import streamlit as st

from engine.charts.sessions import session_lines
from engine.records.comparison import MEASURES, MOST, compare, series
from engine.records.tables import Person
from engine.sheets import csv_file
from pages.views.common.downloads import download_button
from pages.views.common.figures import show_figure
from pages.views.common.text import by_clock, small_print


def show_comparison(owner: str, person: Person) -> None:
    """Compare a person's sessions by what the reader chooses."""
    figures = compare(owner, person.id)
    if len(figures) < 2:
        st.info("With two sessions or more there is something to compare.", icon=":material/timeline:")
        return
    measure = st.segmented_control(
        "Compare",
        list(MEASURES),
        default=next(iter(MEASURES)),
        required=True,
        format_func=str.capitalize,
        key="sessions measure",
    )
    lines = series(figures, measure)
    show_figure(
        session_lines([by_clock(each.held_at) for each in figures], lines, measure.capitalize(), MEASURES[measure]),
        "sessions lines",
    )
    small_print(
        f"The latest {MOST} sessions at most. Recordings and Live runs count by their length; photos have none. How "
        "often something is seen also depends on light, distance, and what was talked about: a difference between two "
        "sessions is no change in the person by itself."
    )
    rows = [
        {
            "session": f"{by_clock(each.held_at):%Y-%m-%d %H:%M}",
            "title": each.title,
            "minutes": round(each.minutes, 2),
            "events": each.events,
            **{name: None if values[at] is None else round(values[at], 3) for name, values in lines.items()},
        }
        for at, each in enumerate(figures)
    ]
    st.dataframe(rows, hide_index=True, alt=f"{measure} of {len(figures)} sessions, one a row", placeholder="–")
    download_button(
        "Comparison, CSV", csv_file(list(rows[0]), rows), f"{measure.replace(' ', '-')}-over-time.csv", "sessions csv"
    )
