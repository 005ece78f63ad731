"""Homework of named pupils, files and the pupil's own tick, through the journal's own acts (R5, R8)."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from ejd import clock
from ejd.audit.models import AuditRecord
from ejd.compliance.lists import listing
from ejd.compliance.metrics import Figure
from ejd.compliance.scope import Scope, launches
from ejd.diary.queries import week_of
from ejd.files import store
from ejd.files.models import StoredFile
from ejd.files.store import MEGABYTE, Sent
from ejd.journal.homework import NewHomework, change_given, withdraw_given
from ejd.journal.homework_files import attach_files, remove_files, tick
from ejd.journal.models import Homework, HomeworkDone, HomeworkFile, HomeworkPupil
from ejd.journal.queries_lesson import record_of
from ejd.journal.queries_today import open_lessons
from ejd.refusal import Refused, Stale
from ejd.roster.models import Person
from ejd.schedule.models import LessonState
from ejd.schedule.queries import lessons_of_day
from ejd.school import settings
from tests.homework import PDF, PNG, attach, folder, give
from tests.journal import Hand, records
from tests.world import NOW, TODAY

TUESDAY, THURSDAY, FRIDAY = date(2026, 9, 15), date(2026, 9, 17), date(2026, 9, 18)


@pytest.fixture
def lesson(school):
    return school.lesson(school.course("7А", "Математика"), THURSDAY)


@pytest.fixture
def anna(school):
    return Hand(school, school.anna)


def pupils_of(school, homework):
    return set(school.session.scalars(select(HomeworkPupil.pupil_id).filter_by(homework_id=homework.id)))


def change(school, homework, text, **more):
    fields = {"version": homework.version, "key": f"change {text}"} | more
    return change_given(school.session(), homework_id=homework.id, settings=settings.load(school.session()),
                        homework=NewHomework(homework.lesson_id, text, school.anna.id, clock.now(), **fields))


# Named pupils

def test_named_pupils_have_homework_beside_the_class(school, anna, lesson):
    of_class = anna.sets(lesson, "№ 12")
    mine, other = give(school, lesson, [school.vitya]), give(school, lesson, [school.person("Ким", "Софья")], "№ 3")
    assert len({of_class.id, mine.id, other.id}) == 3
    assert pupils_of(school, mine) == {school.vitya.id}
    assert mine.due_lesson_id == school.lesson(school.course("7А", "Математика"), FRIDAY).id
    assert records(school, "homework.given")[0] == f'{{"lesson":{lesson.id},"pupils":[{school.vitya.id}]}}'


def test_it_settles_nothing_of_what_the_lesson_owes(school, session, anna):
    """R5 is asked of the class's homework alone: by control, at «сегодня», on the day's list and in the diary."""
    monday = school.lesson(school.course("7А", "Математика"), date(2026, 9, 14))
    give(school, monday, school.session.scalars(select(Person).where(Person.last_name.in_(["Волков", "Ким"]))).all())
    maths = school.course("7А", "Математика")
    scope = Scope(monday.day, monday.day, class_id=maths.class_id, subject_id=maths.subject_id)
    [missing] = listing(session, figure=Figure.HOMEWORK_MISSING, limit=9, scope=scope, today=TODAY, now=NOW,
                        launches=launches(anna.settings)).places
    assert missing.lesson_id == monday.id
    assert any(row.lesson_id == monday.id and "домашнее задание" in row.lacks for row in open_lessons(
        session, teacher_id=school.anna.id, before=TODAY, now=NOW, settings=anna.settings))
    assert not next(row for row in lessons_of_day(session, day=monday.day) if row.id == monday.id).homework_filled
    assert record_of(session, monday, NOW).counting is None
    week = week_of(session, pupil_id=school.vitya.id, monday=monday.day, today=TODAY, now=NOW,
                   settings=anna.settings)
    [tuesday] = [lesson for lesson in week.days[1].lessons if lesson.subject == "Математика"]
    assert tuesday.unpublished == "учитель не опубликовал задание"
    assert [task.text for task in tuesday.homework] == ["карточка № 3"]


def test_the_same_key_again_sets_it_once(school, lesson):
    first = give(school, lesson, [school.vitya], key="one")
    assert give(school, lesson, [school.vitya], key="one").id == first.id
    assert len(records(school, "homework.given")) == 1


def test_what_cannot_be_given_is_refused(school, session, lesson):
    zoya = school.zoya
    for told, pupils, more in (("кому задано", [], {}), ("нет в журнале", [zoya], {}), ("Впишите", [school.vitya],
                               {"text": " "}), ("от 1 до 300", [school.vitya], {"minutes": 301}),
                               ("от 1 до 300", [school.vitya], {"minutes": 0})):
        with pytest.raises(Refused, match=told):
            give(school, lesson, pupils, **more)
    lesson.state = LessonState.CANCELLED.value
    session.flush()
    with pytest.raises(Refused, match="Урок отменён"):
        give(school, lesson, [school.vitya])
    assert session.scalar(select(func.count()).select_from(Homework)) == 0


def test_a_change_is_told_and_another_hand_is_not_overwritten(school, lesson):
    given = give(school, lesson, [school.vitya], at=clock.at(THURSDAY, 9))
    changed = change(school, given, "карточка № 4", minutes=20)
    assert (changed.text, changed.minutes, changed.version, changed.changed_at) == (
        "карточка № 4", 20, 2, clock.now())
    assert changed.published_at == clock.at(THURSDAY, 9)
    with pytest.raises(Stale) as stale:
        change(school, given, "карточка № 5", version=1)
    assert stale.value.theirs == "карточка № 4"


def test_withdrawn_is_ended_not_deleted(school, session, lesson):
    given = give(school, lesson, [school.vitya])
    for _ in range(2):  # once more changes nothing
        withdraw_given(session, lesson_id=lesson.id, homework_id=given.id, actor_id=school.anna.id, version=1,
                       now=clock.now())
    assert given.withdrawn_at == clock.now() and pupils_of(school, given) == {school.vitya.id}
    assert len(records(school, "homework.withdrawn")) == 1
    with pytest.raises(Refused, match="уже нет"):
        change(school, given, "№ 5")


def test_the_classs_homework_is_not_withdrawn_as_a_pupils(school, session, anna, lesson):
    of_class = anna.sets(lesson, "№ 12")
    with pytest.raises(Refused, match="уже нет"):
        withdraw_given(session, lesson_id=lesson.id, homework_id=of_class.id, actor_id=school.anna.id, version=1,
                       now=clock.now())


# Files

def receive(name, body, **more):
    return store.receiving(folder(), [Sent(name, io.BytesIO(body))], longest=more.get("longest", MEGABYTE),
                           field="files")


def test_the_same_bytes_lie_once_under_their_own_hash(school, session, anna, lesson):
    homework = anna.sets(lesson, "№ 12")
    other = give(school, lesson, [school.vitya])
    attach(school, homework, "план.pdf", PDF)
    attach(school, other, "другое имя.pdf", PDF)
    [stored] = session.scalars(select(StoredFile))
    assert store.path_of(folder(), stored.sha256).read_bytes() == PDF
    assert session.scalar(select(func.count()).select_from(HomeworkFile)) == 2
    assert not list(folder().glob("*.waiting"))


def test_what_is_refused_leaves_nothing_behind(school, lesson):
    before = {path for path in folder().rglob("*") if path.is_file()}
    for told, name, body, longest in (("пуст", "a.pdf", b"", MEGABYTE), ("не подходит", "a.pdf", PNG, MEGABYTE),
                                      ("не подходит", "a.exe", b"MZ", MEGABYTE), ("больше", "a.pdf", PDF, 10)):
        with pytest.raises(Refused, match=told), receive(name, body, longest=longest):
            pass
    with pytest.raises(ZeroDivisionError), receive("a.pdf", PDF + b"only once"):
        raise ZeroDivisionError
    assert {path for path in folder().rglob("*") if path.is_file()} == before


def test_what_a_killed_process_left_goes_after_a_day(school, tmp_path):
    left = tmp_path / "0123.waiting"
    left.write_bytes(b"x")
    store.sweep(tmp_path, now=clock.real_now())
    assert left.exists()
    store.sweep(tmp_path, now=clock.real_now() + timedelta(days=2))
    assert not left.exists()


def test_a_file_added_later_is_a_change_that_families_are_told(school, anna, lesson):
    homework = anna.sets(lesson, "№ 12", at=clock.at(THURSDAY, 9))
    attach(school, homework, "план.pdf", PDF, at=clock.at(THURSDAY, 9))
    assert homework.changed_at is None
    attach(school, homework, "фото.png", PNG, at=clock.at(THURSDAY, 11))
    assert homework.changed_at == clock.at(THURSDAY, 11)


def test_the_same_file_again_is_attached_once_and_the_sixth_is_refused(school, session, anna, lesson):
    homework = anna.sets(lesson, "№ 12")
    for number in (1, 1, 2, 3, 4, 5):
        attach(school, homework, f"{number}.pdf", PDF + str(number).encode())
    with pytest.raises(Refused, match="не больше 5"):
        attach(school, homework, "6.pdf", PDF + b"6")
    names = session.scalars(select(HomeworkFile.name).filter_by(homework_id=homework.id)).all()
    assert sorted(names) == ["1.pdf", "2.pdf", "3.pdf", "4.pdf", "5.pdf"]


def test_another_file_of_the_same_name_gets_a_number(school, session, anna, lesson):
    homework = anna.sets(lesson, "№ 12")
    for body in (PDF, PDF + b"2", PDF + b"3"):
        attach(school, homework, "план.pdf", body)
    assert session.scalars(select(HomeworkFile.name).order_by(HomeworkFile.id)).all() == [
        "план.pdf", "план (2).pdf", "план (3).pdf"]


def test_taking_a_file_away_ends_it(school, session, anna, lesson):
    homework = anna.sets(lesson, "№ 12")
    file_id = attach(school, homework, "план.pdf", PDF)
    for _ in range(2):
        remove_files(session, homework=homework, file_ids=[file_id, 10**6], actor_id=school.anna.id, now=clock.now())
    assert session.get(HomeworkFile, file_id).removed_at == clock.now()
    assert len(records(school, "homework.file_removed")) == 1
    attach(school, homework, "план.pdf", PDF)  # it may come back
    assert session.scalar(select(func.count()).select_from(HomeworkFile).filter_by(removed_at=None)) == 1


def test_nothing_set_has_no_files(school, session, anna, lesson):
    homework = anna.sets(lesson, "№ 12")
    attach(school, homework, "план.pdf", PDF)
    homework = anna.sets(lesson, "", not_set=True, version=homework.version)
    assert session.scalars(select(HomeworkFile.removed_at)).one() == clock.now()
    with receive("a.pdf", PDF) as [file], pytest.raises(Refused, match="Снимите отметку"):
        attach_files(session, homework=homework, most=5, actor_id=school.anna.id, now=clock.now(), files=[
            (file.name, store.keep(session, folder=folder(), file=file, now=clock.now()))])


def test_no_name_of_a_file_stands_in_the_record(school, session, anna, lesson):
    attach(school, anna.sets(lesson, "№ 12"), "Волков Виктор.pdf", PDF)
    assert not any("Волков" in data for data in session.scalars(select(AuditRecord.data)))


# The pupil's tick

def test_a_tick_may_be_put_and_taken_back_any_number_of_times(school, session, anna, lesson):
    homework = anna.sets(lesson, "№ 12")
    for done, ticks in ((True, 1), (True, 1), (False, 0), (False, 0), (True, 1)):
        tick(session, homework_id=homework.id, pupil_id=school.vitya.id, done=done, now=clock.now())
        assert session.scalar(select(func.count()).select_from(HomeworkDone)) == ticks
