"""Remarks of the administration on how journals are kept, answered and closed."""
