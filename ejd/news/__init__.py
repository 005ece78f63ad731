"""Telling people by e-mail that there is something new."""
