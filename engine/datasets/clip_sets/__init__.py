"""Micro-expressions as clips: CASME, CASME II, CAS(ME)^2, SAMM and SMIC, from their folders and coding sheets."""

from engine.datasets.clip_sets.clip import Clip, ClipSet
from engine.datasets.clip_sets.flow import flow_set
from engine.datasets.clip_sets.read import KINDS, read_clips

__all__ = ["KINDS", "Clip", "ClipSet", "flow_set", "read_clips"]
