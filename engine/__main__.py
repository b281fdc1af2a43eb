"""NeuroMER without a browser: ``python -m engine VERB``."""

import sys

from engine.interrupts import INTERRUPTED, Interrupts, say_so

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
    with Interrupts() as interrupts:
        # Not above: reading all that the verbs need takes a moment, in which somebody may press Ctrl+C already.
        from engine.console import open_what_is_closed, print_anywhere, visible_output

        open_what_is_closed()
        print_anywhere()
        with visible_output():
            return _run(sys.argv[1:] if arguments is None else arguments, interrupts)


def _run(arguments: list[str], interrupts: Interrupts) -> int:
    from engine.arguments import Parser
    from engine.commands import VERBS
    from engine.console import whole_output
    from engine.errors import UserError

    parser = Parser(
        prog="python -m engine",
        description="NeuroMER without a browser.",
        epilog="`python -m engine VERB --help` tells what a verb takes.",
    )
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    for name, module in VERBS.items():
        summary = (module.__doc__ or "").splitlines()[0]
        module.add_arguments(verbs.add_parser(name, help=summary, description=summary))
    try:
        with interrupts.orderly(), whole_output():
            options = parser.parse_args(_by_present_name(arguments))
            return VERBS[options.verb].run(options)
    except UserError as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 141  # what a shell expects of a command whose reader has left
    except KeyboardInterrupt as stopped:
        say_so(str(stopped))
        return INTERRUPTED


def _by_present_name(arguments: list[str]) -> list[str]:
    for old, new in _RENAMED.items():
        if tuple(arguments[: len(old)]) == old:
            print(f"`{' '.join(old)}` is called `{' '.join(new)}` now.", file=sys.stderr)
            return [*new, *arguments[len(old) :]]
    return arguments


if __name__ == "__main__":
    with Interrupts(last=True):
        sys.exit(main())
