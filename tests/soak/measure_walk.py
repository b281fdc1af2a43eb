"""Measure a server's memory after a walk through all pages, each with what it is for, and once nobody is there.

    python tests/soak/measure_walk.py [--after 150]

Prints the memory after each page, and so many seconds after the visitor has left: at most 700 MB.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parents[1]), str(HERE), str(HERE.parent)]

from cameras import face, watch
from hour import import_small_set, wait_for
from photos import photo
from server_process import resident_mb
from serving import serving
from visitor import Visitor


def photos(visitor):
    """Give two large photos, and look at the example."""
    visitor.give("photo files", {f"{number}.jpg": photo(12, number) for number in range(2)})
    visitor.files.clear()
    visitor.choose("photo source", "Example")


def recording(visitor):
    """Have an example analysed."""
    visitor.choose("video source", "Example")
    visitor.press("video example start")
    wait_for(visitor, lambda: visitor.find("button", "video forget now"), "recording")


def camera(visitor):
    """Turn the camera on for ten seconds."""
    assert watch(visitor, face(), 10)


def tabs(key, *labels):
    """Return what opens one tab after the other."""
    return lambda visitor: [visitor.open_tab(key, label) for label in labels]


def segments(key, *options):
    """Return what chooses one segment after the other."""
    return lambda visitor: [visitor.choose(key, option) for option in options]


def evaluation(visitor):
    """Look at each part of the figures."""
    segments("evaluate look", *(each.content for each in visitor.find("button_group", "evaluate look").options))(
        visitor
    )


def models(visitor):
    """Open the card of each model."""
    for title in visitor.find("selectbox", "models model").options:
        visitor.set("selectbox", "models model", "string_value", title)


WALK = {
    "photo": photos,
    "video": recording,
    "live": camera,
    "practice": lambda visitor: None,
    "sessions": lambda visitor: None,
    "datasets": tabs("datasets view", "Pictures", "Problems", "Splits"),
    "train": lambda visitor: None,
    "evaluate": evaluation,
    "spikes": segments("spikes view", "Train it live", "One picture"),
    "models": models,
}


def main():
    """Measure and print; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--after", type=float, default=150)
    parser.add_argument("--most", type=float, default=700, help="MB that may be held then")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, serving(Path(name), NEUROMER_DATA=f"{name}/data") as running:
        import_small_set(Path(name))
        print(f"{resident_mb(running.pid):5.0f} MB  started", flush=True)
        with Visitor(running.port) as visitor:
            for page, look in WALK.items():
                visitor.go(page)
                opened = resident_mb(running.pid)
                look(visitor)
                print(f"{resident_mb(running.pid):5.0f} MB  {page} ({opened:.0f} once open)", flush=True)
        time.sleep(chosen.after)
        left = resident_mb(running.pid)
        print(f"{left:5.0f} MB  {chosen.after:.0f} s after the visitor has left; at most {chosen.most:.0f}")
    return int(left > chosen.most)


if __name__ == "__main__":
    sys.exit(main())
