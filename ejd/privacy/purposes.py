"""What is kept about people besides the name, why and until when, as people read it about themselves (R40, R54). Pure.

Every kind of rows in `headings.py` stands under exactly one purpose, else a test fails: a new one is not forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass

from ejd.privacy.headings import MADE

# As `archive/keeping.py` lets the rows go: with the journals of a year, with its summary sheets, or not by years.
JOURNAL = "5 лет после учебного года, как журнал"
SUMMARY = "25 лет после учебного года, как сводная ведомость"
WHILE_HERE = "пока вы связаны со школой, и потом до вашей просьбы удалить"


@dataclass(frozen=True, slots=True)
class Purpose:
    """`keys` as in `headings.py`."""

    title: str
    why: str
    until: str
    keys: tuple[str, ...]


def _keys(text: str) -> tuple[str, ...]:
    return tuple(text.split())


PURPOSES: tuple[Purpose, ...] = (
    Purpose("Логин, карточки доступа, входы, код из телефона", "чтобы вошли вы, и никто другой", WHILE_HERE,
            _keys("account.person_id card.person_id signed_session.account_id second_factor.account_id")),
    Purpose("Классы и подгруппы", "чтобы знать, в чьём журнале вы стоите", SUMMARY,
            _keys("enrolment.pupil_id course_member.pupil_id")),
    Purpose("Отметки, баллы, исправления, ожидаемые работы", "учёт успеваемости", JOURNAL,
            _keys("mark.pupil_id mark_correction.mark_id criterion_score.mark_id expectation.pupil_id")),
    Purpose("Итоговые отметки и отметки за поведение", "итоги учёбы", SUMMARY,
            _keys("term_mark.pupil_id term_mark_correction.term_mark_id behaviour_mark.pupil_id")),
    Purpose("Посещаемость, причины пропусков без диагноза, освобождения", "учёт посещаемости", JOURNAL,
            _keys("attendance.pupil_id excuse.pupil_id exemption.pupil_id")),
    Purpose("Домашние задания лично и отмеченные сделанными", "чтобы знать, что задано", JOURNAL,
            _keys("homework_pupil.pupil_id homework_done.pupil_id")),
    Purpose("Замечания, сообщения и ответы на них", "связь школы и семьи", JOURNAL,
            _keys("note_recipient.pupil_id note_answer.guardian_id note_answer.pupil_id")),
    Purpose("Кто чей представитель и кем приходится", "чтобы дневник открывался только своей семье", WHILE_HERE,
            _keys("guardianship.guardian_id guardianship.pupil_id")),
    Purpose("Формы услуги, заявления и отказы, вход ученика", "чтобы услуга была такой, какую выбрали", WHILE_HERE,
            _keys("service_form.guardian_id service_form.pupil_id service_paper.guardian_id service_paper.pupil_id "
                  "pupil_access.pupil_id")),
    Purpose("Недельные листы и недели, с которыми ознакомились", "чтобы видеть, что семья получила сведения", JOURNAL,
            _keys("weekly_sheet.guardian_id weekly_sheet.pupil_id week_acknowledged.guardian_id "
                  "week_acknowledged.pupil_id")),
    Purpose("Основание обработки данных", "этого требует 152-ФЗ", WHILE_HERE, _keys("processing_basis.pupil_id")),
    Purpose("Паспортные данные",
            "чтобы получить результаты экзаменов; хранятся зашифрованными, каждый просмотр записывается",
            "до результатов экзаменов с сентябрьскими пересдачами или до выбытия; дни внесения и стирания остаются",
            _keys("passport.pupil_id")),
    Purpose("Адрес почты для новостей", "вы сами его оставили", "пока вы его не уберёте",
            _keys("news_address.person_id news_asked.person_id")),
    Purpose("Адреса расписания для телефона", "вы сами их получили",
            "действуют, пока вы их не отзовёте; день отзыва остаётся",
            _keys("lesson_feed.owner_id lesson_feed.pupil_id")),
    Purpose("Заказанные файлы и сохранённые виды контроля", "вы сами их заказали или сохранили",
            "сами файлы – сутки, записи о них – как остальные личные", _keys("job.owner_id saved_view.owner_id")),
    Purpose("Должности", "чтобы знать, что вам открыто", WHILE_HERE, _keys("employment.person_id")),
    Purpose("Нагрузка и классное руководство", "чтобы знать, кто ведёт журнал", SUMMARY,
            _keys("teaching_assignment.teacher_id class_teacher.teacher_id")),
    Purpose("Дни отсутствия на работе", "чтобы уроки кто-то заменил", JOURNAL, _keys("teacher_absence.teacher_id")),
    Purpose("Замечания по ведению журнала и ответы на них", "контроль ведения журнала", JOURNAL,
            _keys("journal_remark.teacher_id remark_word.remark_id")),
)
# Who did something stands beside what was done, and goes with it; the record of acts stays.
DONE = Purpose("Что вы сделали в программе", "чтобы было видно, кто и когда это сделал",
               "вместе с тем, что сделано; журнал действий не стирается, но имён в нём нет", tuple(MADE))
