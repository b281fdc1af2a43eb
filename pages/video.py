"""Video: the moments in a recording at which a face shows something, also where it lasts half a second at most."""

from pages.views.common.guard import page
from pages.views.video.recordings import choose_source, current_recording, show_progress

with page("Video", "When does a face show an expression, and which? Give a recording and see each moment slowly."):
    stored = current_recording()
    if stored is None:
        choose_source()
    elif stored.analysis is None:
        show_progress(stored)
    else:
        # Not above: most of what a result needs is not needed before there is one.
        from pages.views.video.result import show_result

        show_result(stored)
