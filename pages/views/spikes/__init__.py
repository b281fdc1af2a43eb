"""The page Spikes."""
