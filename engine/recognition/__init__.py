"""What a page or a command asks for: a picture in, an answer out."""
