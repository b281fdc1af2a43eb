"""List imported data sets, join several, change pictures of one by hand, or remove one."""

import argparse

from engine.commands.progress_line import ProgressLine
from engine.datasets import store
from engine.datasets.edits import KINDS
from engine.datasets.words import edits_in_words, in_words, set_in_words
from engine.errors import DataError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the verb's arguments."""
    what = parser.add_subparsers(dest="what")
    what.add_parser("list", help="list what is imported")
    joining = what.add_parser("join", help="put sets together, to learn from all of them")
    joining.add_argument("names", metavar="NAME", nargs="+", help="of an imported set")
    joining.add_argument("--name", metavar="NEW", required=True, help="what to call the joined set")
    editing = what.add_parser("edit", help="leave pictures of a set out, label or tag them; each change can be undone")
    editing.add_argument("name", metavar="NAME", help="of an imported set")
    change = editing.add_mutually_exclusive_group()
    for kind, words in (("exclude", "leave these out"), ("include", "take these in again")):
        change.add_argument(f"--{kind}", metavar="PICTURE", type=int, nargs="+", help=words)
    for kind, words in (("relabel", "label these anew"), ("tag", "tag these"), ("untag", "take a tag away from these")):
        change.add_argument(f"--{kind}", metavar=("WORD", "PICTURE"), nargs="+", help=words)
    change.add_argument("--undo", action="store_true", help="take the last change back")
    removing = what.add_parser("remove", help="remove an imported set")
    removing.add_argument("name", metavar="NAME", help="of the set")


def run(options: argparse.Namespace) -> int:
    """Do what is asked."""
    if options.what == "remove":
        remove_set(options.name)
    elif options.what == "edit":
        edit_set(options)
    elif options.what == "join":
        with ProgressLine() as line:
            name = store.join_sets(options.names, options.name, line)
        print("\n".join(set_in_words(store.about(name))))
    else:
        list_sets()
    return 0


def remove_set(name: str) -> None:
    """Remove a set, and say so."""
    store.remove(name)
    print(f"{name} is removed.")


def edit_set(options: argparse.Namespace) -> None:
    """Make the change that is asked for, if any, and print all that are there."""
    name = options.name
    if options.undo:
        store.undo_edit(name)
    for kind in KINDS:
        if (given := getattr(options, kind)) is None:
            continue
        value, pictures = ("", given) if kind in ("exclude", "include") else (given[0], given[1:])
        try:
            store.edit(name, kind, [int(each) for each in pictures], value)
        except ValueError as error:
            raise DataError(f"{given!r} has what is no number of a picture.", "Write whole numbers.") from error
    changes = store.edits(name)
    for number, each in enumerate(changes.log, 1):
        pictures = " ".join(map(str, each.pictures))
        print(f"{number}: {each.kind} {each.value}".rstrip() + f": {pictures}")
    print(f"{name}: {edits_in_words(changes)}")


def list_sets() -> None:
    """Print a line for each set; a damaged one does not hide the others."""
    names = store.names()
    if not names:
        print("Nothing is imported yet.")
    for name in names:
        try:
            print(in_words(store.about(name)) + ("" if store.checks(name) is None else ", checked"))
        except DataError as error:
            print(f"{name}: {error}")
