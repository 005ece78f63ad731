"""What has outlived its time goes, by a file that is whole: journals after 5 years, summary sheets after 25 (R54)."""

from __future__ import annotations

import zipfile
from datetime import date

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from ejd import clock
from ejd.archive import expiring, keeping, signing
from ejd.archive.expiring import Part
from ejd.archive.year import SUMMARY_FILE, make_year
from ejd.audit.models import AuditRecord
from ejd.certification.queries import certified_figures
from ejd.db import APPEND_ONLY, Base, triggers_missing
from ejd.homeroom.models import WeekAcknowledged
from ejd.journal.models import Attendance, Excuse, Mark
from ejd.refusal import Refused
from ejd.remarks.models import JournalRemark
from ejd.results.models import TermMark, TermMarkCorrection
from ejd.results.summary import sheet_of
from ejd.roster.models import Course, Enrolment, Person, SchoolClass
from ejd.schedule.models import Lesson, TimetableVersion
from ejd.school import settings
from ejd.school.models import SchoolYear
from ejd.school.services import open_year
from tests.certification import certified_copy, quarter
from tests.half_term import HalfTerm

SUMMER = clock.at(date(2027, 6, 20), 12)
LAST_DAY, NEXT_DAY = date(2032, 12, 31), date(2033, 1, 1)  # five years from the end of the year in which it ended
SHEETS_DAY = date(2053, 1, 1)


@pytest.fixture
def closed(school, session):
    """A closed year with half a term of marks, a result, a certified copy; the next with a class and a lesson."""
    HalfTerm(school, 5).live()
    certified_copy(school)
    of_7a, term = school.school_class("7А"), quarter(school)
    result = TermMark(pupil_id=school.vitya.id, class_id=of_7a.id, year_id=term.year_id, period="term", term_id=term.id,
                      subject_id=school.course("7А", "Математика").subject_id, value="4", suggested="4",
                      entered_on=date(2026, 10, 20), entered_at=clock.at(date(2026, 10, 20), 12),
                      entered_by_id=school.anna.id)
    session.add(result)
    session.flush()
    session.add(TermMarkCorrection(term_mark_id=result.id, before="3", after="4", corrected_by_id=school.anna.id,
                                   corrected_at=clock.at(date(2026, 10, 21), 12), corrected_on=date(2026, 10, 21)))
    session.get_one(SchoolYear, term.year_id).closed_at = SUMMER
    later = open_year(session, actor_id=None, starts_on=date(2027, 9, 1), ends_on=date(2028, 5, 26), now=SUMMER)
    of_8a = SchoolClass(year_id=later.id, grade=8, letter="А", term_scheme="quarters", follows_id=of_7a.id)
    session.add(of_8a)
    session.flush()
    session.scalars(select(Enrolment).filter_by(pupil_id=school.vitya.id)).one().to_on = date(2027, 6, 30)
    session.flush()
    course = Course(year_id=later.id, class_id=of_8a.id, subject_id=result.subject_id)
    session.add_all([course, Enrolment(pupil_id=school.vitya.id, class_id=of_8a.id, from_on=later.starts_on)])
    session.flush()
    at = clock.at(date(2027, 9, 2), 9)
    session.add(Lesson(course_id=course.id, day=date(2027, 9, 2), number=1, starts_at=at, ends_at=at))
    session.flush()
    return session.get_one(SchoolYear, term.year_id)


@pytest.fixture
def archive(closed, session, tmp_path):
    """The archive that was made when the year was closed; with its key at hand."""
    return made(session, closed, tmp_path / "year.zip", at=clock.at(date(2027, 6, 21), 12))


def key_of(path):
    return signing.own_key(path.parent / "keys")


def made(session, year, path, *, at, **given):
    with path.open("wb") as target, clock.freeze(at):
        make_year(session, target, year_id=year.id, key=key_of(path), now=at, tell=lambda done, total: None, **given)
    return path


def allowed(session, year, path, today=NEXT_DAY):
    return expiring.allow(session, year=year, file=path, key=key_of(path).public_key(), today=today)


def expired(session, year, path, today=NEXT_DAY):
    return expiring.expire(session, allowed(session, year, path, today), now=clock.at(today, 12), today=today)


def rows(session, tables):
    return {name: count for name in tables
            if (count := session.scalar(select(func.count()).select_from(Base.metadata.tables[name])))}


def results_on(session, school):
    sheet = sheet_of(session, class_id=school.school_class("7А").id, settings=settings.load(session), today=NEXT_DAY)
    return ([pupil.name for pupil in sheet.pupils], [one.name for one in sheet.subjects],
            {place: cell.value for place, cell in sheet.cells.items() if cell.value})


def test_every_table_has_its_time_or_stays(app):
    assert keeping.JOURNALS.keys() | keeping.SHEETS.keys() | keeping.STAYS == Base.metadata.tables.keys()
    assert not keeping.JOURNALS.keys() & keeping.SHEETS.keys()
    assert not keeping.STAYS & (keeping.JOURNALS.keys() | keeping.SHEETS.keys())


def test_what_stays_refers_to_nothing_that_goes(app):
    for name in keeping.STAYS | keeping.SHEETS.keys():
        goes = keeping.JOURNALS.keys() if name in keeping.SHEETS else keeping.JOURNALS.keys() | keeping.SHEETS.keys()
        assert not goes & {key.column.table.name for key in Base.metadata.tables[name].foreign_keys}, name


def test_after_five_years_journals_go_and_the_summary_sheet_reads_as_before(archive, closed, school, session):
    before, people = results_on(session, school), rows(session, ["person"])
    marks = session.scalar(select(func.count()).select_from(Mark))
    leave = allowed(session, closed, archive)
    assert leave.part is Part.JOURNALS and dict(expiring.to_go(session, leave))["Отметки"] == marks > 100
    count, _ = expired(session, closed, archive)
    assert rows(session, keeping.JOURNALS) == {"lesson": 1}  # the next year's
    assert results_on(session, school) == before and before[2]
    assert rows(session, ["person"]) == people
    [record] = session.scalars(select(AuditRecord).filter_by(verb="year.journals_expired"))
    assert record.subject_id == closed.id and f'"rows":{count}' in record.data and '"begun":2026' in record.data


def test_corrections_are_append_only_again(archive, closed, session):
    expired(session, closed, archive)
    expired(session, closed, archive, SHEETS_DAY)
    for table in APPEND_ONLY:
        if table != "audit_record":
            assert not rows(session, [table])
    with pytest.raises(DatabaseError, match="append-only"), session.begin_nested():
        session.execute(text("DELETE FROM audit_record"))
    assert triggers_missing(session) == set()


def test_after_twenty_five_years_the_sheets_go_by_their_own_file(archive, closed, school, session, tmp_path):
    expired(session, closed, archive)
    sheets = tmp_path / "sheets.zip"
    with zipfile.ZipFile(archive) as opened:
        sheets.write_bytes(opened.read(SUMMARY_FILE))
    leave = allowed(session, closed, sheets, SHEETS_DAY)
    assert leave.part is Part.SHEETS
    expiring.expire(session, leave, now=clock.at(SHEETS_DAY, 12), today=SHEETS_DAY)
    assert [year.name for year in session.scalars(select(SchoolYear))] == ["2027/2028"]
    [of_8a] = session.scalars(select(SchoolClass))
    assert of_8a.follows_id is None and not session.scalars(select(TermMark)).all()
    assert session.get_one(Person, school.vitya.id).last_name == "Волков"


# What is wrong: the sentence, the day, and how it comes about.
WRONG = {
    "хранят до 31 декабря 2032 включительно": (LAST_DAY, lambda case: case.archive),
    "не закрыт": (NEXT_DAY, lambda case: case.reopen()),
    "Архив не цел: Данные/Отметки.csv: изменён": (NEXT_DAY, lambda case: case.changed()),
    "это черновик": (NEXT_DAY, lambda case: case.draft()),
    "это не архив 2026/2027, вечерняя": (NEXT_DAY, lambda case: case.renamed()),
    "это не архив 2026/2027": (NEXT_DAY, lambda case: case.sheets()),
    "разное число строк (Отметки)": (NEXT_DAY, lambda case: case.one_mark_more()),
    "старше, чем закрытие года": (NEXT_DAY, lambda case: case.closed_later()),
    "другим ключом": (NEXT_DAY, lambda case: case.elsewhere()),
}


class Case:
    """The closed year and its archive, and what may be wrong with either."""

    def __init__(self, session, year, archive) -> None:
        self.session, self.year, self.archive = session, year, archive

    def beside(self, name, body):
        path = self.archive.with_name(name)
        path.write_bytes(body)
        return path

    def reopen(self):
        self.year.closed_at = None
        return self.archive

    def changed(self):
        body = bytearray(self.archive.read_bytes())
        body[body.index("Отметка;Урок;Дата урока".encode()) + 3] ^= 1
        return self.beside("changed.zip", body)

    def draft(self):
        self.year.closed_at = None
        path = made(self.session, self.year, self.archive.with_name("draft.zip"), at=SUMMER, draft=True)
        self.year.closed_at = SUMMER
        return path

    def renamed(self):
        self.year.name = "2026/2027, вечерняя"
        return self.archive

    def sheets(self):
        with zipfile.ZipFile(self.archive) as opened:
            return self.beside("sheets.zip", opened.read(SUMMARY_FILE))

    def one_mark_more(self):
        first = self.session.scalars(select(Mark).order_by(Mark.id)).first()
        kept = {column.key: getattr(first, column.key) for column in Mark.__table__.columns
                if column.key not in ("id", "key", "retakes_id")}
        self.session.add(Mark(**kept, key="one-more"))
        return self.archive

    def closed_later(self):
        self.year.closed_at = clock.at(date(2027, 7, 1), 12)
        return self.archive

    def elsewhere(self):
        folder = self.archive.with_name("elsewhere")
        folder.mkdir()
        return Case(self.session, self.year, folder / "year.zip").beside("year.zip", self.archive.read_bytes())


def test_nothing_goes_without_a_fitting_file_after_its_time(archive, closed, session):
    for said, (today, wrong) in WRONG.items():
        with session.begin_nested() as as_it_was:
            path = wrong(Case(session, closed, archive))
            session.flush()
            with pytest.raises(Refused) as refused:
                allowed(session, closed, path, today)
            assert said in str(refused.value).replace("\xa0", " ")
            as_it_was.rollback()
        session.expire_all()


def test_how_long_each_year_is_kept_and_that_nothing_goes_twice(archive, closed, session):
    [later, year] = expiring.standing(session, today=NEXT_DAY)
    assert (year.due, year.journals_until, year.sheets_until) == (Part.JOURNALS, LAST_DAY, date(2052, 12, 31))
    assert later.due is None and not later.journals_gone
    leave = allowed(session, closed, archive)
    expiring.expire(session, leave, now=clock.at(NEXT_DAY, 12), today=NEXT_DAY)
    with pytest.raises(Refused, match="сводные ведомости хранят до"):
        expiring.expire(session, leave, now=clock.at(NEXT_DAY, 12), today=NEXT_DAY)


def test_a_week_and_a_remark_go_with_the_year_of_their_journals(closed, school, session):
    """Of a year before that is over: what was said or read in its summer about the next year stays (R54)."""
    before = SchoolYear(name="2025/2026", starts_on=date(2025, 9, 1), ends_on=date(2026, 5, 26), closed_at=SUMMER)
    in_august = clock.at(date(2026, 8, 28), 12)
    session.add_all([before,
                     WeekAcknowledged(guardian_id=school.vera.id, pupil_id=school.vitya.id, monday=date(2026, 8, 31),
                                      at=in_august),
                     JournalRemark(class_id=school.school_class("7А").id, first=date(2026, 9, 1),
                                   last=date(2026, 9, 30), teacher_id=school.anna.id, made_on=date(2026, 8, 28),
                                   made_at=in_august, made_by_id=school.dina.id, text="Нет плана", key="remark-1")])
    session.flush()
    old, new = ({name: session.scalar(select(func.count()).select_from(Base.metadata.tables[name]).where(
        expiring.OwnedBy(session, year).owns(name))) for name in ("week_acknowledged", "journal_remark")}
        for year in (before, closed))
    assert old == {"week_acknowledged": 0, "journal_remark": 0}
    assert new == {"week_acknowledged": 1, "journal_remark": 1}


def test_what_is_told_before_is_what_goes(closed, school, session, tmp_path):
    """An excuse that explains an absence of the year goes with it, and is told of."""
    at, course = clock.at(date(2026, 9, 15), 12), school.course("7А", "Математика")
    lesson = session.scalars(select(Lesson).filter_by(course_id=course.id).order_by(Lesson.id)).first()
    excuse = Excuse(pupil_id=school.vitya.id, code="у", from_on=date(2026, 9, 14), to_on=date(2026, 9, 15),
                    state="accepted", made_by_id=school.vera.id, made_at=at, key="excuse-of-vitya")
    session.add(excuse)
    session.flush()
    session.add(Attendance(lesson_id=lesson.id, pupil_id=school.vitya.id, code="у", excuse_id=excuse.id, entered_at=at,
                           entered_by_id=school.anna.id))
    session.flush()
    path = made(session, closed, tmp_path / "year.zip", at=clock.at(date(2027, 6, 21), 12))
    told = dict(expiring.to_go(session, allowed(session, closed, path)))
    count, _ = expired(session, closed, path)
    assert told["Причины пропусков"] == 1 and sum(told.values()) == count


def test_a_year_without_lessons_goes_whole(closed, session, tmp_path):
    year = SchoolYear(name="2025/2026", starts_on=date(2025, 9, 1), ends_on=date(2026, 5, 26),
                      closed_at=clock.at(date(2026, 6, 1), 12))
    session.add(year)
    session.flush()
    session.add(TimetableVersion(year_id=year.id, valid_from=date(2025, 9, 1)))
    path = made(session, year, tmp_path / "empty.zip", at=clock.at(date(2026, 6, 20), 12))
    expired(session, year, path, date(2052, 1, 1))
    assert "2025/2026" not in {one.name for one in session.scalars(select(SchoolYear))}


def test_of_expired_journals_there_is_no_second_archive_and_nothing_to_certify(archive, closed, session, tmp_path):
    expired(session, closed, archive)
    with pytest.raises(Refused, match="удалены по сроку хранения"):
        made(session, closed, tmp_path / "again.zip", at=clock.at(NEXT_DAY, 12), draft=True)
    assert certified_figures(session, year_id=closed.id, today=NEXT_DAY).overdue == 0
