"""NeuroMER without a browser: ``python -m engine VERB``."""

import argparse
import sys

from engine.commands import (
    ablate,
    bench,
    card,
    classify,
    clips,
    evaluate,
    import_,
    lowlight,
    micro,
    spikes,
    spot,
    spotting,
    synthesise,
    train,
)
from engine.errors import UserError

_VERBS = {
    "classify": classify,
    "spot": spot,
    "spotting": spotting,
    "import": import_,
    "clips": clips,
    "micro": micro,
    "evaluate": evaluate,
    "train": train,
    "lowlight": lowlight,
    "ablate": ablate,
    "card": card,
    "spikes": spikes,
    "synthesise": synthesise,
    "bench": bench,
}


def main(arguments: list[str] | None = None) -> int:
    """Run one verb; return its exit status: 0 done, 1 something could not be done, 2 not understood."""
    parser = argparse.ArgumentParser(prog="python -m engine", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    for name, module in _VERBS.items():
        summary = module.__doc__.splitlines()[0]
        module.add_arguments(verbs.add_parser(name, help=summary, description=summary))
    options = parser.parse_args(arguments)
    try:
        return _VERBS[options.verb].run(options)
    except UserError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130  # what a shell expects of a command that was interrupted


if __name__ == "__main__":
    sys.exit(main())
