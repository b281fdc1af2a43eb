"""Architectures, trained models and their cards."""
