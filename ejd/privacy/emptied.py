"""What an erasure empties, column by column, and which texts are left because they are about many. Pure.

Every column that can hold words stands here or in `CODED`, else a test fails: a new one is not forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

GONE = "Удалено по запросу"
CASE_ENDINGS = ("ая", "яя", "ий", "ый", "ой", "а", "я", "ь", "й")
SHORTEST_STEM = 3


@dataclass(frozen=True, slots=True)
class Emptied:
    """Rows about the person, by the columns that name them, and what stands in their texts afterwards."""

    title: str
    by: tuple[str, ...]  # table.column
    values: dict[str, Any]


EMPTIED: tuple[Emptied, ...] = (
    Emptied("откуда прибыл и почему выбыл", ("enrolment.pupil_id",), {"leave_reason": "", "came_from": ""}),
    Emptied("кем приходится ребёнку", ("guardianship.guardian_id", "guardianship.pupil_id"), {"relation": ""}),
    Emptied("название работы", ("employment.person_id",), {"job_title": ""}),
    Emptied("причины отсутствия на работе", ("teacher_absence.teacher_id",), {"reason": ""}),
    Emptied("комментарии к отметкам", ("mark.pupil_id",), {"comment": "", "received_reason": ""}),
    Emptied("причины у итоговых отметок", ("term_mark.pupil_id",), {"reason": ""}),
    Emptied("слова о пропусках", ("excuse.pupil_id", "excuse.made_by_id"), {"word": "", "answer": ""}),
    Emptied("ответы классному руководителю", ("note_answer.pupil_id", "note_answer.guardian_id"), {"text": GONE}),
    Emptied("содержание недельных листов", ("weekly_sheet.pupil_id", "weekly_sheet.guardian_id"), {"content": ""}),
    Emptied("номера и сканы бумаг", ("service_paper.pupil_id", "service_paper.guardian_id"),
            {"number": "–", "file_id": None}),
    Emptied("номера согласий", ("processing_basis.pupil_id",), {"number": ""}),
    Emptied("замечания по ведению журнала", ("journal_remark.teacher_id",), {"text": GONE, "answer": ""}),
    Emptied("адрес для новостей", ("news_address.person_id",),
            {"email": "", "topics": "", "often": "", "items_often": "", "code_hash": "", "leave_hash": "",
             "confirmed_at": None}),
    Emptied("заказанные файлы", ("job.owner_id",), {"said": "", "file_name": ""}),
)
# Own views and letters that asked to confirm an address are no facts and go with their owner, as codes of the second
# factor do with the login: table.column that names whose they are.
DELETED = ("saved_view.owner_id", "news_asked.person_id")
# What was written to or about one pupil alone is emptied by `erasing.py`: notes, homework with its files, home
# teaching, the words between both sides of a remark; of what is deleted the texts stand here too.
EMPTIED_ALONE = frozenset("""
    account.login account.password_hash course.name homework.text homework_change.before homework_file.name
    news_asked.email_hash note.text remark_word.text saved_view.name saved_view.query
    second_factor.spare_hashes""".split())
# Texts about many, or of the school: left, and searched for the surname beforehand.
OF_MANY: dict[str, str] = {
    "course.name": "названия групп",
    "homework.text": "домашние задания",
    "homework_change.before": "прежние домашние задания",
    "homework_file.name": "названия файлов к заданиям",
    "job.file_name": "названия заказанных файлов",
    "job.said": "сообщения о заказанных файлах",
    "journal_remark.answer": "ответы на замечания по журналу",
    "journal_remark.text": "замечания по журналу",
    "lesson.state_reason": "причины отмены и переноса уроков",
    "lesson.topic": "темы уроков",
    "letter.body": "бумаги школы",
    "mark.comment": "комментарии к отметкам других",
    "note.text": "замечания и сообщения семьям",
    "note_answer.text": "ответы других представителей",
    "plan_topic.homework": "задания в планах",
    "plan_topic.section": "разделы планов",
    "plan_topic.title": "темы планов",
    "remark_word.text": "переписка по замечаниям",
    "reopening.reason": "причины открытия журналов",
    "setting.value": "настройки школы",
    "term_closing.reason": "причины досрочного закрытия",
    "work.title": "названия работ",
    "work_criterion.title": "критерии работ",
}
# Codes, keys, hashes, ids, names of things: no words about a person can stand in them.
CODED = frozenset("""
    account.login audit_record.data audit_record.verb bulk_export.kind attendance.code behaviour_mark.value
    bell_schedule.name course.kind course.scheme course.term_scheme day_off.name employment.position excuse.code
    excuse.state expectation.awaiting job.kind job.params job.state lesson.state letter.kind letter.settings_seen
    mark.value mark_correction.after mark_correction.before mark_correction.reason mark_correction.what
    meeting_point.point note.kind passport.key_id processing_basis.kind remembered_mapping.columns
    remembered_mapping.kind remembered_mapping.signature scheme_of_term.scheme school_class.letter
    school_class.term_scheme school_year.name service_form.form service_paper.kind setting.key slot.room
    stored_file.media_type subject.name subject.short_name subject_alias.key term.name term.scheme term_mark.average
    term_mark.period term_mark.suggested term_mark.value term_mark_correction.after term_mark_correction.before
    weekly_sheet.form weekly_sheet.handed_to weekly_sheet.shared_with work.series work_kind.code work_kind.name
    work_kind.short_name""".split())
CODED_NAMES = ("key", "last_key", "_hash", "sha256")  # how such a column's name ends in any table


def stem(last_name: str) -> str:
    """The part of a surname that stays in every case: Волков of Волкова, Крайн of Крайний."""
    for ending in CASE_ENDINGS:
        if last_name.endswith(ending) and len(last_name) - len(ending) >= SHORTEST_STEM:
            return last_name.removesuffix(ending)
    return last_name


def reason_not_to_erase(*, oneself: bool, enrolled: bool, employed: bool, guards: bool) -> str | None:
    """Why the data of somebody are still needed, or None."""
    if oneself:
        return "Свои данные удалить нельзя: это делает другой директор"
    if enrolled:
        return "Пока ученик зачислен, школа обязана вести его журнал: сначала запишите выбытие"
    if employed:
        return "Пока человек работает в школе, его данные нужны: сначала окончите его должности"
    if guards:
        return "Это представитель ученика, который учится в школе: сначала уберите его на странице ребёнка"
    return None
