"""Who may open what: every route of the program, and the named people of the world who get in.

"Get in" means an answer other than 401, 403 and 404. Everybody else signed in must get 403 or 404, and a visitor
who has not signed in is sent to the sign-in page. Routes take their parameters from EXAMPLES, whose objects are
Анна's, Витя's and Вера's.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

from flask import current_app
from sqlalchemy import select

from ejd import clock
from ejd.compliance.views import save_view
from ejd.families.letters import NewWording, current, program_text, word
from ejd.families.models import ServicePaper, WeeklySheet
from ejd.families.wording import LetterKind
from ejd.homeroom.notes import NewNote, write_note
from ejd.importing import keeping
from ejd.importing.reading import Upload
from ejd.jobs.models import Job, JobState
from ejd.journal.excuses import NewExcuse, announce
from ejd.journal.excusing import Span
from ejd.journal.marks import NewMark, put_mark
from ejd.journal.models import Exemption, Homework, HomeworkFile
from ejd.journal.works import NewWork, declare_works
from ejd.plans.queries import plan_of
from ejd.plans.services import NewTopic, active_topics, fill_plan
from ejd.privacy.models import Passport, ProcessingBasis
from ejd.remarks.services import NewRemark, make_remark
from ejd.results.term_closing import Opening, reopen
from ejd.roster.groups import NewGroup, open_group
from ejd.roster.models import Course, Employment, Guardianship
from ejd.schedule.absences import note_absence
from ejd.schedule.drafts import make_draft
from ejd.schedule.feeds import feeds_of, make_feed
from ejd.schedule.models import TimetableVersion
from ejd.school.models import DayOff, MovedDay, Term
from ejd.school.settings import load
from ejd.web.access import IMPORTS
from tests.certification import certified_copy
from tests.homework import attach, give
from tests.world import World

TEACHERS = {"anna", "boris", "eva"}
PARENTS = {"vera", "zakhar", "eva"}
STUDENTS = {"vitya"}
ADMINISTRATION = {"dina", "galina", "olga", "igor", "inna"}
CALENDAR = {"dina", "galina", "olga"}  # who keeps calendar, bells and timetable
EVERYBODY = TEACHERS | PARENTS | STUDENTS | ADMINISTRATION
ROSTER = {"dina", "galina", "olga"}  # who keeps the lists

# Routes that need nobody to be signed in.
PUBLIC = {"asset", "auth.healthz", "auth.sign_in", "auth.sign_in_by_code", "auth.offline_worker", "auth.lesson_feed",
          "auth.confirm_news_page",
          "auth.confirm_news", "auth.leave_news", "auth.unsubscribe"}

ALLOWED: dict[str, set[str]] = {
    "auth.home": EVERYBODY,
    "auth.sign_out": EVERYBODY,
    "auth.account": EVERYBODY,
    "auth.kept": EVERYBODY,
    "auth.beside": EVERYBODY,
    "auth.change_password": EVERYBODY,
    "auth.whoami": EVERYBODY,
    "auth.second_factor_page": EVERYBODY,
    "auth.offline_diary": EVERYBODY,
    "auth.keep_diary": PARENTS | STUDENTS,
    "auth.begin_second_factor": EVERYBODY,
    "auth.second_factor_qr": set(),  # nothing to show until one is being set up
    "auth.confirm_second_factor": EVERYBODY,
    "auth.renew_spare_codes": EVERYBODY,
    "auth.switch_second_factor_off": EVERYBODY,
    "help.contents": EVERYBODY,
    "help.guide": EVERYBODY,
    "jobs.progress": {"dina"},
    "jobs.result": {"dina"},
    "jobs.fetch_sealed": {"dina"},
    "auth.news": EVERYBODY,
    "auth.choose_news": EVERYBODY,
    "auth.ask_news_again": EVERYBODY,
    "auth.remove_news": EVERYBODY,
    "auth.calendar_feeds": EVERYBODY,
    "auth.make_calendar_feed": EVERYBODY,
    "auth.revoke_calendar_feed": {"anna"},
    "admin.certification": {"dina", "galina", "inna"},
    "admin.certified_copies": {"dina", "galina", "inna"},
    "admin.certify": {"galina"},
    "admin.certification_register": {"dina", "galina", "inna"},
    "admin.certification_workbook": {"dina", "galina", "inna"},
    "admin.certification_paper": {"dina", "galina", "inna"},
    "admin.withdraw_certification": {"galina"},
    "admin.archive": {"dina", "galina"},
    "admin.archive_key": {"dina", "galina"},
    "admin.make_archive": {"dina", "galina"},
    "admin.export_all": {"dina", "galina"},
    "admin.exports": {"galina"},
    "admin.see_exports": {"galina"},
    "teacher.today": TEACHERS,
    "teacher.assessments": TEACHERS,
    "teacher.plan_assessment_form": {"anna"},
    "teacher.plan_assessment": {"anna"},
    "teacher.assessment": {"anna"},
    "teacher.change_assessment": {"anna"},
    "admin.assessments": {"dina", "galina", "inna"},
    "admin.assessments_workbook": {"dina", "galina", "inna"},
    "admin.assessments_paper": {"dina", "galina", "inna"},
    "teacher.journals": TEACHERS,
    "teacher.timetable": TEACHERS,
    "teacher.journal": {"anna"},
    "teacher.own_class": {"anna"},
    "teacher.class_achievement": {"anna"},
    "teacher.pupil_diary": {"anna"},
    "teacher.pupil_marks": {"anna"},
    "teacher.pupil_results": {"anna"},
    "teacher.pupil_absences": {"anna"},
    "teacher.pupil_notes": {"anna"},
    "teacher.pupil_homework_file": {"anna"},
    "teacher.own_class_journals": {"anna"},
    "teacher.own_class_journal": {"anna"},
    "teacher.own_class_lesson": {"anna"},
    "teacher.own_class_file": {"anna"},
    "teacher.lesson": {"anna"},
    "teacher.record_lesson": {"anna"},
    "teacher.take": {"anna"},
    "teacher.lesson_file": {"anna"},
    "teacher.give_homework": {"anna"},
    "teacher.save_given_homework": {"anna"},
    "teacher.given_homework": {"anna"},
    "teacher.change_given_homework": {"anna"},
    "teacher.ask_to_withdraw_homework": {"anna"},
    "teacher.withdraw_homework": {"anna"},
    "teacher.declare": {"anna"},
    "teacher.lesson_topic": {"anna"},
    "teacher.take_topic": {"anna"},
    "teacher.plans": TEACHERS,
    "teacher.plan": {"anna"},
    "teacher.plan_workbook": {"anna"},
    "teacher.plan_import": {"anna"},
    "teacher.copy_plan": {"anna"},
    "teacher.merge_topics": {"anna"},
    "teacher.spread_plan": {"anna"},
    "teacher.add_topic": {"anna"},
    "teacher.change_topic": {"anna"},
    "teacher.drop_topic": {"anna"},
    "teacher.restore_topic": {"anna"},
    "teacher.class_list": {"anna"},
    "teacher.save_list": {"anna"},
    "teacher.cell": {"anna"},
    "teacher.save_cell": {"anna"},
    "teacher.works": {"anna"},
    "teacher.declare_work": {"anna"},
    "teacher.work": {"anna"},
    "teacher.save_work": {"anna"},
    "teacher.alter_work": {"anna"},
    "teacher.taking_back": {"anna"},
    "teacher.take_back": {"anna"},
    "teacher.behaviour": {"anna"},
    "teacher.save_behaviour": {"anna"},
    "teacher.summary": {"anna"},
    "teacher.summary_workbook": {"anna"},
    "teacher.summary_paper": {"anna"},
    "teacher.results": {"anna"},
    "teacher.save_results": {"anna"},
    "teacher.offered_results": {"anna"},
    "teacher.class_notes": {"anna"},
    "teacher.note": {"anna"},
    "teacher.history_of_lesson": {"anna"},
    "teacher.results_history": {"anna"},
    "admin.journal_lesson_history": {"dina", "galina", "inna"},
    "admin.results_history": {"dina", "galina", "inna"},
    "teacher.remarks": TEACHERS,
    "teacher.journal_remark": {"anna"},
    "teacher.answer_remark": {"anna"},
    "teacher.class_remarks": {"anna"},
    "teacher.change_note": {"anna"},
    "teacher.withdraw_note": {"anna"},
    "teacher.remark": {"anna"},
    "teacher.class_weeks": {"anna"},
    "teacher.class_sheets": {"anna"},
    "teacher.print_class_sheets": {"anna"},
    "teacher.class_sheets_file": {"anna"},
    "teacher.hand_out_sheets": {"anna"},
    "teacher.sheets_log": {"anna"},
    "teacher.reprint_sheet": {"anna"},
    "teacher.sheet_without_homework": {"anna"},
    "teacher.sheet_copy": {"anna"},
    "teacher.take_sheet_back": {"anna"},
    "teacher.class_printing": {"anna"},
    "teacher.print_class_journal": {"anna"},
    "teacher.class_slips": {"anna"},
    "teacher.class_slips_file": {"anna"},
    "teacher.class_forms": {"anna"},
    "teacher.pupil_forms": {"anna"},
    "teacher.register_form": {"anna"},
    "teacher.form_blank": {"anna"},
    "teacher.register_request": {"anna"},
    "teacher.request_blank": {"anna"},
    "teacher.paper_scan": {"anna"},
    "teacher.class_paper": {"anna"},
    "teacher.class_meeting": {"anna"},
    "teacher.tick_meeting": {"anna"},
    "teacher.make_meeting_kit": {"anna"},
    "admin.class_meeting": ROSTER,
    "admin.tick_meeting": ROSTER,
    "admin.make_meeting_kit": ROSTER,
    "teacher.class_paper_file": {"anna"},
    "admin.forms": ROSTER,
    "admin.pupil_forms": ROSTER,
    "admin.register_form": ROSTER,
    "admin.form_blank": ROSTER,
    "admin.register_request": ROSTER,
    "admin.request_blank": ROSTER,
    "admin.paper_scan": ROSTER,
    "admin.bases": ROSTER,
    "admin.note_service": ROSTER,
    "admin.bases_paper": ROSTER,
    "admin.bases_workbook": ROSTER,
    "admin.pupil_basis": ROSTER,
    "admin.revoke_basis": ROSTER,
    "admin.passports": ROSTER,
    "admin.passport_looks": ROSTER,
    "admin.erase_due_passports": ROSTER,
    "admin.pupil_passport": ROSTER,
    "admin.look_at_passport": ROSTER,
    "admin.erase_passport": ROSTER,
    "admin.everything_about": {"dina", "galina"},
    "admin.erase_person": {"galina"},
    "parent.access": {"vera"},
    "parent.switch_login": {"vera"},
    "parent.notes": {"vera"},
    "parent.answer": {"vera"},
    "parent.acknowledge": {"vera"},
    "student.notes": STUDENTS,
    "parent.home": PARENTS,
    "parent.diary": {"vera"},
    "parent.marks": {"vera"},
    "parent.results": {"vera"},
    "parent.homework_file": {"vera"},
    "teacher.class_absences": {"anna"},
    "teacher.add_excuse": {"anna"},
    "teacher.answer_excuse": {"anna"},
    "teacher.class_day": {"anna"},
    "teacher.save_class_day": {"anna"},
    "teacher.class_missed": {"anna"},
    "teacher.class_missed_file": {"anna"},
    "parent.absences": {"vera"},
    "parent.announce": {"vera"},
    "parent.take_back": {"vera"},
    "student.home": STUDENTS,
    "student.diary": STUDENTS,
    "student.marks": STUDENTS,
    "student.results": STUDENTS,
    "student.homework_file": STUDENTS,
    "student.tick_homework": STUDENTS,
    "student.absences": STUDENTS,
    "admin.overview": ADMINISTRATION,
    "admin.attendance": ROSTER,
    "admin.attendance_file": ROSTER,
    "admin.school_missed": ROSTER,
    "admin.school_missed_file": ROSTER,
    "admin.class_absences": ROSTER,
    "admin.add_excuse": ROSTER,
    "admin.answer_excuse": ROSTER,
    "admin.class_day": ROSTER,
    "admin.save_class_day": ROSTER,
    "admin.class_missed": ROSTER,
    "admin.class_missed_file": ROSTER,
    "admin.control": {"dina", "galina", "inna"},
    "admin.control_list": {"dina", "galina", "inna"},
    "admin.control_workbook": {"dina", "galina", "inna"},
    "admin.control_paper": {"dina", "galina", "inna"},
    "admin.prepare_control_list": {"dina", "galina", "inna"},
    "admin.prepare_control_everything": {"dina", "galina", "inna"},
    "admin.control_summary_workbook": {"dina", "galina", "inna"},
    "admin.control_summary_paper": {"dina", "galina", "inna"},
    "admin.control_plans": {"dina", "galina", "inna"},
    "admin.control_plans_file": {"dina", "galina", "inna"},
    "admin.control_families": {"dina", "galina", "inna"},
    "admin.control_families_file": {"dina", "galina", "inna"},
    "admin.control_guardians": {"dina", "galina", "inna"},
    "admin.control_guardians_file": {"dina", "galina", "inna"},
    "admin.control_views": {"dina", "galina", "inna"},
    "admin.save_control_view": {"dina", "galina", "inna"},
    "admin.forgetting_control_view": {"dina"},
    "admin.forget_control_view": {"dina"},
    "admin.classes": ADMINISTRATION,
    "admin.school_class": ADMINISTRATION,
    "admin.class_load": ADMINISTRATION,
    "admin.course": ADMINISTRATION,
    "admin.history": {"dina", "galina"},
    "admin.find_in_history": {"dina", "galina"},
    "admin.history_file": {"dina", "galina"},
    "admin.authority_report": {"dina", "galina", "inna"},
    "admin.authority_report_file": {"dina", "galina", "inna"},
    "admin.remarks": {"dina", "galina", "inna"},
    "admin.remarks_file": {"dina", "galina", "inna"},
    "admin.remark": {"dina", "galina", "inna"},
    "admin.new_remark": {"dina", "galina"},
    "admin.remark_on_lesson": {"dina", "galina"},
    "admin.remark_on_page": {"dina", "galina"},
    "admin.remark_to_teacher": {"dina", "galina"},
    "admin.close_remark": {"dina", "galina"},
    "admin.send_remark_back": {"dina", "galina"},
    "admin.withdraw_remark": {"dina", "galina"},
    "admin.plans": {"dina", "galina", "inna"},
    "admin.plans_workbook": {"dina", "galina", "inna"},
    "admin.plans_paper": {"dina", "galina", "inna"},
    "admin.plan": {"dina", "galina", "inna"},
    "admin.journal": {"dina", "galina", "inna"},
    "admin.journal_lesson": {"dina", "galina", "inna"},
    "admin.journal_file": {"dina", "galina", "inna"},
    "admin.summary": {"dina", "galina", "inna"},
    "admin.summary_workbook": {"dina", "galina", "inna"},
    "admin.summary_paper": {"dina", "galina", "inna"},
    "admin.results_overview": {"dina", "galina", "inna"},
    "admin.results_list": {"dina", "galina", "inna"},
    "admin.results_workbook": {"dina", "galina", "inna"},
    "admin.results_paper": {"dina", "galina", "inna"},
    "admin.results": {"dina", "galina"},
    "admin.save_results": {"dina", "galina"},
    "admin.offered_results": {"dina", "galina"},
    "admin.late_marks": {"dina", "galina"},
    "admin.mark_received": {"dina", "galina"},
    "admin.search": ADMINISTRATION,
    "admin.staff": ADMINISTRATION,
    "admin.person": ADMINISTRATION,
    "admin.add_class": ROSTER,
    "admin.class_teacher": ROSTER,
    "admin.remove_class": ROSTER,
    "admin.add_pupil": ROSTER,
    "admin.divide_class": ROSTER,
    "admin.split_by_alphabet": ROSTER,
    "admin.add_course": ROSTER,
    "admin.change_course": ROSTER,
    "admin.assign_teacher": ROSTER,
    "admin.retire_course": ROSTER,
    "admin.pupil_extract": {"dina", "galina", "inna"},
    "admin.pupil_extract_paper": {"dina", "galina", "inna"},
    "admin.brought_marks": {"dina", "galina"},
    "admin.new_year_classes": {"dina", "galina"},
    "admin.open_next_year": {"dina", "galina"},
    "admin.new_year_preview": {"dina", "galina"},
    "admin.turn_year": {"dina", "galina"},
    "admin.close_year": {"dina", "galina"},
    "admin.put_schemes": ROSTER,
    "admin.groups": ADMINISTRATION,
    "admin.group": ADMINISTRATION,
    "admin.add_group": ROSTER,
    "admin.change_group": ROSTER,
    "admin.group_members": ROSTER,
    "admin.edit_person": ROSTER,
    "admin.remove_person": ROSTER,
    "admin.join_people": ROSTER,
    "admin.enrol_pupil": ROSTER,
    "admin.move_pupil": ROSTER,
    "admin.pupil_leaves": ROSTER,
    "admin.exempt_pupil": ROSTER,
    "admin.end_exemption": ROSTER,
    "admin.add_guardian": ROSTER,
    "admin.end_guardianship": ROSTER,
    "admin.add_staff": ROSTER,
    "admin.add_position": ROSTER,
    "admin.end_position": ROSTER,
    "admin.issue_password": ROSTER | {"igor"},
    "admin.close_login": ROSTER,
    "admin.cards": ROSTER | {"igor"},
    "admin.make_cards": ROSTER | {"igor"},
    "admin.class_cards": ROSTER | {"igor"},
    "admin.make_class_cards": ROSTER | {"igor"},
    "admin.hand_out_cards": ROSTER | {"igor"},
    "admin.take_back_card": ROSTER | {"igor"},
    "admin.card_register": ROSTER | {"igor"},
    "teacher.class_cards": {"anna"},
    "teacher.make_class_cards": {"anna"},
    "teacher.hand_out_cards": {"anna"},
    "teacher.take_back_card": {"anna"},
    "teacher.card_register": {"anna"},
    "teacher.issue_card": {"anna"},
    "admin.settings": {"dina", "galina"},
    "admin.work_kinds": {"dina", "galina"},
    "admin.add_work_kind": {"dina", "galina"},
    "admin.work_kind": {"dina", "galina"},
    "admin.change_settings": {"dina", "galina"},
    "admin.access_table": ADMINISTRATION,
    "admin.import_lists": ROSTER,
    "admin.import_preview": {"dina"},  # who sent the files
    "admin.correct_sheet": {"dina"},
    "admin.confirm_import": {"dina"},
    "admin.discard_import": {"dina"},
    "admin.calendar": CALENDAR,
    "admin.open_year": CALENDAR,
    "admin.move_year": CALENDAR,
    "admin.terms": CALENDAR,
    "admin.add_day_off": CALENDAR,
    "admin.change_day_off": CALENDAR,
    "admin.remove_day_off": CALENDAR,
    "admin.move_day": CALENDAR,
    "admin.give_back_day": CALENDAR,
    "admin.timetable": CALENDAR,
    "admin.timetable_page": CALENDAR,
    "admin.timetable_class": CALENDAR,
    "admin.timetable_teacher": CALENDAR,
    "admin.timetable_room": CALENDAR,
    "admin.new_draft": CALENDAR,
    "admin.publish_draft": CALENDAR,
    "admin.withdraw_draft": CALENDAR,
    "admin.bells": CALENDAR,
    "admin.add_bells": CALENDAR,
    "admin.change_bells": CALENDAR,
    "admin.weeks": CALENDAR,
    "admin.lessons": CALENDAR,
    "admin.cancel_lessons": CALENDAR,
    "admin.restore_lessons": CALENDAR,
    "admin.substitute_lessons": CALENDAR,
    "admin.move_lessons": CALENDAR,
    "admin.absences": CALENDAR,
    "admin.note_absence": CALENDAR,
    "admin.withdraw_absence": CALENDAR,
    "admin.substitutions": CALENDAR,
    "admin.put_substitutions": CALENDAR,
    "admin.replaced": CALENDAR,
    "admin.replaced_workbook": CALENDAR,
    "admin.replaced_paper": CALENDAR,
    "admin.merge_lessons": CALENDAR,
    "admin.remote_lessons": CALENDAR,
    "admin.printing": {"dina", "galina"},
    "admin.print_journals": {"dina", "galina"},
    "admin.school_sheets": {"dina", "galina"},
    "admin.print_school_sheets": {"dina", "galina"},
    "admin.class_sheets": {"dina", "galina"},
    "admin.print_class_sheets": {"dina", "galina"},
    "admin.class_sheets_file": {"dina", "galina"},
    "admin.hand_out_sheets": {"dina", "galina"},
    "admin.sheets_log": {"dina", "galina"},
    "admin.reprint_sheet": {"dina", "galina"},
    "admin.sheet_without_homework": {"dina", "galina"},
    "admin.sheet_copy": {"dina", "galina"},
    "admin.take_sheet_back": {"dina", "galina"},
    "admin.class_slips": {"dina", "galina"},
    "admin.class_slips_file": {"dina", "galina"},
    "admin.launch": ROSTER,
    "admin.papers": ROSTER,
    "admin.paper": ROSTER,
    "admin.paper_file": ROSTER,
    "admin.edit_paper": ROSTER,
    "admin.word_paper": ROSTER,
    "admin.paper_edition": ROSTER,
    "admin.paper_edition_file": ROSTER,
    "admin.closing_now": {"dina", "galina"},
    "admin.closing_terms": {"dina", "galina"},
    "admin.close_terms": {"dina", "galina"},
    "admin.closing_class": {"dina", "galina"},
    "admin.close_class": {"dina", "galina"},
    "admin.reopen": {"dina", "galina"},
    "admin.shut_again": {"dina", "galina"},
}


def certification_of_7a(school: World) -> int:
    """Галина has certified the printed first quarter of 7А."""
    return certified_copy(school).id


def files_of_dina(school: World) -> str:
    """An upload of Дина's that waits for confirmation."""
    root = Path(current_app.instance_path) / IMPORTS
    return keeping.keep(root, owner_id=school.dina.id, now=clock.real_now(),
                        files=[Upload("list.csv", "Класс;ФИО;Дата рождения\n7А;Новиков Иван;01.02.2013".encode())])


def draft_of_olga(school: World) -> int:
    year_id = school.school_class("7А").year_id
    return make_draft(school.session, actor_id=school.olga.id, year_id=year_id, valid_from=date(2026, 9, 21),
                      copied_from=school.session.scalars(select(TimetableVersion.id)).first(), now=clock.now()).id


def moved_day(school: World) -> int:
    row = MovedDay(year_id=school.school_class("7А").year_id, day=date(2026, 9, 26), weekday=5)
    school.session.add(row)
    school.session.flush()
    return row.id


def exemption_of_vitya(school: World) -> int:
    exemption = Exemption(pupil_id=school.vitya.id, course_id=school.course("7А", "Математика").id,
                          from_on=date(2026, 9, 14))
    school.session.add(exemption)
    school.session.flush()
    return exemption.id


def excuse_of_vitya(school: World) -> int:
    """Announced by Вера, not answered yet."""
    return announce(school.session, excuse=NewExcuse(
        school.vitya.id, Span(date(2026, 9, 17), date(2026, 9, 18)), "б", "example", school.vera.id, clock.now())).id


def topic_of_anna(school: World) -> int:
    """The first topic of the plan of mathematics in 7А."""
    course_id = school.course("7А", "Математика").id
    plan = plan_of(school.session, course_id=course_id, today=clock.today())
    made = plan or fill_plan(school.session, actor_id=school.anna.id, course_id=course_id,
                             topics=[NewTopic("Дроби"), NewTopic("Проценты")], now=clock.now())
    return active_topics(school.session, made.id)[0].id


def mark_of_vitya(school: World) -> int:
    """Entered nine days after it was received."""
    course = school.course("7А", "Математика")
    lesson = school.lesson(course, date(2026, 9, 8))
    return put_mark(school.session, settings=load(school.session), mark=NewMark(
        lesson_id=lesson.id, pupil_id=school.vitya.id, value="5", key="example", actor_id=school.anna.id,
        at=clock.now(), kind_id=school.kind("oral").id)).id


def note_to_vitya(school: World) -> int:
    """A notice of Анна's to Витя's family."""
    return write_note(school.session, note=NewNote(
        school.school_class("7А").id, "notice", clock.today(), "Собрание в пятницу", school.anna.id, clock.now(),
        "example-note", [school.vitya.id])).id


def first_quarter(school: World) -> int:
    """A row before it may have emptied the form of the quarters."""
    term = school.session.scalars(select(Term).filter_by(scheme="quarters", number=1)).first()
    if term is None:
        term = Term(year_id=school.school_class("7А").year_id, scheme="quarters", number=1, name="I четверть",
                    starts_on=date(2026, 9, 1), ends_on=date(2026, 10, 23))
        school.session.add(term)
        school.session.flush()
    return term.id


def opening_of_7a(school: World) -> int:
    """Leave to change the first quarter of 7А, for today."""
    opening = Opening(school.school_class("7А").id, first_quarter(school), clock.today(), "Справка", "example-opening")
    return reopen(school.session, actor_id=school.dina.id, opening=opening, now=clock.now()).id


def group_of_dina(school: World) -> int:
    """A group over several classes."""
    known = school.session.scalars(select(Course.id).filter_by(name="Олимпиадная математика")).first()
    return known or open_group(
        school.session, actor_id=school.dina.id, year_id=school.school_class("7А").year_id, from_on=date(2026, 9, 1),
        now=clock.now(), group=NewGroup("Олимпиадная математика", school.course("7А", "Математика").subject_id)).id


def work_of_7a(school: World) -> int:
    """A control work that Анна declared."""
    lesson = school.lesson(school.course("7А", "Математика"), date(2026, 9, 15))
    [work] = declare_works(school.session, settings=load(school.session), works=[
        NewWork(lesson.id, school.kind("test").id, school.anna.id, clock.now())])
    return work.id


def homework_of_vitya(school: World) -> int:
    """Set to him alone at the lesson of 15 September, with a file."""
    return give(school, school.lesson(school.course("7А", "Математика"), date(2026, 9, 15)), [school.vitya]).id


def paper_of_vitya(school: World) -> int:
    """Вера had said that she has no internet, and took it back; its scan is kept."""
    known = school.session.scalars(select(ServicePaper.id).filter_by(kind="no_access")).first()
    if known is None:
        file_id = school.session.get(HomeworkFile, file_of_vitya(school)).file_id  # type: ignore[union-attr]
        paper = ServicePaper(kind="no_access", pupil_id=school.vitya.id, guardian_id=school.vera.id, number="1",
                             signed_on=date(2026, 9, 2), file_id=file_id, registered_at=clock.now(),
                             registered_by_id=school.anna.id, key="example-paper")
        school.session.add(paper)
        school.session.flush()
        known = paper.id
    return known


def file_of_vitya(school: World) -> int:
    homework = school.session.get(Homework, homework_of_vitya(school))
    assert homework is not None
    return attach(school, homework, "план.txt", "План\n".encode())


def absence_of_anna(school: World) -> int:
    """Анна is away for a day that nothing else happens on."""
    return note_absence(school.session, actor_id=school.olga.id, teacher_id=school.anna.id, from_on=date(2026, 10, 5),
                        to_on=date(2026, 10, 5), reason="", now=clock.now()).id


def feed_of_anna(school: World) -> int:
    make_feed(school.session, owner_id=school.anna.id, pupil_id=None, now=clock.now())
    return feeds_of(school.session, school.anna.id)[0].id


def job_of_dina(school: World) -> int:
    """Long work that ended without a result."""
    job = Job(kind="cards", params='{"back": "/admin/", "seal": ""}', owner_id=school.dina.id, key=token_urlsafe(12),
              state=JobState.FAILED.value, made_at=clock.now())
    school.session.add(job)
    school.session.flush()
    return job.id


def sheet_of_vitya(school: World) -> int:
    """A weekly sheet of 7А, printed just now and once more."""
    known = school.session.scalars(select(WeeklySheet.id).filter_by(key="example-sheets")).first()
    if known is None:
        sheet = WeeklySheet(
            guardian_id=school.vera.id, pupil_id=school.vitya.id, class_id=school.school_class("7А").id,
            monday=date(2026, 9, 7), form="paper", content="", until_at=clock.now(), printed_at=clock.now(),
            printed_by_id=school.anna.id, key="example-sheets", reprints=1)
        school.session.add(sheet)
        school.session.flush()
        known = sheet.id
    return known


def batch_of_7a(school: World) -> str:
    sheet_of_vitya(school)
    return "example-sheets"


def remark_to_anna(school: World) -> int:
    """On a lesson of mathematics in 7А."""
    lesson = school.lesson(school.course("7А", "Математика"), date(2026, 9, 15))
    return make_remark(school.session, remark=NewRemark("Нет темы", school.dina.id, clock.now(), "example-remark",
                                                        lesson_id=lesson.id)).id


def edition_of_memo(school: World) -> int:
    """The school has made the memo its own."""
    known = current(school.session, LetterKind.MEMO, settings=load(school.session), today=clock.today()).number
    return known or word(school.session, settings=load(school.session), today=clock.today(), new=NewWording(
        LetterKind.MEMO, program_text(LetterKind.MEMO), 0, school.olga.id, clock.now(), "example-memo")).number


def basis_of_vitya(school: World) -> int:
    """Receiving the service, since the first of September."""
    known = school.session.scalars(select(ProcessingBasis.id).filter_by(pupil_id=school.vitya.id)).first()
    if known is None:
        basis = ProcessingBasis(pupil_id=school.vitya.id, kind="service", number="", from_on=date(2026, 9, 1),
                                noted_at=clock.now(), noted_by_id=school.olga.id)
        school.session.add(basis)
        school.session.flush()
        known = basis.id
    return known


def passport_of_vitya(school: World) -> int:
    """As if he had been in class 11: under a key that is gone."""
    if school.session.get(Passport, school.vitya.id) is None:
        school.session.add(Passport(pupil_id=school.vitya.id, sealed=b"sealed", key_id="gone", entered_at=clock.now(),
                                    entered_by_id=school.olga.id))
        school.session.flush()
    return school.vitya.id


def view_of_dina(school: World) -> int:
    """A view of the control page that Дина keeps."""
    return save_view(school.session(), owner_id=school.dina.id, name="Четверть", query="span=term", now=clock.now()).id


EXAMPLES: dict[str, Callable[[World], Any]] = {
    "guide": lambda school: "family",
    "view_id": view_of_dina,
    "who": lambda school: "never",
    "basis_id": basis_of_vitya,
    "passport_id": passport_of_vitya,
    "certification_id": certification_of_7a,
    "job_id": job_of_dina,
    "sheet_id": sheet_of_vitya,
    "letter": lambda school: "memo",
    "edition": edition_of_memo,
    "key": batch_of_7a,
    "card_id": lambda school: 1,
    "number": lambda school: 1,
    "secret": lambda school: "guessed",
    "code": lambda school: "guessed",
    "feed_id": feed_of_anna,
    "absence_id": absence_of_anna,
    "group_id": group_of_dina,
    "upload": files_of_dina,
    "figure": lambda school: "late",
    "what": lambda school: "missing",
    "section": lambda school: "limits",
    "scheme": lambda school: "quarters",
    "year_id": lambda school: school.school_class("7А").year_id,
    "day_off_id": lambda school: school.session.scalars(select(DayOff.id)).first(),
    "moved_day_id": moved_day,
    "version_id": draft_of_olga,
    "teacher_id": lambda school: school.anna.id,
    "schedule_id": lambda school: school.school_class("7А").bell_schedule_id,
    "lesson_id": lambda school: school.lesson(school.course("7А", "Математика"), date(2026, 9, 15)).id,
    "course_id": lambda school: school.course("7А", "Математика").id,
    "class_id": lambda school: school.school_class("7А").id,
    "pupil_id": lambda school: school.vitya.id,
    "person_id": lambda school: school.vitya.id,
    "subject_id": lambda school: school.course("7А", "Иностранный", 1).subject_id,
    "guardianship_id": lambda school: school.session.scalars(
        select(Guardianship.id).filter_by(pupil_id=school.vitya.id)).first(),
    "topic_id": topic_of_anna,
    "paper": lambda school: "refusal",
    "paper_id": paper_of_vitya,
    "exemption_id": exemption_of_vitya,
    "excuse_id": excuse_of_vitya,
    "form": lambda school: "xlsx",
    "mark_id": mark_of_vitya,
    "homework_id": homework_of_vitya,
    "file_id": file_of_vitya,
    "work_id": work_of_7a,
    "kind_id": lambda school: school.kind("test").id,
    "term_id": first_quarter,
    "opening_id": opening_of_7a,
    "note_id": note_to_vitya,
    "remark_id": remark_to_anna,
    "week": lambda school: "2026-W37",
    "employment_id": lambda school: school.session.scalars(
        select(Employment.id).filter_by(person_id=school.anna.id)).first(),
}
