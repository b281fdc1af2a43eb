"""Buttons of a page that draws itself anew twice a second: what they do is done before anything is drawn.

A button that is asked with ``if`` does nothing where the page begins anew before it comes to that line.
"""

from collections.abc import Callable

from engine.errors import UserError
from pages.views.common.guard import show_error, unexpected_error
from pages.views.common.page_state import page_state


def doing(place: str, action: Callable[[], None]) -> Callable[[], None]:
    """Return an action as what a button calls; what it meets is said by `say_refused` for the same place."""

    def do() -> None:
        refused = page_state("Live", "refused")
        refused.pop(place, None)
        try:
            action()
        except UserError as error:
            refused[place] = error
        except Exception:
            refused[place] = unexpected_error()

    return do


def say_refused(place: str) -> None:
    """Say what the latest action of a place has met, until there is another one."""
    if (error := page_state("Live", "refused").get(place)) is not None:
        show_error(error)
