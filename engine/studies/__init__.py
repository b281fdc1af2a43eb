"""The experiments behind the figures of the README and the cards, one file each: ``python -m engine study NAME``."""
