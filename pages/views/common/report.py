"""A report to take home: what it is to say besides, and both of its forms."""

from collections.abc import Callable

import streamlit as st

from engine.records.report import Report, report_html, report_pdf
from pages.views.common.downloads import download_button
from pages.views.common.text import small_print

LONGEST_CODE, LONGEST_NOTES = 60, 4000
"""Characters of a person's code, and of notes."""


def ask_for_words(key: str) -> tuple[str, str]:
    """Ask for a person's code and for notes; nothing of either is kept."""
    person = st.text_input(
        "Person’s code", key=f"{key} person", max_chars=LONGEST_CODE, width=320, help="No name: files get around."
    )
    notes = st.text_area(
        "Notes", key=f"{key} notes", max_chars=LONGEST_NOTES, placeholder="Empty leaves lines to write on."
    )
    return person.strip(), notes.strip()


def report_buttons(report: Callable[[], Report], file: str, key: str) -> None:
    """Offer a report in both forms, made when one of them is asked for.

    Parameters
    ----------
    report
        Gathers it.
    file
        What the files are called, without an ending.
    key
        Unlike that of any other report on the page.
    """
    with st.container(horizontal=True):
        download_button("Report, PDF", lambda: report_pdf(report()), f"{file}.pdf", f"{key} pdf")
        download_button("Report, HTML", lambda: report_html(report()), f"{file}.html", f"{key} html")
    small_print("Both open offline and print on A4 and Letter.")
