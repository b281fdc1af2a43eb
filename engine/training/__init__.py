"""From labelled faces to a trained, exported model."""
