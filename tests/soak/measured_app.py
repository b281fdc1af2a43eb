"""The dashboard, but each picture of the page Live tells which of the camera's pictures its words are about.

For ``measure_live.py``: the camera's pictures carry their numbers in their first row of squares (``bits.py``). Of the
pictures that come back, the second row tells which one the words are about, the third which answer they give.
"""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parent)]

import bits

from engine.recognition.live import LivePipeline
from pages.views.common.navigation import navigation
from pages.views.live import camera

ABOUT = {}


def telling(see):
    def told(self, picture, time_s):
        state = see(self, picture, time_s)
        face = state.main
        label = 0 if face is None else 1 + [*self.labels, "undecided"].index(face.answer)
        ABOUT[state.frames, state.time_s] = bits.read(picture, 0), label
        if len(ABOUT) > 1000:
            del ABOUT[next(iter(ABOUT))]
        return state

    return told


def with_bits(draw):
    def drawn(picture, state, person=None):
        done = draw(picture, state, person)
        for row, number in enumerate(ABOUT.get((state.frames, state.time_s), (0, 0)), 1):
            bits.write(done, number, row)
        return done

    return drawn


if not hasattr(LivePipeline, "is_measured"):
    # Streamlit runs this file anew for each visit.
    LivePipeline.is_measured = True
    LivePipeline.see = telling(LivePipeline.see)
    camera.draw_live_picture = with_bits(camera.draw_live_picture)
navigation().run()
