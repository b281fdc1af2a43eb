"""The experiments behind the figures of the README and the cards, one file each: ``python -m engine study NAME``.

A study is a file here and a row in `STUDIES`. The file has ``add_arguments(parser)``, ``run(options, progress)``, which
returns its figures, one or several dicts that can be written as JSON, and ``in_words(figures)``.
"""

STUDIES = {
    "ablation": "What each part of a recipe is worth: the same training without it.",
    "action-units": "How well action units and gaze are read, on drawn people and on labelled real faces.",
    "covered-faces": "Whether it is seen that something covers a face; trains the network that looks for it, too.",
    "duplicate-leak": "What copies on both sides of a split are worth to a learner.",
    "first-clips": "What a subject's first micro-expressions are worth for the rest of them.",
    "low-light": "What darkness costs a model, and what enhancements win back.",
    "micro-expressions": "The benchmark of micro-expressions: one subject left out, learners beside each other.",
    "person-adaptation": "Whether keeping what one person’s corrections taught is recommended where it helps.",
    "photo-clips": "How well expressions are spotted on real faces: photos bent by known action units.",
    "plastic-head": "A model's plastic head, taught and set beside the softmax layer.",
    "practice": "Whether the faces of Practice are read as what they show, and how soon its staircase settles.",
    "resting-face": "What it brings to take a face's own rest out of what it is called, and where it does not.",
    "simulated-users": "How soon a plastic head learns people whose expressions mean something else.",
    "spiking-digits": "scikit-learn's digits, learnt without labels.",
    "spiking-faces": "Happy, neutral and surprised faces, learnt by several rules of plasticity, side by side.",
    "spotting": "How well expressions are spotted over time, on synthetic clips whose truth is known.",
    "synthetic-micro-expressions": "Networks that read faces, on synthetic micro-expressions, also in the dark.",
    "turned-faces": "Whether faces are read right that lie on their side or stand on their head.",
    "unseen-sets": "How right a recipe is on a set that it never trained on, and on unseen parts of the others.",
}
"""What each measures. The module is named as the study is, with underscores."""
