"""All marks of one work in one go: put, corrected and described line by line, saved together or not at all; what is
wrong is told for every line. Each line keeps the rules for one mark (`journal/marks.py`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from ejd.bulk import in_parts
from ejd.db import Session
from ejd.journal import criteria
from ejd.journal.marks import NewMark, correct_mark, describe_mark, put_mark, put_marks
from ejd.journal.models import Mark, Work, WorkCriterion
from ejd.journal.occasions import lock_lessons
from ejd.refusal import Refused, Stale
from ejd.school.settings import Settings


@dataclass(frozen=True, slots=True)
class Line:
    """What was typed for one pupil. `mark_id` and `version` name the mark that the form showed, `shown` its value and
    `shown_comment` its comment, so that a line nobody touched changes nothing. None: it showed no mark."""

    pupil_id: int
    value: str
    key: str
    comment: str = ""
    received_on: date | None = None
    mark_id: int | None = None
    version: int = 0
    shown: str = ""
    shown_comment: str = ""
    points: Mapping[int, int] | None = None  # by criterion; None where the work has no criteria
    shown_points: Mapping[int, int] = field(default_factory=dict)


class LinesRefused(Refused):
    """Some lines are not accepted: why, by pupil. Nothing is saved."""

    def __init__(self, lines: Mapping[int, Refused]) -> None:
        super().__init__("Ничего не сохранено: исправьте отмеченные строки")
        self.lines = lines

    @property
    def stale(self) -> bool:
        return any(isinstance(refused, Stale) for refused in self.lines.values())


def enter_work(session: Session, *, work: Work, lines: Sequence[Line], actor_id: int, now: datetime,
               settings: Settings) -> list[Mark]:
    """Save the lines; the marks that were put or changed. Raises LinesRefused. The same lines again under the same
    keys change nothing."""
    return _Entry(session, work, actor_id, now, settings).save(lines)


class _Entry:
    def __init__(self, session: Session, work: Work, actor_id: int, now: datetime, settings: Settings) -> None:
        self._session, self._work, self._actor_id = session, work, actor_id
        self._now, self._settings = now, settings
        lock_lessons(session, [work.lesson_id])
        self._refused: dict[int, Refused] = {}
        self._points: dict[Mark, Mapping[int, int]] = {}
        self._criteria: Sequence[WorkCriterion] = ()

    def save(self, lines: Sequence[Line]) -> list[Mark]:
        if any(line.points is not None for line in lines):
            self._criteria = criteria.criteria_of(self._session, self._work.id)
        standing = self._standing([line.mark_id for line in lines if line.mark_id is not None])
        new = [line for line in lines if line.mark_id is None and self._is_new(line)]
        changed = [self._change(line, standing) for line in lines if line.mark_id is not None and self._touched(line)]
        put = self._put(new)
        if self._refused:
            raise LinesRefused(self._refused)
        if self._points:
            criteria.score(self._session, actor_id=self._actor_id, points=self._points, now=self._now)
        return put + [mark for mark in changed if mark is not None]

    def _standing(self, mark_ids: Sequence[int]) -> dict[int, Mark]:
        found: dict[int, Mark] = {}
        for part in in_parts(sorted(mark_ids)):
            found.update((mark.id, mark) for mark in self._session.scalars(
                select(Mark).where(Mark.id.in_(part), Mark.work_id == self._work.id)
                .execution_options(populate_existing=True)))
        return found

    def _is_new(self, line: Line) -> bool:
        if line.value:
            return True
        if line.comment.strip() or line.points:
            self._refused[line.pupil_id] = Refused("Комментарий и баллы сохраняются вместе с отметкой: поставьте её")
        return False

    @staticmethod
    def _touched(line: Line) -> bool:
        return ((line.value, line.comment.strip()) != (line.shown, line.shown_comment)
                or line.points is not None and dict(line.points) != dict(line.shown_points))

    def _change(self, line: Line, standing: Mapping[int, Mark]) -> Mark | None:
        try:
            with self._session.begin_nested():
                mark = standing.get(line.mark_id or 0)
                if mark is None or mark.pupil_id != line.pupil_id:
                    raise Refused("Этой отметки за работу уже нет: обновите страницу")
                if mark.last_key not in (f"{line.key}d", f"{line.key}c") or mark.value != line.value:
                    self._change_mark(mark, line)
                self._note_points(mark, line)
                return mark
        except Refused as refused:
            self._refused[line.pupil_id] = refused
            return None

    def _change_mark(self, mark: Mark, line: Line) -> None:
        if not line.value:
            raise Refused("Отметка здесь не удаляется: впишите её снова или удалите на странице клетки")
        given: dict[str, Any] = {"actor_id": self._actor_id, "mark_id": mark.id, "now": self._now,
                                 "settings": self._settings}
        version = line.version
        if line.value != line.shown:
            version = correct_mark(self._session, **given, version=version, key=f"{line.key}c",
                                   value=line.value).version
        if line.comment.strip() != line.shown_comment:
            describe_mark(self._session, **given, version=version, key=f"{line.key}d", kind_id=mark.kind_id,
                          weight=mark.weight, comment=line.comment)

    def _put(self, lines: Sequence[Line]) -> list[Mark]:
        """Together; when one is refused each by itself, to tell what is wrong with every line."""
        new = [NewMark(self._work.lesson_id, line.pupil_id, line.value, line.key, self._actor_id, self._now,
                       work_id=self._work.id, comment=line.comment, received_on=line.received_on, seen=())
               for line in lines]
        try:
            put = put_marks(self._session, marks=new, settings=self._settings)
        except Refused:
            for one in new:
                self._try(one)
            return []
        for line, mark in zip(lines, put, strict=True):
            try:
                self._note_points(mark, line)
            except Refused as refused:
                self._refused[line.pupil_id] = refused
        return put

    def _try(self, mark: NewMark) -> None:
        try:
            with self._session.begin_nested():
                put_mark(self._session, mark=mark, settings=self._settings)
        except Refused as refused:
            self._refused[mark.pupil_id] = refused

    def _note_points(self, mark: Mark, line: Line) -> None:
        if line.points is not None:
            criteria.refuse_points(line.points, line.shown_points, self._criteria)
            self._points[mark] = line.points
