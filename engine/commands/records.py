"""People's records: a key for pictures, deletion by date, and whether the audit log is whole."""

import argparse
import os
import tempfile

WHAT = {
    "key": "print a new key by which pictures are encrypted, for NEUROMER_KEY",
    "sweep": "delete pictures past their date, as the dashboard does every hour",
    "audit": "tell whether the audit log is as it was written",
    "made-up": "draw and analyse the made-up person anew that an empty page Sessions offers",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the verb's arguments."""
    told = "; ".join(f"{name}: {words}" for name, words in WHAT.items())
    parser.add_argument("what", choices=list(WHAT), help=told)


def run(options: argparse.Namespace) -> int:
    """Do one of `WHAT`."""
    if options.what == "key":
        from engine.records import keys

        print(keys.new_key())
        return 0
    if options.what == "made-up":
        _make_up()
        return 0
    if options.what == "sweep":
        from engine.records import pictures
        from engine.words import counted

        print(f"{counted(pictures.sweep(), 'picture')} deleted.")
        return 0
    from engine.records import audit, database
    from engine.settings import LOCAL_OWNER

    entries, wrong = audit.verified(LOCAL_OWNER) if database.is_there() else (0, None)
    if wrong is not None:
        print(f"Entry {wrong} of the audit log is not as it was written, or one before it is gone.")
        return 1
    print(f"The audit log is whole: {entries} entries.")
    return 0


def _make_up() -> None:
    from engine.files import replace_with
    from engine.records import database, keys, made_up

    os.environ.pop("NEUROMER_DATABASE_URL", None)
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"NEUROMER_DATA": folder, keys.VARIABLE: keys.new_key()}
        try:
            data = made_up.write(print)
        finally:
            database.close()
    with replace_with(made_up.FILE) as file:
        file.write(data)
    print(f"{made_up.FILE}: {len(data):,} bytes")
