"""What several pages share: guard, state, figures, text."""
