"""A journal's plan and its topics, and which topics a lesson took."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ejd.db import Instant, Model


class Plan(Model):
    """The lesson plan («КТП») of one journal; parallel classes, subgroups and years get copies."""

    __tablename__ = "plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), unique=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)  # of the plan with all its topics


class PlanTopic(Model):
    """A topic in the plan's order, with its hours (lessons) and the homework that goes with it."""

    __tablename__ = "plan_topic"
    __table_args__ = (Index("ix_plan_topic_order", "plan_id", "position"),
                      CheckConstraint("hours BETWEEN 1 AND 99", name="hours"))

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    position: Mapped[int]
    section: Mapped[str] = mapped_column(String(200), default="")  # «раздел»
    title: Mapped[str] = mapped_column(Text)
    hours: Mapped[int] = mapped_column(default=1)
    homework: Mapped[str] = mapped_column(Text, default="")
    kind_id: Mapped[int | None] = mapped_column(ForeignKey("work_kind.id"))  # a work planned for this topic
    dropped: Mapped[bool] = mapped_column(default=False)  # taken out of the plan after lessons had taken it


class LessonTopic(Model):
    """A lesson took a topic, or several merged ones when lessons fell out."""

    __tablename__ = "lesson_topic"

    lesson_id: Mapped[int] = mapped_column(ForeignKey("lesson.id"), primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("plan_topic.id"), primary_key=True, index=True)
