"""Features of a gray picture: local binary patterns."""
