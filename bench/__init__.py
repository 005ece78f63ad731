"""What is measured, against its budget and its floor: `python -m bench`."""
