"""Every act of the record in words: its group in the search, and its sentence (a test knows of a verb without one).
Pure.

`{it:mark}` is the row that the act is about, `{pupil:person}` a row that it names; `{it:why_closed}` ends the sentence
with the reason, if there is one, `{act:why_result}` with that of this act alone, where several share a row; other
fields are shown as they are, or as a day, a moment, a letter of presence.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from string import Formatter


class Group(StrEnum):
    """What the search offers to choose from."""

    MARKS = "marks"
    ATTENDANCE = "attendance"
    LESSONS = "lessons"
    RESULTS = "results"
    ROSTER = "roster"
    SCHEDULE = "schedule"
    LOGINS = "logins"
    FAMILIES = "families"
    CONTROL = "control"
    DATA = "data"
    SETTINGS = "settings"


GROUP_NAMES = {
    Group.MARKS: "Отметки и работы",
    Group.ATTENDANCE: "Посещаемость и справки",
    Group.LESSONS: "Темы, домашние задания, планы",
    Group.RESULTS: "Итоговые отметки, закрытие",
    Group.ROSTER: "Списки, классы, нагрузка",
    Group.SCHEDULE: "Расписание и замены",
    Group.LOGINS: "Входы, пароли, карточки",
    Group.FAMILIES: "Семьи: формы, листы, сообщения",
    Group.CONTROL: "Замечания и заверение",
    Group.DATA: "Персональные данные, выгрузки",
    Group.SETTINGS: "Настройки и календарь",
}

SAID: dict[Group, dict[str, str]] = {
    Group.MARKS: {
        "mark.entered": "Поставлена отметка {value}: {it:mark}; получена {received_on:day}{act:why_received}",
        "mark.retaken": "Поставлена отметка {value} за пересдачу: {it:mark}; получена {received_on:day}"
                        "{act:why_received}",
        "mark.scored": "Баллы отметки {before} → {after}: {it:mark}",
        "mark.corrected": "Отметка исправлена {before} → {after}: {it:mark}",
        "mark.described": "У отметки изменены вид работы, вес или примечание: {it:mark}",
        "mark.redated": "День получения отметки {before:day} → {after:day}: {it:mark}{act:why_received}",
        "mark.moved": "Отметка перенесена, теперь она здесь: {it:mark}{reason:why_moved}",
        "mark.withdrawn": "Отметка {before} удалена: {it:mark}",
        "work.declared": "Объявлена работа: {it:work}",
        "work.changed": "Изменена работа: {it:work}",
        "work.criteria_set": "Назначены критерии работы, наибольший балл {most}: {it:work}",
        "work.withdrawn": "Снята работа: {it:work}",
        "work.moved": "Перенесена работа, теперь она здесь: {it:work}",
        "expectation.owed": "Работа не сдана («•»): {pupil:person}, {it:work}; сдать до {hand_in_by:day}",
        "expectation.handed_in": "Работа сдана {on:day}: {pupil:person}, {it:work}",
        "expectation.released": "Освобождён от работы: {pupil:person}, {it:work}",
        "expectation.handed_over": "Отметку ждут от другого учителя {before:person} → {after:person}: {it:expectation}",
    },
    Group.ATTENDANCE: {
        "attendance.recorded": "Посещаемость {before:letter} → {after:letter}: {pupil:person}, {it:lesson}",
        "attendance.excused": "Посещаемость по справке {before:letter} → {after:letter}: {pupil:person}, {it:lesson}",
        "attendance.taken": "Отмечена посещаемость урока: {it:lesson}",
        "excuse.announced": "Сообщено об отсутствии: {it:excuse}, {from_on:day} – {to_on:day}",
        "excuse.recorded": "Записана справка или заявление: {it:excuse}, {from_on:day} – {to_on:day}",
        "excuse.accepted": "Принято сообщение об отсутствии: {it:excuse}",
        "excuse.declined": "Отклонено сообщение об отсутствии: {it:excuse}",
        "excuse.withdrawn": "Отозвано сообщение об отсутствии: {it:excuse}",
        "exemption.given": "Освобождён от предмета: {pupil:person}, {it:course}, с {from_on:day}{to_on:until}",
        "exemption.ended": "Освобождение окончено: {pupil:person}, {it:course}, по {last_day:day}",
    },
    Group.LESSONS: {
        "topic.recorded": "Записана тема: {it:lesson}",
        "lesson.topics_taken": "Темы урока взяты из плана: {it:lesson}",
        "homework.published": "Опубликовано домашнее задание: {it:lesson}",
        "homework.changed": "Изменено домашнее задание: {it:lesson}",
        "homework.given": "Задано отдельным ученикам: {it:homework}",
        "homework.withdrawn": "Снято задание отдельным ученикам: {it:homework}",
        "homework.file_attached": "К домашнему заданию приложен файл: {it:homework_file}",
        "homework.file_removed": "Файл домашнего задания убран: {it:homework_file}",
        "plan.filled": "План уроков загружен или скопирован, тем добавлено {added}, убрано {removed}: {it:plan}",
        "plan_topic.added": "Добавлена тема плана: {it:topic}",
        "plan_topic.changed": "Изменена тема плана: {it:topic}",
        "plan_topic.dropped": "Тема убрана из плана: {it:topic}",
        "plan_topic.restored": "Тема возвращена в план: {it:topic}",
        "plan_topic.merged": "Темы плана объединены: {it:topic}",
        "lesson.changed_after_closing": "Урок изменён после закрытия: {it:lesson}{reopening:why_reopened}",
    },
    Group.RESULTS: {
        "result.set": "Выставлена итоговая отметка {value}: {it:result}{act:why_result}",
        "result.corrected": "Итоговая отметка исправлена {before} → {after}: {it:result}{act:why_result}",
        "behaviour.set": "Отметка за поведение {before} → {after}: {it:behaviour}, {term_id:span}",
        "term.closed": "Закрыт период: {it:closing}, {term_id:term}{it:why_closed}{missing:gaps}",
        "journal.reopened": "Открыто для исправления до {until_at:moment}: {it:reopening}, {term_id:term}"
                            "{it:why_reopened}",
        "journal.shut_again": "Закрыто снова: {it:reopening}, {term_id:term}",
    },
    Group.ROSTER: {
        "person.added": "Записан в списки: {it:person}",
        "person.renamed": "Исправлено имя: {it:person}",
        "person.redated": "Исправлена дата рождения: {it:person}",
        "person.removed": "Убран из списков как записанный по ошибке: {it:person}",
        "person.joined": "Две записи объединены в одну: {it:person}",
        "pupil.enrolled": "Зачислен в {class_id:class} с {from_on:day}: {it:person}",
        "pupil.moved": "Переведён {from_class:class} → {to_class:class} с {on:day}: {it:person}",
        "pupil.left": "Выбыл из {class_id:class}, последний день {last_day:day}: {it:person}{enrolment:why_left}",
        "guardian.appointed": "Записан представителем с {from_on:day}: {it:person}, ребёнок {pupil:person}",
        "guardian.related": "Исправлено, кем приходится: {it:person}, ребёнок {pupil:person}",
        "guardian.ended": "Больше не представитель с {last_day:day}: {it:person}, ребёнок {pupil:person}",
        "position.given": "Назначен на должность «{position:position}» с {from_on:day}: {it:person}",
        "position.retitled": "Исправлено название должности «{position:position}»: {it:person}",
        "position.ended": "Окончена должность «{position:position}», последний день {last_day:day}: {it:person}",
        "class.founded": "Заведён класс {grade}{letter}",
        "class.removed": "Убран класс {grade}{letter}, заведённый по ошибке",
        "class_teacher.appointed": "Классный руководитель {before:person} → {after:person} с {from_on:day}: {it:class}",
        "subject.added": "Заведён предмет: {it:subject}",
        "subject.aliased": "Запомнено другое название предмета: {subject:subject}",
        "course.opened": "Открыт журнал: {it:course}",
        "course.changed": "Изменены свойства журнала: {it:course}",
        "course.retired": "Закрыт журнал с {on:day}: {it:course}",
        "teacher.assigned": "Учитель журнала {before:person} → {after:person} с {from_on:day}: {it:course}",
        "subgroup.joined": "В подгруппе с {from_on:day}: {pupil:person}, {it:course}",
        "group.opened": "Открыта группа: {it:course}",
        "group.joined": "В группе с {from_on:day}: {pupil:person}, {it:course}",
        "group.left": "Вышел из группы, последний день {last_day:day}: {pupil:person}, {it:course}",
        "schemes.changed": "Изменены периоды или система отметок: {it:course}",
        "import.confirmed": "Загружены списки из файлов: нового {new}, изменено {changed}",
        "year.turned": "Школа переведена на новый учебный год: классов {classes}, учеников {placed}",
        "year.closed": "Закрыт учебный год",
        "year.reopened": "Снова открыт учебный год",
    },
    Group.SCHEDULE: {
        "week.changed": "Изменена учебная неделя: {it:class}",
        "draft.made": "Заведён черновик расписания с {valid_from:day}",
        "draft.changed": "Изменён черновик расписания: добавлено {added}, убрано {removed}",
        "draft.withdrawn": "Снят черновик расписания с {valid_from:day}",
        "draft.published": "Черновик опубликован",
        "timetable.published": "Опубликовано расписание с {valid_from:day}: уроков добавлено {added}, убрано {removed}",
        "lessons.remade": "Уроки приведены к календарю с {from_on:day}: добавлено {added}, убрано {removed}",
        "lesson.cancelled": "Отменён урок: {it:lesson}{act:why_lesson}",
        "lesson.restored": "Возвращён урок: {it:lesson}",
        "lesson.substituted": "Замена {before:person} → {after:person}: {it:lesson}",
        "lesson.merged": "Урок объединён с другим: {it:lesson}",
        "lesson.moved": "Перенесён урок: {it:lesson} → {to:lesson}{act:why_lesson}",
        "lesson.moved_back": "Перенос урока отменён: {it:lesson}",
        "lesson.held_remotely": "Изменено, дистанционно ли урок: {it:lesson}",
        "absence.noted": "Учитель отсутствует {from_on:day} – {to_on:day}: {it:absence}{it:why_absent}",
        "absence.withdrawn": "Отсутствие учителя снято: {it:absence}",
        "feed.made": "Сделан адрес календаря уроков",
        "feed.revoked": "Адрес календаря уроков отменён",
    },
    Group.LOGINS: {
        "session.opened": "Вход: {it:account}",
        "session.closed": "Выход: {it:account}",
        "account.created": "Заведён логин: {it:account}",
        "account.closed": "Вход закрыт: {it:account}",
        "account.opened": "Вход открыт: {it:account}",
        "password.changed": "Сменён пароль: {it:account}",
        "password.issued": "Выдан одноразовый пароль: {it:account}",
        "cards.made": "Сделаны карточки доступа: {cards}",
        "card.handed": "Выдана карточка: {it:card}; получил {to:person}, {on:day}",
        "card.handing_withdrawn": "Отметка о выдаче карточки снята: {it:card}",
        "second_factor.on": "Включено подтверждение входа кодом: {it:account}",
        "second_factor.off": "Отключено подтверждение входа кодом: {it:account}",
        "second_factor.spares": "Сделаны новые запасные коды: {it:account}",
    },
    Group.FAMILIES: {
        "note.written": "Написано семьям: {class_id:class}, учеников {pupils}",
        "note.changed": "Изменено сообщение семьям: {it:note}",
        "note.withdrawn": "Убрано сообщение семьям: {it:note}",
        "note.answered": "Ответ семьи на сообщение: {pupil:person}, {it:note}",
        "week.acknowledged": "Семья ознакомлена с неделей с {monday:day}: {it:person}",
        "service.paper_registered": "Зарегистрировано заявление семьи: {it:paper}, {guardian:person}",
        "service.scan_attached": "К заявлению приложен скан: {it:paper}",
        "service.form_changed": "Форма услуги {before:form} → {after:form} с {from_on:day}: {pupil:person}, "
                                "представитель {it:person}",
        "service.login_switched": "Изменено, открыт ли вход ученику: {it:person}",
        "news.chosen": "Выбраны новости по почте: {it:person}",
        "news.confirmed": "Подтверждён адрес для новостей: {it:person}",
        "news.taken_back": "Адрес для новостей убран: {it:person}",
        "letter.worded": "Изменён текст школьного документа, редакция {number}",
        "meeting.told": "Отмечен пункт {point} плана родительского собрания: {it:class}",
        "meeting.untold": "Снята отметка с пункта {point} плана родительского собрания: {it:class}",
        "sheet.printed": "Напечатан недельный лист за неделю с {monday:day}: {it:sheet}, {guardian:person}",
        "sheet.reprinted": "Недельный лист напечатан повторно: {it:sheet}",
        "sheet.without_homework": "Недельный лист напечатан после отказа без домашних заданий: {it:sheet}",
        "sheet.handed_out": "Выдан недельный лист {on:day}: {it:sheet}",
        "sheet.hand_out_withdrawn": "Отметка о выдаче листа снята: {it:sheet}",
    },
    Group.CONTROL: {
        "remark.made": "Сделано замечание: {it:remark}",
        "remark.answered": "Ответ на замечание: {it:remark}",
        "remark.closed": "Закрыто замечание: {it:remark}",
        "remark.sent_back": "Замечание возвращено учителю: {it:remark}",
        "remark.withdrawn": "Снято замечание: {it:remark}",
        "view.saved": "Сохранён свой вид страницы контроля",
        "view.forgotten": "Удалён свой вид страницы контроля",
        "journal.printed": "Напечатан классный журнал, страниц {pages}: {class_id:class}, {term_id:span}",
        "journal.certified": "Заверен печатный журнал № {number}, листов {sheets}: {class_id:class}, {term_id:span}"
                             "{missing:gaps}",
        "certification.withdrawn": "Заверение № {number} снято как записанное по ошибке",
    },
    Group.DATA: {
        "basis.noted": "Записано основание обработки данных с {from_on:day}: {it:basis}",
        "basis.revoked": "Отозвано основание обработки данных с {on:day}: {it:basis}",
        "passport.entered": "Записаны паспортные данные: {it:person}",
        "passport.seen": "Просмотрены паспортные данные: {it:person}",
        "passport.erased": "Стёрты паспортные данные: {it:person}{why:why_erased}",
        "passport.rekeyed": "Паспортные данные перешифрованы новым ключом: {rows}",
        "person.exported": "Выданы сведения о человеке: {it:person}",
        "person.erased": "Стёрты данные человека: {it:person}",
        "year.journals_expired": "Истёк срок хранения: удалены журналы года, начатого в {begun}, строк {rows}",
        "year.sheets_expired": "Истёк срок хранения: удалены сводные ведомости года, начатого в {begun}, строк {rows}",
        "bulk.left": "Выгрузка: {kind:leaving}, {amount}",
        "bulk.seen": "Директор отметил выгрузку как просмотренную",
    },
    Group.SETTINGS: {
        "setting.changed": "Изменена настройка «{key:setting}», действует с {valid_from:day}",
        "year.opened": "Открыт учебный год {starts_on:day} – {ends_on:day}",
        "year.moved": "Изменены дни учебного года: {starts_on:day} – {ends_on:day}",
        "term.put": "Назначен период {starts_on:day} – {ends_on:day}",
        "term.removed": "Убран период {starts_on:day} – {ends_on:day}",
        "day_off.put": "Назначены каникулы или выходной {starts_on:day} – {ends_on:day}",
        "day_off.removed": "Убраны каникулы или выходной {starts_on:day} – {ends_on:day}",
        "day.moved": "Перенесён учебный день {day:day}",
        "day.given_back": "Перенос учебного дня отменён: {day:day}",
        "bells.changed": "Изменены звонки",
        "work_kind.added": "Заведён вид работы",
        "work_kind.changed": "Изменён вид работы",
    },
}

SENTENCES = {verb: sentence for verbs in SAID.values() for verb, sentence in verbs.items()}
IT, ACT = "it", "act"


def fields_of(verb: str) -> Iterator[tuple[str, str]]:
    """The fields of a verb's sentence with what each is: («pupil», «person»)."""
    for _, name, what, _ in Formatter().parse(SENTENCES.get(verb, "")):
        if name is not None:
            yield name, what or ""


def about(verb: str) -> str:
    """What the row is that an act is about; empty when the sentence does not say."""
    return next((what for name, what in fields_of(verb) if name == IT), "")
