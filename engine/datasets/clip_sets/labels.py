"""What the coders of each set wrote, brought to three and to five classes.

Three classes, as in the composite of MEGC2019 (See et al. 2019, doi 10.1109/FG.2019.8756611): negative is repression,
anger, contempt, disgust, fear or sadness; positive is happiness; surprise is surprise; the rest is left out. Five
classes are those that each set is usually measured in; the words are the coders' own, and name the expression shown.
"""

THREE = ("negative", "positive", "surprise")

FIVE = {
    "casme": ("tense", "disgust", "repression", "surprise", "happiness"),
    "casme2": ("happiness", "disgust", "repression", "surprise", "others"),
    "samm": ("anger", "contempt", "happiness", "surprise", "others"),
}
"""By kind of set. CASME has eight; these are the five with the most clips (our choice). SMIC and CAS(ME)^2 are coded in
three, and three and others."""

_SAME_AS = {
    "happy": "happiness",
    "positive": "positive",
    "po": "positive",
    "ne": "negative",
    "sur": "surprise",
    "surprised": "surprise",
    "angry": "anger",
    "sad": "sadness",
    "afraid": "fear",
    "disgusted": "disgust",
    "repress": "repression",
    "repressed": "repression",
    "tension": "tense",
    "other": "others",
}

_TO_THREE = dict.fromkeys(("repression", "anger", "contempt", "disgust", "fear", "sadness", "negative"), "negative") | {
    "happiness": "positive",
    "positive": "positive",
    "surprise": "surprise",
    "tense": None,
    "others": None,
}


def word(written: str) -> str:
    """Return a sheet's word in one spelling: lower case, ``Other`` becomes ``others``, ``happy`` ``happiness`` ..."""
    plain = " ".join(written.split()).lower()
    return _SAME_AS.get(plain, plain)


def known(written: str) -> bool:
    """Tell whether a sheet's word is one that the five sets use."""
    return word(written) in _TO_THREE


def three(written: str) -> str | None:
    """Return one of `THREE`, or None for what the composite of MEGC2019 leaves out and for unknown words."""
    return _TO_THREE.get(word(written))


def five(kind: str, written: str) -> str | None:
    """Return one of ``FIVE[kind]``, or None for what is left out; raises KeyError for a kind without five classes."""
    plain = word(written)
    return plain if plain in FIVE[kind] else None
