"""Sessions: people who agreed, what their faces showed when, reviewed, compared, and taken home."""

from pages.views.common.guard import page

with page("Sessions", "What did a face show, visit by visit? Keep recordings of people who agreed, and compare."):
    # Not above: what the guard turns away needs no database.
    from pages.views.sessions.overview import show_sessions

    show_sessions()
