"""The printed journal, its certification by the director, and whether a certified copy still agrees."""
