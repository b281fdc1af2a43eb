"""What the page Practice shows."""
