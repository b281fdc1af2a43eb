"""A recording in, who is seen in it and which expressions came and went out; recordings that are held in memory."""
