"""Expressions spotted over time: when a face leaves its rest, is furthest from it, and is back."""

from engine.recognition.spotting.spotter import BUFFER_S, EventWithFaces, Shown, Spotter

__all__ = ["BUFFER_S", "EventWithFaces", "Shown", "Spotter"]
