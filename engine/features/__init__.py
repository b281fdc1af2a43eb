"""Features of a gray picture (local binary patterns, Gabor filters) and of a clip (flow, dynamic image, LBP-TOP)."""
