"""How a journal is marked term by term: its own terms (R15), and the scheme of single terms (R14)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select

from ejd.audit import trail
from ejd.db import Session
from ejd.refusal import Refused
from ejd.roster.customs import terms_scheme
from ejd.roster.load import open_course_with_id
from ejd.roster.models import Course, CourseKind, MarkingScheme, SchemeOfTerm, SchoolClass
from ejd.school.models import Term, TermScheme


@dataclass(frozen=True, slots=True)
class SchemedTerm:
    """A term of a journal; `scheme` is empty where it is marked as usual."""

    id: int
    name: str
    scheme: str


def terms_of_course(session: Session, course_id: int) -> Sequence[SchemedTerm]:
    """The terms of the journal in order. One statement."""
    rows = session.execute(
        select(Term.id, Term.name, SchemeOfTerm.scheme).select_from(Course)
        .outerjoin(SchoolClass, SchoolClass.id == Course.class_id)
        .join(Term, and_(Term.year_id == Course.year_id, Term.scheme == terms_scheme()))
        .outerjoin(SchemeOfTerm, and_(SchemeOfTerm.course_id == Course.id, SchemeOfTerm.term_id == Term.id))
        .where(Course.id == course_id).order_by(Term.number))
    return [SchemedTerm(term_id, name, scheme or "") for term_id, name, scheme in rows]


def put_schemes(session: Session, *, actor_id: int | None, course_id: int, term_scheme: TermScheme | None,
                of_terms: Mapping[int, MarkingScheme], now: datetime) -> bool:
    """Give a journal terms of its own (None: those of its class), and mark single terms otherwise than usual; whether
    anything differed. Marks that stand stay."""
    course = open_course_with_id(session, course_id)
    if course.class_id is None and term_scheme is None:
        raise Refused("У группы нет класса: выберите, по каким периодам её оценивают", field="term_scheme")
    if course.kind == CourseKind.ACTIVITY and any(one != MarkingScheme.MARKLESS for one in of_terms.values()):
        raise Refused("Внеурочную деятельность ведут без отметок", field="term_scheme")
    wanted_scheme = term_scheme.value if term_scheme else None
    moved = course.term_scheme != wanted_scheme
    course.term_scheme = wanted_scheme
    session.flush()
    own = {term.id for term in terms_of_course(session, course_id)}
    if not own:
        raise Refused("Таких периодов в календаре школы нет: сначала заведите их", field="term_scheme")
    wanted = {term_id: scheme.value for term_id, scheme in of_terms.items()
              if term_id in own and scheme.value != course.scheme}
    standing = {row.term_id: row for row in session.scalars(select(SchemeOfTerm).filter_by(course_id=course_id))}
    changed = sorted(term_id for term_id in standing.keys() | wanted.keys()
                     if wanted.get(term_id) != (standing[term_id].scheme if term_id in standing else None))
    for term_id in changed:
        _put(session, course_id, term_id, standing.get(term_id), wanted.get(term_id))
    session.flush()
    if moved or changed:
        trail.record(session, now=now, actor_id=actor_id, verb="schemes.changed", subject_id=course_id,
                     term_scheme=wanted_scheme, terms={str(term_id): wanted.get(term_id) for term_id in changed})
    return bool(moved or changed)


def _put(session: Session, course_id: int, term_id: int, row: SchemeOfTerm | None, scheme: str | None) -> None:
    if scheme is None:
        session.delete(row)
    elif row is None:
        session.add(SchemeOfTerm(course_id=course_id, term_id=term_id, scheme=scheme))
    else:
        row.scheme = scheme
