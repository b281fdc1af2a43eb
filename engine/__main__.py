"""NeuroMER without a browser: ``python -m engine VERB``."""

import argparse
import sys

from engine.commands import (
    bench,
    card,
    classify,
    clips,
    dataset,
    evaluate,
    import_,
    lowlight,
    micro,
    records,
    spikes,
    spot,
    study,
    synthesise,
    train,
)
from engine.console import print_anywhere, whole_output
from engine.errors import UserError

_VERBS = {
    "classify": classify,
    "spot": spot,
    "import": import_,
    "dataset": dataset,
    "clips": clips,
    "evaluate": evaluate,
    "train": train,
    "card": card,
    "micro": micro,
    "lowlight": lowlight,
    "spikes": spikes,
    "records": records,
    "synthesise": synthesise,
    "study": study,
    "bench": bench,
}

_RENAMED = {
    ("ablate",): ("study", "ablation"),
    ("lowlight", "measure"): ("study", "low-light"),
    ("micro", "benchmark"): ("study", "micro-expressions"),
    ("micro", "drawn"): ("study", "synthetic-micro-expressions"),
    ("spikes", "clips"): ("study", "first-clips"),
    ("spikes", "digits"): ("study", "spiking-digits"),
    ("spikes", "faces"): ("study", "spiking-faces"),
    ("spikes", "head"): ("study", "plastic-head"),
    ("spikes", "person"): ("study", "simulated-users"),
    ("spotting",): ("study", "spotting"),
}
"""Old names, which go with the next release, and what does the same."""


def main(arguments: list[str] | None = None) -> int:
    """Run one verb; return its exit status: 0 done, 1 something could not be done, 2 not understood."""
    print_anywhere()
    parser = argparse.ArgumentParser(
        prog="python -m engine",
        description="NeuroMER without a browser.",
        epilog="`python -m engine VERB --help` tells what a verb takes.",
    )
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    for name, module in _VERBS.items():
        summary = (module.__doc__ or "").splitlines()[0]
        module.add_arguments(verbs.add_parser(name, help=summary, description=summary))
    options = parser.parse_args(_by_present_name(sys.argv[1:] if arguments is None else arguments))
    try:
        with whole_output():
            return _VERBS[options.verb].run(options)
    except UserError as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 141  # what a shell expects of a command whose reader has left, and ...
    except KeyboardInterrupt:
        return 130  # ... of one that was interrupted


def _by_present_name(arguments: list[str]) -> list[str]:
    for old, new in _RENAMED.items():
        if tuple(arguments[: len(old)]) == old:
            print(f"`{' '.join(old)}` is called `{' '.join(new)}` now.", file=sys.stderr)
            return [*new, *arguments[len(old) :]]
    return arguments


if __name__ == "__main__":
    sys.exit(main())
