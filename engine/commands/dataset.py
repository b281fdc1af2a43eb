"""List imported data sets, join several, or remove one."""

import argparse

from engine.commands.progress_line import ProgressLine
from engine.datasets import store
from engine.datasets.words import in_words, set_in_words
from engine.errors import DataError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the verb's arguments."""
    what = parser.add_subparsers(dest="what")
    what.add_parser("list", help="list what is imported")
    joining = what.add_parser("join", help="put sets together, to learn from all of them")
    joining.add_argument("names", metavar="NAME", nargs="+", help="of an imported set")
    joining.add_argument("--name", metavar="NEW", required=True, help="what to call the joined set")
    removing = what.add_parser("remove", help="remove an imported set")
    removing.add_argument("name", metavar="NAME", help="of the set")


def run(options: argparse.Namespace) -> int:
    """Do what is asked."""
    if options.what == "remove":
        remove_set(options.name)
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
