"""Lesson plans («КТП»): the topics of a journal in order, what the lessons took of them, and the lag."""
