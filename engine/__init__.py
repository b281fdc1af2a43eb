"""NeuroMER's engine: from the bytes of a picture to the expression shown, without a browser."""
