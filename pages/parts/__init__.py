"""What the pages share. In a folder of its own, so that nothing here becomes a page."""
