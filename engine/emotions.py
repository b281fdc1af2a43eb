"""Every label set and the maps between them.

A name stands for the expression shown, never for what a person feels.
"""

import numpy as np

SEVEN = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
"""FER2013's seven, in FER2013's order (Goodfellow et al. 2013, doi 10.1007/978-3-642-42051-1_16)."""

NEUTRAL = "neutral"
"""What a face shows that shows none of the others."""

PAPER_SIX = SEVEN[:6]
"""The six of the reference paper (doi 10.51846/vol7iss4pp173-182): the seven less neutral (our choice)."""

FERPLUS_COLUMNS = ("neutral", "happy", "surprise", "sad", "angry", "disgust", "fear", "contempt", "unknown", "no face")
"""What the ten voters of FERPlus could say (Barsoum et al. 2016, doi 10.1145/2993148.2993165), in its column order."""

MICRO_LONGEST_S = 0.5
"""An expression that lasts at most so long, from onset to offset, is a micro-expression (Yan et al. 2013, doi
10.1007/s10919-013-0159-8)."""

_SAME_AS = {
    "anger": "angry",
    "disgusted": "disgust",
    "fearful": "fear",
    "afraid": "fear",
    "scared": "fear",
    "happiness": "happy",
    "joy": "happy",
    "smile": "happy",
    "sadness": "sad",
    "surprised": "surprise",
    "contemptuous": "contempt",
    "nf": "no face",
}


WORDS = (*SEVEN, "contempt", *_SAME_AS)
"""All words for an expression that are understood."""


def canonical(name: str) -> str:
    """Return NeuroMER's word for a class name: lower case, ``anger`` becomes ``angry``, ``happiness`` ``happy`` ...

    A name that is no known synonym comes back in lower case, trimmed.
    """
    word = str(name).strip().lower()
    return _SAME_AS.get(word, word)


def known(name: str) -> bool:
    """Tell whether a class name means one of the expressions that NeuroMER has a word for."""
    return canonical(name) in (*SEVEN, "contempt")


def votes_to_targets(votes: np.ndarray, labels: tuple[str, ...] = SEVEN) -> np.ndarray:
    """Turn FERPlus votes into soft targets over ``labels``.

    A single vote is dropped as an outlier, as Barsoum et al. (2016) do; what remains of the labels' votes is
    normalised to sum 1.

    Parameters
    ----------
    votes
        (n, 10) integers in the order of `FERPLUS_COLUMNS`; -1 where a picture has no votes.
    labels
        The k emotions to spread the votes over.

    Returns
    -------
    numpy.ndarray
        (n, k) float32. A row is all zeros where no target can be given: without votes, where most voters saw no
        face or could not tell, or where no vote of at least two remains on ``labels``.
    """
    counts = np.where(votes > 1, votes, 0).astype(np.float32)
    kept = counts[:, [FERPLUS_COLUMNS.index(label) for label in labels]]
    undecided = counts[:, [FERPLUS_COLUMNS.index("unknown"), FERPLUS_COLUMNS.index("no face")]].sum(axis=1)
    total = kept.sum(axis=1)
    usable = (total > 0) & (total > undecided)
    return np.where(usable[:, None], kept / np.maximum(total, 1)[:, None], 0).astype(np.float32)


def votes_to_majority(votes: np.ndarray) -> np.ndarray:
    """Return each picture's majority label as a word, ``""`` where there is none.

    The majority is the column that more voters chose than any other, over all ten columns; a tie and a picture
    without votes have none.

    Parameters
    ----------
    votes
        (n, 10) integers in the order of `FERPLUS_COLUMNS`.

    Returns
    -------
    numpy.ndarray
        (n,) of str: one of `FERPLUS_COLUMNS`, or ``""``.
    """
    ordered = np.sort(votes, axis=1)
    clear = (ordered[:, -1] > ordered[:, -2]) & (ordered[:, -1] > 0)
    return np.where(clear, np.array(FERPLUS_COLUMNS)[votes.argmax(axis=1)], "")


def votes_by_ferplus_rule(votes: np.ndarray) -> np.ndarray:
    """Return each picture's label by the rule of FERPlus' authors, ``""`` where it leaves the picture out.

    Single votes are dropped; a label needs more than half of what remains, contempt is one of eight, and pictures
    that most called unknown or no face are left out (Barsoum et al. 2016, doi 10.1145/2993148.2993165, "majority
    voting"). Published figures on FERPlus follow it.

    Parameters
    ----------
    votes
        (n, 10) integers in the order of `FERPLUS_COLUMNS`.

    Returns
    -------
    numpy.ndarray
        (n,) of str: one of the first eight `FERPLUS_COLUMNS`, or ``""``.
    """
    kept = np.where(votes > 1, votes, 0)
    label = np.array(FERPLUS_COLUMNS)[kept.argmax(axis=1)]
    counts = (kept.max(axis=1) > 0.5 * kept.sum(axis=1)) & np.isin(label, FERPLUS_COLUMNS[:8])
    return np.where(counts, label, "")


def kind_of(onset_s: float, offset_s: float, *, whole: bool = True) -> str:
    """Return ``"micro"`` or ``"macro"`` for an expression of this length.

    One that was not seen ``whole``, from its onset to its end, may have lasted longer: it is ``"macro"`` where what was
    seen of it is, and otherwise ``"open"``, neither short nor long yet.
    """
    if offset_s - onset_s > MICRO_LONGEST_S + 1e-9:
        return "macro"
    return "micro" if whole else "open"
