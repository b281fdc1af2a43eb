"""Home: what NeuroMER does, tried at once."""

from pages.views.common.guard import error_boundary, page
from pages.views.home.example import show_example
from pages.views.home.privacy import show_privacy
from pages.views.home.ways import show_ways

with page(
    "Which expression does a face show?",
    "NeuroMER names it in photos, recordings and in front of the camera, says why and how sure it is, or that it "
    "does not know. Click a picture:",
    looked_at_first=True,
):
    with error_boundary():
        show_example()
    show_ways()
    show_privacy()
