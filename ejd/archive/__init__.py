"""A finished year as a file that opens without the program; all of the school's data out, and in again."""
