"""What is made of results once they stand: corrections by people, files for other programs, reports."""
