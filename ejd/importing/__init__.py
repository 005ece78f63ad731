"""Bringing a school's lists in from Excel and CSV: a preview first, then all of what was confirmed or nothing."""
