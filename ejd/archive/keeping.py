"""How long the rows of a school year are kept: journals five years, summary sheets twenty-five (R54). Pure.

Every table stands in exactly one of the three: a new one without a place fails a test.
"""

from __future__ import annotations

# Table: the column by which a row belongs to a row that goes with it, to the year itself, or a day of the year. One of
# several is enough.
JOURNALS: dict[str, tuple[str, ...]] = {
    "attendance": ("lesson_id",),
    "certification": ("printed_id",),
    "counted_week": ("monday",),
    "criterion_score": ("mark_id",),
    "daily_sum": ("course_id",),
    "excuse": ("from_on",),
    "exemption": ("course_id",),
    "expectation": ("work_id",),
    "homework": ("lesson_id",),
    "homework_change": ("homework_id",),
    "homework_done": ("homework_id",),
    "homework_file": ("homework_id",),
    "homework_pupil": ("homework_id",),
    "journal_remark": ("class_id", "course_id", "lesson_id", "made_on"),
    "lesson": ("course_id",),
    "lesson_sum": ("day",),
    "lesson_topic": ("lesson_id",),
    "mark": ("lesson_id",),
    "mark_correction": ("mark_id",),
    "meeting_point": ("class_id",),
    "note": ("class_id",),
    "note_answer": ("note_id",),
    "note_recipient": ("note_id",),
    "plan": ("course_id",),
    "plan_topic": ("plan_id",),
    "printed_journal": ("class_id",),
    "remark_word": ("remark_id",),
    "reopening": ("class_id", "course_id"),
    "slot": ("version_id",),
    "teacher_absence": ("from_on",),
    "timetable_version": ("year_id",),
    "week_acknowledged": ("monday",),
    "weekly_sheet": ("class_id",),
    "work": ("lesson_id",),
    "work_criterion": ("work_id",),
}
# What a summary sheet is read from: who was in which class, what they learned, the results.
SHEETS: dict[str, tuple[str, ...]] = {
    "behaviour_mark": ("class_id",),
    "class_teacher": ("class_id",),
    "course": ("year_id",),
    "course_member": ("course_id",),
    "day_off": ("year_id",),
    "enrolment": ("class_id",),
    "moved_day": ("year_id",),
    "scheme_of_term": ("course_id",),
    "school_class": ("year_id",),
    "school_year": ("id",),
    "teaching_assignment": ("course_id",),
    "term": ("year_id",),
    "term_closing": ("class_id",),
    "term_mark": ("year_id",),
    "term_mark_correction": ("term_mark_id",),
}
# People, what the school is now, the record of acts; of these nothing belongs to a year.
STAYS = frozenset("""
    account audit_record bell bell_schedule bulk_export card card_batch changed_week employment failed_attempt
    guardianship job lesson_feed letter news_address news_asked passport person processing_basis pupil_access
    remembered_mapping saved_view second_factor service_form service_paper setting signed_session stored_file
    subject subject_alias work_kind""".split())
NEXT_YEAR = "school_class.follows_id"  # emptied in the classes that go on from those that go
