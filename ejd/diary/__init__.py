"""The family's reading side: the week, marks by subject, what is expected."""
