"""Personal data: passport data of class 11, on what basis data are processed, everything about one person, erasure."""
