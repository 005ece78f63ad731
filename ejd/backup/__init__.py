"""Keeping the school's data: copies while the program runs, bringing one back, and the installation's health."""
