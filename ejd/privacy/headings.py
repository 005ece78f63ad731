"""How everything that the database keeps about a person is told to them: each column that names a person has either a
title and the columns shown under it, or a phrase under which its rows are only counted, for they tell of others. Pure.

A column that names a person and stands in neither fails a test: nothing is forgotten.
"""

from __future__ import annotations

# table.column that names the person: title, and what is told of each row.
ABOUT: dict[str, tuple[str, str]] = {
    "account.person_id": ("Логин", "login created_at must_change lapses_at disabled_at"),
    "attendance.pupil_id": ("Посещаемость", "lesson_id code entered_at"),
    "behaviour_mark.pupil_id": ("Отметки за поведение", "class_id term_id value entered_at"),
    "card.person_id": ("Карточки доступа", "made_at handed_on cancelled_at"),
    "class_teacher.teacher_id": ("Классное руководство", "class_id from_on to_on"),
    "course_member.pupil_id": ("Подгруппы и группы", "course_id from_on to_on"),
    "employment.person_id": ("Должности", "position job_title from_on to_on"),
    "enrolment.pupil_id": ("Классы", "class_id from_on to_on came_from leave_reason"),
    "excuse.pupil_id": (
        "Причины пропусков",
        "from_on to_on first_number last_number code certificate state word answer made_at decided_at"),
    "exemption.pupil_id": ("Освобождения от предметов", "course_id from_on to_on"),
    "expectation.pupil_id": ("Чего ждут по работам", "work_id awaiting received_on due_on hand_in_by"),
    "guardianship.guardian_id": ("Представитель ребёнка", "pupil_id relation from_on to_on"),
    "guardianship.pupil_id": ("Представители", "relation from_on to_on"),
    "homework_done.pupil_id": ("Отмеченное сделанным домашнее задание", "homework_id done_at"),
    "homework_pupil.pupil_id": ("Домашние задания лично", "homework_id"),
    "job.owner_id": ("Заказанные файлы", "kind made_at state file_name said fetched_at"),
    "journal_remark.teacher_id": (
        "Замечания по ведению журнала",
        "made_on class_id course_id lesson_id first last text due_on answer answered_at closed_at withdrawn_at"),
    "lesson_feed.owner_id": ("Адреса расписания для телефона", "pupil_id created_at revoked_at"),
    "lesson_feed.pupil_id": ("Адреса расписания этого ученика", "created_at revoked_at"),
    "mark.pupil_id": (
        "Отметки", "lesson_id value kind_id work_id weight comment received_on received_reason entered_on "
                   "responsible_id withdrawn_at"),
    "news_address.person_id": ("Адрес для новостей", "email confirmed_at topics often items_often quiet_from quiet_to"),
    "news_asked.person_id": ("Письма с просьбой подтвердить адрес", "at"),
    "note_answer.guardian_id": ("Ответы классному руководителю", "pupil_id written_at text"),
    "note_answer.pupil_id": ("Ответы представителей об этом ученике", "written_at text"),
    "note_recipient.pupil_id": ("Замечания и сообщения семье", "note_id"),
    "passport.pupil_id": ("Паспортные данные", "entered_at erased_at"),
    "processing_basis.pupil_id": ("Основания обработки данных", "kind number from_on to_on noted_at"),
    "pupil_access.pupil_id": ("Вход ученика", "open from_on to_on paper_id"),
    "saved_view.owner_id": ("Сохранённые виды контроля", "name made_at"),
    "service_form.guardian_id": ("Форма услуги у представителя", "pupil_id form from_on to_on paper_id"),
    "service_form.pupil_id": ("Формы услуги об этом ученике", "form from_on to_on paper_id"),
    "service_paper.guardian_id": (
        "Бумаги представителя", "pupil_id kind number signed_on passport_shown_on registered_at"),
    "service_paper.pupil_id": ("Бумаги об этом ученике", "kind number signed_on passport_shown_on registered_at"),
    "teacher_absence.teacher_id": ("Отсутствие на работе", "from_on to_on reason noted_at withdrawn_at"),
    "teaching_assignment.teacher_id": ("Нагрузка", "course_id from_on to_on"),
    "term_mark.pupil_id": (
        "Итоговые отметки", "year_id subject_id period term_id value suggested average marks reason entered_on"),
    "week_acknowledged.guardian_id": ("Недели, с которыми ознакомлен", "pupil_id monday at"),
    "week_acknowledged.pupil_id": ("Недели, с которыми ознакомлены представители", "monday at"),
    "weekly_sheet.guardian_id": (
        "Недельные листы ему", "pupil_id monday form printed_at reprints handed_on handed_to"),
    "weekly_sheet.pupil_id": ("Недельные листы об этом ученике", "monday form printed_at reprints handed_on handed_to"),
}
# Rows that hang on such a row: where, by which column, on what; title and columns.
THROUGH: dict[str, tuple[str, str, str]] = {
    "criterion_score.mark_id": ("mark.pupil_id", "Баллы по критериям", "criterion_id points"),
    "mark_correction.mark_id": ("mark.pupil_id", "Исправления отметок",
                                "mark_id what before after corrected_at corrected_on"),
    "remark_word.remark_id": ("journal_remark.teacher_id", "Переписка по замечаниям", "at text"),
    "second_factor.account_id": ("account.person_id", "Код из телефона при входе", "confirmed_at"),
    "signed_session.account_id": ("account.person_id", "Входы", "created_at last_seen_at ended_at"),
    "term_mark_correction.term_mark_id": ("term_mark.pupil_id", "Исправления итоговых отметок",
                                          "before after corrected_at corrected_on"),
}
# What the person has done in the journal of others: how many rows there are, for they are about others.
MADE: dict[str, str] = {
    "attendance.entered_by_id": "Посещаемость: внесено записей",
    "audit_record.actor_id": "Журнал действий: записей о том, что сделал этот человек",
    "behaviour_mark.entered_by_id": "Отметки за поведение: выставлено",
    "bulk_export.made_by_id": "Выгрузки: сделано",
    "bulk_export.seen_by_id": "Выгрузки: просмотрено сообщений о них",
    "card.handed_by_id": "Карточки доступа: выдано",
    "card.handed_to_id": "Карточки доступа: получено под роспись",
    "card.pupil_id": "Карточки доступа семьи ученика",
    "card_batch.made_by_id": "Карточки доступа: подготовлено пачек",
    "certification.certified_by_id": "Печатные журналы: заверено",
    "daily_sum.responsible_id": "Суммы своевременности отметок",
    "excuse.decided_by_id": "Причины пропусков: решено",
    "excuse.made_by_id": "Причины пропусков: сообщено",
    "expectation.responsible_id": "Ожидаемые отметки: за кем числятся",
    "homework.published_by_id": "Домашние задания: опубликовано",
    "homework_change.changed_by_id": "Домашние задания: изменено",
    "homework_file.attached_by_id": "Файлы к заданиям: приложено",
    "journal_remark.closed_by_id": "Замечания по ведению журнала: закрыто",
    "journal_remark.made_by_id": "Замечания по ведению журнала: сделано",
    "lesson.substitutes_id": "Уроки, на которых заменяли этого учителя",
    "lesson.teacher_id": "Уроки этого учителя",
    "lesson_sum.teacher_id": "Суммы уроков и заданий по неделям",
    "letter.made_by_id": "Бумаги школы: написано редакций",
    "mark.entered_by_id": "Отметки: внесено",
    "mark.responsible_id": "Отметки: числятся за учителем",
    "mark_correction.corrected_by_id": "Отметки: исправлено",
    "mark_correction.responsible_id": "Исправления отметок: числятся за учителем",
    "meeting_point.done_by_id": "План родительского собрания: отмечено пунктов",
    "note.author_id": "Замечания и сообщения семьям: написано",
    "passport.entered_by_id": "Паспортные данные: внесено",
    "plan.created_by_id": "Планы уроков: заведено",
    "printed_journal.printed_by_id": "Журналы: напечатано",
    "processing_basis.noted_by_id": "Основания обработки данных: записано",
    "pupil_access.decided_by_id": "Вход учеников: принято решений",
    "remark_word.by_id": "Переписка по замечаниям: написано",
    "reopening.opened_by_id": "Журналы: открыто для исправления",
    "service_paper.registered_by_id": "Заявления семей: зарегистрировано",
    "teacher_absence.noted_by_id": "Отсутствие учителей: записано",
    "term_closing.closed_by_id": "Учебные периоды: закрыто",
    "term_mark.entered_by_id": "Итоговые отметки: выставлено",
    "term_mark_correction.corrected_by_id": "Итоговые отметки: исправлено",
    "weekly_sheet.handed_by_id": "Недельные листы: выдано",
    "weekly_sheet.printed_by_id": "Недельные листы: напечатано",
    "work.author_id": "Работы: объявлено",
}
# What is not told of a row: keys and versions of saves, hashes, ids that lead to another person or to nothing more.
UNTOLD = frozenset("""
    id key last_key version token_hash device_hash password_hash code_hash leave_hash email_hash spare_hashes sealed
    key_id last_step account_id batch_id remark_id person_id pupil_id guardian_id owner_id teacher_id entered_by_id
    made_by_id decided_by_id registered_by_id printed_by_id handed_by_id handed_to_id noted_by_id closed_by_id by_id
    corrected_by_id term_mark_id file_id excuse_id retakes_id after_closing""".split())
# What more is not told of one table: worked out from the rest, or the program's own book-keeping.
OMITTED: dict[str, str] = {
    "expectation": "responsible_id",
    "job": "params done total begun_at ended_at",
    "journal_remark": "made_at",
    "mark": "entered_at days_taken over_limit",
    "mark_correction": "reason days_after responsible_id",
    "news_address": "asked_at items_told_on told_until failed_at failures claimed_at",
    "note_answer": "note_id",
    "pupil_access": "decided_at",
    "remark_word": "sent_back",
    "saved_view": "query",
    "signed_session": "ends_at",
    "term_mark": "class_id course_id entered_at due_on",
    "weekly_sheet": "class_id content until_at shared_with",
}

COLUMNS: dict[str, str] = {
    "after": "стало", "answer": "ответ", "answered_at": "отвечено", "at": "когда", "average": "средний балл",
    "awaiting": "чего ждут", "before": "было", "came_from": "прибыл из", "cancelled_at": "заменена новой",
    "certificate": "справка", "class_id": "класс", "closed_at": "закрыто", "code": "отметка", "comment": "комментарий",
    "confirmed_at": "подтверждён", "corrected_at": "исправлено", "corrected_on": "день исправления",
    "course_id": "журнал", "created_at": "создан", "criterion_id": "критерий", "decided_at": "решено",
    "disabled_at": "закрыт", "done_at": "отмечено", "due_on": "срок", "email": "адрес", "ended_at": "закончен",
    "entered_at": "внесено", "entered_on": "день внесения", "erased_at": "стёрто", "fetched_at": "получен",
    "file_name": "файл", "first": "с", "first_number": "с урока", "form": "форма", "from_on": "с", "hand_in_by":
    "сдать до", "handed_on": "выдано", "handed_to": "кому", "homework_id": "задание", "items_often": "свои дела",
    "job_title": "работа", "kind": "вид", "kind_id": "вид работы", "lapses_at": "пароль действует до", "last": "по",
    "last_number": "по урок", "last_seen_at": "последнее действие", "leave_reason": "выбыл", "lesson_id": "урок",
    "login": "логин", "made_at": "сделано", "made_on": "день", "mark_id": "отметка", "marks": "отметок", "monday":
    "неделя с", "must_change": "пароль одноразовый", "name": "название", "note_id": "текст", "noted_at": "записано",
    "number": "номер", "often": "как часто", "open": "открыт", "paper_id": "бумага", "passport_shown_on":
    "паспорт предъявлен", "period": "за что", "points": "баллы", "position": "должность", "printed_at": "напечатано",
    "pupil_id": "ученик",
    "quiet_from": "тихо с часа", "quiet_to": "тихо до часа", "reason": "причина", "received_on": "получена",
    "received_reason": "причина даты", "registered_at": "зарегистрировано", "relation": "кем приходится",
    "reprints": "повторов", "responsible_id": "учитель", "revoked_at": "отозван", "said": "что вышло",
    "signed_on": "подписано", "state": "состояние", "subject_id": "предмет", "suggested": "предлагалось",
    "term_id": "период", "text": "текст", "to_on": "по", "topics": "о чём", "value": "отметка", "weight": "вес",
    "what": "что", "withdrawn_at": "снято", "word": "слова", "work_id": "работа", "written_at": "написано",
    "year_id": "учебный год",
}

# Codes in words, whatever the table.
CODES: dict[str, dict[str, str]] = {
    "awaiting": {"teacher": "отметку от учителя", "pupil": "работу от ученика", "released": "ничего",
                 "met": "отметка стоит", "closed": "ничего: период закрыт"},
    "code": {"н": "отсутствовал", "б": "болезнь", "у": "уважительная причина", "о": "опоздал"},
    "form": {"electronic": "электронная", "paper": "бумажная: нет интернета", "refused": "бумажная: отказ",
             "limited": "доступ ограничен судом"},
    "handed_to": {"guardian": "представителю", "pupil": "ученику"},
    "kind": {"service": "получение услуги", "consent": "подписанное согласие", "no_access": "заявление: нет интернета",
             "refusal": "отказ от электронной услуги", "annulment": "аннулирование заявления",
             "court": "ограничение по решению суда", "court_lifted": "снятие ограничения",
             "pupil_request": "заявление и согласие ученика", "remark": "замечание", "notice": "сообщение"},
    "often": {"once": "сразу", "daily": "раз в день", "weekly": "раз в неделю"},
    "items_often": {"daily": "раз в день", "weekly": "раз в неделю"},
    "period": {"term": "период", "year": "год", "exam": "экзамен", "final": "итоговая"},
    "state": {"announced": "ждёт ответа", "accepted": "принято", "declined": "отклонено", "withdrawn": "отозвано",
              "waiting": "в очереди", "running": "делается", "done": "готово", "failed": "не вышло"},
    "topics": {"marks": "отметки", "missing": "несданные работы", "homework": "домашние задания", "notes": "сообщения",
               "items": "свои дела"},
    "what": {"corrected": "исправлена", "described": "вид или вес", "redated": "дата получения", "moved": "перенесена",
             "withdrawn": "снята"},
}
NOTES = {
    "lesson_feed.owner_id": "Адрес, который не отозван, расписания ребёнка не открывает, пока его дневник закрыт: по "
                            "отказу или по решению суда.",
    "passport.pupil_id": "Серия, номер и кем выдан хранятся зашифрованными и здесь скрыты: их показывает "
                         "администрация.",
}
