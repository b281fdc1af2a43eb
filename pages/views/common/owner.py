"""Whose records a visitor sees."""

from engine.settings import LOCAL_OWNER
from pages.views.common.shared import is_shared


def current_owner() -> str:
    """Return the owner of what this visitor keeps: the one local user, until people log in."""
    return LOCAL_OWNER


def is_personal() -> bool:
    """Tell whether `current_owner` is one person: on a shared server without login it is everybody."""
    return not is_shared()
