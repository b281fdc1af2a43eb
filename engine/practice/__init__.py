"""Practising one's own eye on short expressions: faces, rounds of them, a staircase that finds one's limit.

Practice with feedback on what moved makes people better at naming expressions that last a fraction of a second, and
some of it is still there weeks later: Matsumoto and Hwang (2011, doi 10.1007/s11031-011-9212-2). A face at rest stands
before and after the expression, so that no after-image is what one reads. Most of what people lose on short expressions
they lose below 0.2 s: Shen, Wu and Fu (2012, doi 10.1631/jzus.B1100063). What is practised on is drawn, or of an
imported set whose licence allows it; real faces are more varied than drawn ones.
"""

from engine.practice.displays import DISPLAYS, DRAWN, PEOPLE, face, people_for, unfolding
from engine.practice.rounds import CHOICES, Answer, Faces, Round, Trial
from engine.practice.scores import Score, scores
from engine.practice.staircase import Staircase

__all__ = [
    "CHOICES",
    "DISPLAYS",
    "DRAWN",
    "PEOPLE",
    "Answer",
    "Faces",
    "Round",
    "Score",
    "Staircase",
    "Trial",
    "face",
    "people_for",
    "scores",
    "unfolding",
]
