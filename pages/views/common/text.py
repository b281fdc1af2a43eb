"""Text on a page: what others wrote, shown as they wrote it; small letters; times and versions in words."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~<>$:&^=@/\"'])")
# Addresses become links after escapes are resolved; an invisible joiner inside keeps them words.
_ADDRESS = re.compile(r"(?i)www(?=\.)|https?(?=:)|mailto(?=:)|xmpp(?=:)|(?<=\S)(?=@)")
_JOINER = "\u2060"
_LONGEST = 60


def escape_markdown(text: str) -> str:
    """Return a text that Streamlit's Markdown shows letter by letter: no link, picture, colour or formula in it."""
    return _MARKDOWN.sub(r"\\\1", _ADDRESS.sub(rf"\g<0>{_JOINER}", one_line(text)))


def small_print(markdown: str, **layout: Any) -> None:
    """Show Markdown in small letters, but not in the gray of captions, which is faint on white (4.3:1)."""
    st.markdown(f":small[{markdown}]", **layout)


def one_line(text: str) -> str:
    """Return a text with each run of white space and of invisible control characters as one space."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def duration(seconds: float, decimals: int = 0) -> str:
    """Return a time in one or two units: ``40 s``, ``3 min 20 s``, ``2 h 5 min``; decimals below a minute only."""
    if round(seconds, decimals) < 60:
        return f"{seconds:.{decimals}f} s"
    seconds = round(seconds)
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60} s"
    return f"{seconds // 3600} h {seconds % 3600 // 60} min"


def by_clock(moment: datetime) -> datetime:
    """Return a moment as the visitor's own clock shows it, without its zone; as the server's where that is unknown."""
    try:
        zone = ZoneInfo(st.context.timezone or "")
    except (ValueError, OSError, ZoneInfoNotFoundError):
        zone = None
    return moment.astimezone(zone).replace(tzinfo=None)


def versions_in_words(versions: Mapping[str, str]) -> str:
    """Return which versions of libraries something was made with, as Markdown."""
    return escape_markdown(", ".join(f"{name} {version}" for name, version in versions.items()))


def short_name(name: str) -> str:
    """Return a file's name on one line, its middle left out where it is very long."""
    name = one_line(name)
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST // 2]}…{name[-_LONGEST // 2 + 1 :]}"
