"""What each page shows, a folder a page. In a folder of its own, so that nothing here becomes a page."""
