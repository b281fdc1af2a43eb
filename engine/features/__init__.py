"""Features of a gray picture: local binary patterns and Gabor filters."""
