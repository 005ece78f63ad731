"""Declared verbs with their exact fields, and the one function that writes them.

A field that a verb does not declare, or a missing one, is an error at once: no hole in the record.
Writes belong to the caller's transaction.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import insert

from ejd import clock
from ejd.audit.models import AuditRecord
from ejd.db import Session, table_of

# verb: fields besides actor, time and subject. Keep them in the order of the packages that write them.
VERBS: dict[str, frozenset[str]] = {
    verb: frozenset(fields.split())
    for verb, fields in {
        # school
        "setting.changed": "key valid_from",
        "year.opened": "starts_on ends_on",
        "year.moved": "starts_on ends_on",
        "term.put": "starts_on ends_on",
        "term.removed": "starts_on ends_on",
        "day_off.put": "starts_on ends_on grades class_id",
        "day_off.removed": "starts_on ends_on grades class_id",
        "day.moved": "day weekday grades",
        "day.given_back": "day weekday grades",
        "bells.changed": "numbers",
        # roster
        "person.added": "",
        "person.renamed": "",
        "person.redated": "",
        "person.removed": "",
        "person.joined": "dropped",
        "pupil.enrolled": "class_id from_on",
        "pupil.moved": "from_class to_class on",
        "pupil.left": "class_id last_day enrolment",
        "guardian.appointed": "pupil from_on",
        "guardian.related": "pupil",
        "guardian.ended": "pupil last_day",
        "position.given": "position from_on",
        "position.retitled": "position",
        "position.ended": "position last_day",
        "class.founded": "year_id grade letter",
        "class.removed": "year_id grade letter",
        "class_teacher.appointed": "before after from_on",
        "subject.added": "",
        "subject.aliased": "subject",
        "course.opened": "class_id subject_id subgroup half_hours",
        "course.changed": "fields",
        "course.retired": "on",
        "teacher.assigned": "before after from_on",
        "subgroup.joined": "pupil from_on",
        "year.turned": "classes journals placed left groups",
        "year.closed": "",
        "year.journals_expired": "rows begun",
        "year.sheets_expired": "rows begun",
        "year.reopened": "",
        "group.opened": "year_id kind subject half_hours",
        "group.joined": "pupil from_on",
        "group.left": "pupil last_day",
        "schemes.changed": "term_scheme terms",
        # importing
        "import.confirmed": "new changed left rejected",
        # schedule
        "week.changed": "days bells scheme",
        "draft.made": "valid_from copied_from slots",
        "draft.changed": "added removed",
        "draft.withdrawn": "valid_from slots",
        "draft.published": "version",
        "timetable.published": "valid_from slots added changed removed kept",
        "lessons.remade": "from_on added changed removed kept",
        "lesson.cancelled": "homework",
        "lesson.restored": "",
        "lesson.substituted": "before after",
        "lesson.merged": "into",
        "lesson.moved": "to",
        "lesson.moved_back": "",
        "lesson.held_remotely": "remote",
        "absence.noted": "teacher from_on to_on",
        "absence.withdrawn": "teacher",
        "feed.made": "pupil",
        "feed.revoked": "",
        # plans
        "plan.filled": "source added kept removed",
        "plan_topic.added": "plan",
        "plan_topic.changed": "fields",
        "plan_topic.dropped": "plan",
        "plan_topic.restored": "plan",
        "plan_topic.merged": "plan joined",
        "lesson.topics_taken": "before after",
        # credentials
        "session.opened": "",
        "session.closed": "everywhere",
        "account.created": "",
        "account.closed": "",
        "account.opened": "",
        "password.changed": "",
        "password.issued": "",
        "cards.made": "cards",
        "card.handed": "person to on",
        "card.handing_withdrawn": "person",
        "second_factor.on": "",
        "second_factor.off": "",
        "second_factor.spares": "",
        "bulk.left": "kind amount",
        "bulk.seen": "",
        # journal
        "mark.entered": "lesson pupil value kind received_on",
        "mark.retaken": "lesson pupil value kind received_on retakes",
        "mark.scored": "before after",
        "mark.corrected": "before after",
        "mark.described": "fields",
        "mark.redated": "before after",
        "mark.moved": "before after reason",
        "mark.withdrawn": "before",
        "attendance.recorded": "lesson pupil before after",
        "attendance.excused": "lesson pupil before after",
        "attendance.taken": "lesson",
        "excuse.announced": "pupil from_on to_on code",
        "excuse.recorded": "pupil from_on to_on code certificate",
        "excuse.accepted": "pupil code",
        "excuse.declined": "pupil",
        "excuse.withdrawn": "pupil",
        "work_kind.added": "code",
        "work_kind.changed": "fields",
        "work.declared": "lesson kind weight",
        "work.changed": "fields",
        "work.criteria_set": "most",
        "work.withdrawn": "",
        "work.moved": "before after",
        "expectation.owed": "work pupil hand_in_by",
        "expectation.handed_in": "work pupil on",
        "expectation.released": "work pupil",
        "expectation.handed_over": "work pupil before after",
        "exemption.given": "pupil from_on to_on",
        "exemption.ended": "pupil last_day",
        "topic.recorded": "",
        "homework.published": "lesson not_set",
        "homework.changed": "not_set",
        "homework.given": "lesson pupils",
        "homework.withdrawn": "lesson",
        "homework.file_attached": "lesson",
        "homework.file_removed": "lesson",
        # results
        "result.set": "pupil subject period value suggested",
        "result.corrected": "before after",
        "behaviour.set": "pupil class_id term_id before after",
        # homeroom
        "note.written": "class_id kind pupils",
        "note.changed": "",
        "note.withdrawn": "",
        "note.answered": "pupil",
        "week.acknowledged": "monday",
        # families
        "service.paper_registered": "kind pupil guardian",
        "service.scan_attached": "",
        "service.form_changed": "pupil before after from_on",
        "service.login_switched": "opens",
        "sheet.printed": "guardian pupil monday form",
        "sheet.reprinted": "copies",
        "sheet.without_homework": "",
        "sheet.handed_out": "to on",
        "sheet.hand_out_withdrawn": "",
        "letter.worded": "kind number",
        "meeting.told": "point",
        "meeting.untold": "point",
        # remarks
        "remark.made": "teacher class_id course_id lesson",
        "remark.answered": "",
        "remark.closed": "",
        "remark.sent_back": "",
        "remark.withdrawn": "",
        # compliance
        "view.saved": "",
        "view.forgotten": "",
        # certification
        "journal.printed": "class_id term_id pages",
        "journal.certified": "class_id term_id number sheets certified_on missing",
        "certification.withdrawn": "number",
        # privacy
        "basis.noted": "pupil kind from_on",
        "basis.revoked": "pupil kind on",
        "passport.entered": "",
        "passport.seen": "",
        "passport.erased": "why",
        "passport.rekeyed": "rows",
        "person.exported": "form",
        "person.erased": "",
        # closing
        "term.closed": "class_id term_id early blocked blocked_works missing",
        "journal.reopened": "class_id course_id term_id until_at",
        "journal.shut_again": "class_id course_id term_id",
        "lesson.changed_after_closing": "reopening",
        # news
        "news.chosen": "often topics items",
        "news.confirmed": "",
        "news.taken_back": "",
    }.items()
}


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Done(NamedTuple):
    """One act about to be recorded among many of different hands and moments."""

    now: datetime
    actor_id: int | None
    verb: str
    subject_id: int | None
    data: Mapping[str, Any]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _row(verb: str, now: datetime, actor_id: int | None, subject_id: int | None,
         data: Mapping[str, Any]) -> dict[str, Any]:
    declared = VERBS.get(verb)
    if declared is None:
        raise KeyError(f"undeclared audit verb {verb}")
    if declared != data.keys():
        raise KeyError(f"{verb} declares {sorted(declared)}, got {sorted(data)}")
    return {
        "at": now,
        "on_day": clock.local(now).date(),
        "actor_id": actor_id,
        "verb": verb,
        "subject_id": subject_id,
        "data": _encode({k: _plain(v) for k, v in data.items()}),
    }


def record(session: Session, *, now: datetime, actor_id: int | None, verb: str,
           subject_id: int | None, **data: Any) -> None:
    """Write one act. `subject_id` is the row the verb is about; `data` are exactly its declared fields."""
    session.execute(insert(table_of(AuditRecord)).values(**_row(verb, now, actor_id, subject_id, data)))


def record_many(session: Session, *, now: datetime, actor_id: int | None, verb: str,
                acts: Iterable[tuple[int | None, Mapping[str, Any]]]) -> None:
    """The same for many acts of one verb: pairs of subject id and fields, written in bulk."""
    rows = [_row(verb, now, actor_id, subject_id, data) for subject_id, data in acts]
    if rows:
        session.execute(insert(table_of(AuditRecord)), rows)


def record_all(session: Session, acts: Iterable[Done]) -> None:
    """The same for acts of several verbs, people and moments, in the order given."""
    rows = [_row(act.verb, act.now, act.actor_id, act.subject_id, act.data) for act in acts]
    if rows:
        session.execute(insert(table_of(AuditRecord)), rows)
