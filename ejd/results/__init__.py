"""What a term and a year came to: term, year, exam, final and behaviour marks, and the summary sheet."""
