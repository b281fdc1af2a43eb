"""The verbs of the command line, one file each: ``add_arguments(parser)`` and ``run(options) -> exit status``."""

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

VERBS = {
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
"""Each verb's file by its name."""
