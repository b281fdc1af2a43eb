"""Import a data set into the library, and check it."""

import argparse
import sys
from contextlib import AbstractContextManager
from pathlib import Path
from tempfile import TemporaryDirectory

from engine.commands.dataset import list_sets, remove_set
from engine.commands.progress_line import ProgressLine
from engine.datasets import store
from engine.datasets.words import leak_in_words, set_in_words
from engine.errors import DataError
from engine.studies.duplicate_leak import leakage_gain
from engine.tasks import Progress
from engine.tasks.task import working

DRAWN = "drawn faces"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the verb's arguments."""
    parser.add_argument(
        "source",
        nargs="?",
        metavar="PATH",
        help="class folders or a zip of them, fer2013.csv, .npz, CK+48; or the name of an imported set, to check it",
    )
    parser.add_argument("--drawn", action="store_true", help="instead of PATH: a small set of drawn faces, to try with")
    parser.add_argument("--name", help="what to call the set; a set of that name is replaced once the new one is whole")
    parser.add_argument("--check", action="store_true", help="look for copies, bad pictures and likely wrong labels")
    parser.add_argument(
        "--leak",
        nargs="?",
        const="knn",
        metavar="LEARNER",
        help="measure what copies on both sides of a split would be worth to knn, svm, random-forest or a recipe",
    )
    # What `dataset list` and `dataset remove` do now: these two go with the next release.
    parser.add_argument("--list", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--remove", metavar="NAME", help=argparse.SUPPRESS)
    parser.add_argument("--job", type=Path, help=argparse.SUPPRESS)


def run(options: argparse.Namespace) -> int:
    """Do what was asked, telling how far it is."""
    if options.remove:
        print("`import --remove` is called `dataset remove` now.", file=sys.stderr)
        remove_set(options.remove)
    if options.source and options.drawn:
        raise DataError("Both a PATH and --drawn are given.", "Import one after the other.")
    if options.source or options.drawn:
        told: AbstractContextManager[Progress] = working(options.job) if options.job else ProgressLine()
        with told as progress:
            try:
                _bring_in(options, progress)
            finally:
                if options.job is not None and options.source and Path(options.source).parent == options.job:
                    # What was uploaded into the job's folder: it is imported, or will be uploaded again.
                    Path(options.source).unlink(missing_ok=True)
    elif not options.list and not options.remove:
        raise DataError("There is nothing to import.", "Give a PATH, or --drawn.")
    if options.list:
        print("`import --list` is called `dataset list` now.", file=sys.stderr)
        list_sets()
    return 0


def _bring_in(options: argparse.Namespace, progress: Progress) -> None:
    drawing, importing, checking, measuring = progress.split(
        100 if options.drawn else 0, 1, 15 if options.check else 0, 20 if options.leak else 0
    )
    if options.drawn:
        # Not above: every verb's file is read at each start.
        from engine.practice.face_set import write_faces

        with TemporaryDirectory() as home:
            write_faces(Path(home) / DRAWN, drawing)
            name = store.import_set(Path(home) / DRAWN, options.name, importing)
    else:
        name = _imported(options, importing)
    if options.check:
        store.check_set(name, checking)
    gain = leakage_gain(store.load(name), options.leak, progress=measuring) if options.leak else None
    if gain is not None:
        store.keep_leak(name, gain)
    if isinstance(progress, ProgressLine):
        progress.clear()
    print("\n".join(set_in_words(store.about(name), store.checks(name), store.groups_found(name))))
    if gain is not None:
        print(leak_in_words(gain))
        if store.checks(name) is None:
            print("The set is not checked: copies that are not equal to the bit may be unknown. Add --check.")


def _imported(options: argparse.Namespace, progress: Progress) -> str:
    """Return the name of the set that is meant, imported first where it is not there."""
    name: str = options.source
    known = name in store.names() and not options.name
    if known and not (options.check or options.leak or Path(name).exists()):
        raise DataError(f"{name} is imported already.", "Add --check to check it, or --leak.")
    # Where a file here has the name of a set, what there is to do tells which one is meant; ./NAME is always the file.
    if not known or not (options.check or options.leak):
        return store.import_set(name, options.name, progress)
    return name
