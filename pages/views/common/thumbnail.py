"""Small pictures in a row that wraps."""

import numpy as np
import streamlit as st

from pages.views.common.data_url import inline
from pages.views.common.text import plain, small


def thumbnail(picture: np.ndarray, side: int, words: str, alt: str, *, moving: bool = False) -> None:
    """Show a picture with a word or two below it; to be put into a horizontal container.

    Parameters
    ----------
    picture
        (height, width) gray or (height, width, 3) RGB, uint8.
    side
        Its width on the page, in pixels.
    words
        What stands below, as its author wrote it; nothing where it is empty.
    alt
        What a screen reader says instead of the picture.
    moving
        Whether another one takes its place many times a second.
    """
    with st.container(width=side, gap="xxsmall"):
        shown = enlarged(picture, side)
        st.image(inline(shown) if moving else shown, width=side, alt=alt)
        if words:
            st.markdown(small(plain(words)), width=side, text_alignment="center")


def enlarged(picture: np.ndarray, side: int) -> np.ndarray:
    """Return a small picture with its longer side at least ``side`` pixels, each pixel a square."""
    factor = max(1, -(-side // max(picture.shape[:2])))
    return picture.repeat(factor, axis=0).repeat(factor, axis=1)
