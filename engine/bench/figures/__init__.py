"""The figures, one a file; each file has a function ``measure`` that returns its measurements."""
