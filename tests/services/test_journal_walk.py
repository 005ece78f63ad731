"""Whatever hands do in whatever order, the sums say what the marks say and expectations what stands."""

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from ejd import clock
from ejd.journal import sums, works
from ejd.journal.expecting import Awaiting
from ejd.journal.models import Expectation, Mark, MarkCorrection
from ejd.refusal import Refused
from ejd.schedule import substitutions
from tests.journal import Hand

DAYS = (date(2026, 9, 8), date(2026, 9, 10), date(2026, 9, 11))
ACTS = ("put", "put", "put for the work", "put for the work", "correct", "describe", "redate", "move", "move to pupil",
        "withdraw", "letter", "attendance", "owe", "hand in", "release", "weigh the work", "hand over", "substitute")
STEPS = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 50), st.integers(0, 20)), min_size=5, max_size=40)


class Walk:
    """A teacher who does anything at all at three lessons, to two pupils."""

    def __init__(self, school):
        self.school, self.session, self.anna = school, school.session, Hand(school, school.anna)
        self.lessons = [school.lesson(school.course("7А", "Матем"), day) for day in DAYS]
        self.pupils = [school.vitya, school.person("Ким", "Софья")]
        self.work = self.anna.declares(self.lessons[0], "test")
        self.at = clock.at(date(2026, 9, 11), 12)

    def step(self, act, which, how):
        """One act; refused ones change nothing."""
        self.at += timedelta(hours=how)
        lesson, pupil = self.lessons[which % 3], self.pupils[which % 2]
        try:
            with self.session.begin_nested():
                self._do(act, lesson, pupil, which, how)
        except Refused:
            pass

    def _do(self, act, lesson, pupil, which, how):
        anna, at, value = self.anna, self.at, "5432"[how % 4]
        standing = self.session.scalars(select(Mark).where(Mark.withdrawn_at.is_(None)).order_by(Mark.id)).all()
        mark = standing[which % len(standing)] if standing else None
        who = {"actor_id": self.school.anna.id, "work_id": self.work.id, "pupil_id": pupil.id, "now": at}
        if act == "put":
            anna.puts(lesson, pupil, value, at=at)
        elif act == "put for the work":
            anna.puts(self.lessons[0], pupil, value, at=at, work_id=self.work.id)
        elif act == "letter":
            anna.notes(self.lessons[0], pupil, ("н", "о", None)[how % 3], at=at, version=which % 4 or None)
        elif act == "attendance":
            anna.takes_attendance(lesson, at=at)
        elif act == "owe":
            works.owe(self.session, hand_in_by=clock.local(at).date() + timedelta(days=how), **who)
        elif act == "hand in":
            works.hand_in(self.session, on=clock.local(at).date(), **who)
        elif act == "release":
            works.release(self.session, **who)
        elif act == "weigh the work":
            works.change_work(self.session, actor_id=self.school.anna.id, work_id=self.work.id, now=at,
                              weight=1 + how % 5, version=self.work.version, settings=anna.settings)
        elif act == "substitute":
            substitutions.substitute_many(self.session, actor_id=self.school.dina.id, lessons=[lesson], now=at,
                                          teacher_id=(self.school.eva, self.school.anna)[how % 2].id)
        elif act == "hand over":
            works.hand_over(self.session, actor_id=None, course_id=lesson.course_id, from_teacher_id=None,
                            to_teacher_id=(self.school.anna, self.school.boris)[how % 2].id,
                            on=clock.local(at).date(), now=at)
        elif mark is not None:
            self._change(act, mark, lesson, pupil, value, how)

    def _change(self, act, mark, lesson, pupil, value, how):
        anna, at = self.anna, self.at
        if act == "correct":
            anna.corrects(mark, value, at=at)
        elif act == "describe":
            anna.describes(mark, weight=1 + how % 3, kind_id=self.school.kind(("oral", "test")[how % 2]).id, at=at)
        elif act == "redate":
            anna.redates(mark, mark.received_on + timedelta(days=how % 5 - 2), "спросили позже", at=at)
        elif act == "move":
            anna.moves(mark, "lesson", lesson_id=lesson.id, at=at)
        elif act == "move to pupil":
            anna.moves(mark, "pupil", pupil_id=pupil.id, at=at)
        elif act == "withdraw":
            anna.withdraws(mark, at=at)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_a_random_walk_of_acts(school, session, steps):
    savepoint = session.begin_nested()
    try:
        walk = Walk(school)
        for step in steps:
            walk.step(*step)
        assert sums.recount(session) == []
        agree(session, walk.work)
    finally:
        savepoint.rollback()
        session.expire_all()


def agree(session, work):
    """Marks, their history and what the work expects tell one story."""
    marks = session.scalars(select(Mark)).all()
    assert all(mark.days_taken == (mark.entered_on - mark.received_on).days >= 0 for mark in marks)
    corrections = session.scalars(select(MarkCorrection.mark_id)).all()
    assert all(corrections.count(mark.id) < mark.version for mark in marks)
    stands = {mark.pupil_id for mark in marks if mark.work_id == work.id and mark.withdrawn_at is None}
    for row in session.scalars(select(Expectation).execution_options(populate_existing=True)):
        assert (row.awaiting == Awaiting.MET) is (row.pupil_id in stands)
        assert (row.awaiting == Awaiting.TEACHER) <= (row.due_on is not None)
        assert (row.awaiting == Awaiting.PUPIL) <= (row.due_on is None and row.hand_in_by is not None)
