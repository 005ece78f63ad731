"""Reading forms of service: of a class or the school, of one pupil with the history, of one guardian (R20–R24)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from ejd.access import Position
from ejd.db import Session
from ejd.families.models import PupilAccess, ServiceForm, ServicePaper
from ejd.families.provision import PAPER_NAMES, Form, PaperKind, PupilStanding
from ejd.files.kinds import KINDS, clean_name
from ejd.files.models import StoredFile
from ejd.journal.queries_homework import FileToHand
from ejd.roster.belonging import held
from ejd.roster.models import ClassTeacher, Employment, Enrolment, Guardianship, Person, SchoolClass


@dataclass(frozen=True, slots=True)
class Paper:
    """A registered paper: «Отказ от электронной услуги № 12 от 3 сентября»."""

    id: int
    kind: PaperKind
    number: str
    signed_on: date
    file_id: int | None

    @property
    def name(self) -> str:
        return PAPER_NAMES[self.kind]


@dataclass(frozen=True, slots=True)
class FormRow:
    """How one guardian gets the service for one pupil on a day; the guardian is missing where the pupil has none."""

    class_id: int
    class_name: str
    pupil_id: int
    pupil: str
    guardianship_id: int | None
    guardian_id: int | None
    guardian: str
    relation: str
    form: Form
    since: date | None
    paper: Paper | None


@dataclass(frozen=True, slots=True)
class Past:
    """A form of service from–to with the paper behind it; for a pupil's own login `opened` says which way."""

    form: Form | None
    opened: bool | None
    from_on: date
    to_on: date | None
    paper: Paper | None
    decided_by: str = ""

    @property
    def lasted(self) -> bool:
        """False when it was changed again on the same day."""
        return self.to_on is None or self.to_on >= self.from_on


def forms_of_class(session: Session, *, class_id: int, day: date) -> Sequence[FormRow]:
    """Every guardian of every pupil of the class, by name. One statement."""
    return _rows(session, _forms(day).where(Enrolment.class_id == class_id))


def forms_of_school(session: Session, *, day: date) -> Sequence[FormRow]:
    """The same of every class, by class and name. One statement."""
    return _rows(session, _forms(day))


def forms_of_pupil(session: Session, *, pupil_id: int, day: date) -> Sequence[FormRow]:
    """The same of one pupil in a class. One statement."""
    return _rows(session, _forms(day).where(Enrolment.pupil_id == pupil_id))


def form_of_guardianship(session: Session, *, guardianship_id: int, day: date) -> FormRow | None:
    """The same of one guardian of a pupil. One statement."""
    return next(iter(_rows(session, _forms(day).where(Guardianship.id == guardianship_id))), None)


def form_of(session: Session, guardian_id: int, pupil_id: int, day: date) -> Form:
    """A guardian's form of service for a child. One statement."""
    form = session.scalar(select(ServiceForm.form).where(
        ServiceForm.guardian_id == guardian_id, ServiceForm.pupil_id == pupil_id, held(ServiceForm, day)))
    return Form(form) if form else Form.ELECTRONIC


def history_of(session: Session, *, pupil_id: int) -> dict[int, list[Past]]:
    """By guardian, the latest first. One statement."""
    found: dict[int, list[Past]] = {}
    for form, paper in session.execute(
            select(ServiceForm, ServicePaper).outerjoin(ServicePaper, ServicePaper.id == ServiceForm.paper_id)
            .where(ServiceForm.pupil_id == pupil_id).order_by(ServiceForm.id.desc())):
        found.setdefault(form.guardian_id, []).append(
            Past(Form(form.form), None, form.from_on, form.to_on, _paper(paper)))
    return found


def login_history_of(session: Session, *, pupil_id: int) -> list[Past]:
    """What was decided about the pupil's own login, the latest first. One statement."""
    rows = session.execute(
        select(PupilAccess, ServicePaper, Person).join(Person, Person.id == PupilAccess.decided_by_id)
        .outerjoin(ServicePaper, ServicePaper.id == PupilAccess.paper_id)
        .where(PupilAccess.pupil_id == pupil_id).order_by(PupilAccess.id.desc()))
    return [Past(None, row.open, row.from_on, row.to_on, _paper(paper), person.full_name)
            for row, paper, person in rows]


def pupil_standing(session: Session, *, pupil_id: int, day: date) -> PupilStanding:
    """What decides about the pupil's own login. Two statements."""
    return standings_of(session, pupil_ids=[pupil_id], day=day).get(pupil_id) or PupilStanding(None, None, ())


def standings_of(session: Session, *, pupil_ids: Collection[int], day: date) -> dict[int, PupilStanding]:
    """The same of many pupils. Two statements."""
    rows = session.execute(
        select(Person.id, Person.birth_date, SchoolClass.grade, Guardianship.id.label("guardianship"), ServiceForm.form)
        .outerjoin(Enrolment, (Enrolment.pupil_id == Person.id) & held(Enrolment, day))
        .outerjoin(SchoolClass, SchoolClass.id == Enrolment.class_id)
        .outerjoin(Guardianship, (Guardianship.pupil_id == Person.id) & held(Guardianship, day))
        .outerjoin(ServiceForm, (ServiceForm.pupil_id == Person.id)
                   & (ServiceForm.guardian_id == Guardianship.guardian_id) & held(ServiceForm, day))
        .where(Person.id.in_(pupil_ids)))
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.id].append(row)
    asked, switched_off = set(), set()
    for pupil_id, opens, paper_id in session.execute(
            select(PupilAccess.pupil_id, PupilAccess.open, PupilAccess.paper_id)
            .where(PupilAccess.pupil_id.in_(pupil_ids), held(PupilAccess, day))):
        if paper_id is not None:
            asked.add(pupil_id)
        elif not opens:
            switched_off.add(pupil_id)
    return {pupil_id: PupilStanding(
        born=of_pupil[0].birth_date, grade=of_pupil[0].grade,
        forms=tuple(Form(row.form or Form.ELECTRONIC) for row in of_pupil if row.guardianship is not None),
        asked=pupil_id in asked, switched_off=pupil_id in switched_off) for pupil_id, of_pupil in found.items()}


@dataclass(frozen=True, slots=True)
class Offices:
    """Whom a family turns to."""

    director: str
    class_teacher: str


def offices_of(session: Session, *, pupil_id: int, day: date) -> Offices:
    """The director, and the pupil's class teacher. One statement."""
    director = (select(Person.id).join(Employment, Employment.person_id == Person.id)
                .where(Employment.position == Position.DIRECTOR.value, held(Employment, day))
                .order_by(Employment.from_on.desc(), Employment.id).limit(1).scalar_subquery())
    teacher = (select(ClassTeacher.teacher_id).join(Enrolment, Enrolment.class_id == ClassTeacher.class_id)
               .where(Enrolment.pupil_id == pupil_id, held(Enrolment, day), held(ClassTeacher, day))
               .limit(1).scalar_subquery())
    found = session.execute(
        select(Person, director, teacher).where(Person.id.in_([director, teacher]))).all()
    names = {person.id: person.full_name for person, _, _ in found}
    _, director_id, teacher_id = found[0] if found else (None, None, None)
    return Offices(names.get(director_id, ""), names.get(teacher_id, ""))


def scan_of(session: Session, *, pupil_id: int, paper_id: int) -> FileToHand | None:
    """The scan of a registered paper about the pupil. One statement."""
    found = session.execute(
        select(ServicePaper, StoredFile).join(StoredFile, StoredFile.id == ServicePaper.file_id)
        .where(ServicePaper.id == paper_id, ServicePaper.pupil_id == pupil_id)).first()
    if found is None:
        return None
    paper, stored = found
    ending = next(kind.endings[0] for kind in KINDS if kind.media_type == stored.media_type)
    return FileToHand(clean_name(f"{PAPER_NAMES[PaperKind(paper.kind)]} {paper.number}.{ending}"), stored.sha256,
                      stored.media_type)


def _forms(day: date) -> Select[*tuple[Any, ...]]:
    """By columns: a school has thousands of rows."""
    pupil, guardian = aliased(Person), aliased(Person)
    return (select(SchoolClass.id.label("class_id"), SchoolClass.grade, SchoolClass.letter, pupil.id.label("pupil_id"),
                   *_parts(pupil, "pupil"), Guardianship.id.label("guardianship_id"), guardian.id.label("guardian_id"),
                   *_parts(guardian, "guardian"), Guardianship.relation, ServiceForm.form, ServiceForm.from_on,
                   ServicePaper.id.label("paper_id"), ServicePaper.kind, ServicePaper.number, ServicePaper.signed_on,
                   ServicePaper.file_id)
            .select_from(SchoolClass)
            .join(Enrolment, (Enrolment.class_id == SchoolClass.id) & held(Enrolment, day))
            .join(pupil, pupil.id == Enrolment.pupil_id)
            .outerjoin(Guardianship, (Guardianship.pupil_id == pupil.id) & held(Guardianship, day))
            .outerjoin(guardian, guardian.id == Guardianship.guardian_id)
            .outerjoin(ServiceForm, (ServiceForm.pupil_id == pupil.id) & (ServiceForm.guardian_id == guardian.id)
                       & held(ServiceForm, day))
            .outerjoin(ServicePaper, ServicePaper.id == ServiceForm.paper_id)
            .order_by(SchoolClass.grade, SchoolClass.letter, pupil.sort_key, pupil.id, guardian.sort_key, guardian.id))


def _parts(person: Any, whose: str) -> list[Any]:
    return [getattr(person, part).label(f"{whose}_{part}") for part in ("last_name", "first_name", "patronymic")]


def _rows(session: Session, forms: Select[*tuple[Any, ...]]) -> list[FormRow]:
    return [FormRow(
        row.class_id, f"{row.grade}{row.letter}", row.pupil_id,
        _full(row.pupil_last_name, row.pupil_first_name, row.pupil_patronymic), row.guardianship_id, row.guardian_id,
        _full(row.guardian_last_name, row.guardian_first_name, row.guardian_patronymic), row.relation or "",
        Form(row.form or Form.ELECTRONIC), row.from_on,
        Paper(row.paper_id, PaperKind(row.kind), row.number, row.signed_on, row.file_id) if row.paper_id else None)
        for row in session.execute(forms)]


def _full(*parts: str | None) -> str:
    return " ".join(part for part in parts if part)


def _paper(paper: ServicePaper | None) -> Paper | None:
    return Paper(paper.id, PaperKind(paper.kind), paper.number, paper.signed_on, paper.file_id) if paper else None
