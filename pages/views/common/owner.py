"""Whose records a visitor sees."""

from engine.records.tables import LOCAL_OWNER


def current_owner() -> str:
    """Return the owner of what this visitor keeps: the one local user, until people log in."""
    return LOCAL_OWNER
