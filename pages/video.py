"""Video: the moments in a recording at which a face shows something, also where it lasts half a second at most."""

from pages.views.common.guard import page
from pages.views.video.held import current
from pages.views.video.progress import show_progress
from pages.views.video.source import choose_source

with page("Video", "When does a face show an expression, and which? Give a recording and see each moment slowly."):
    kept = current()
    if kept is None:
        choose_source()
    elif kept.analysis is None:
        show_progress(kept)
    else:
        # Not above: most of what a result needs is not needed before there is one.
        from pages.views.video.result import show_result

        show_result(kept)
