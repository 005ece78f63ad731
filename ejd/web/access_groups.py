"""Loaders of groups over several classes."""

from __future__ import annotations

from flask import abort

from ejd.roster.models import Course
from ejd.web.access import course_listed


def group_listed(group_id: int) -> Course:
    """A group's journal, for whoever keeps the lists."""
    course = course_listed(group_id)
    return course if course.class_id is None else abort(404)
