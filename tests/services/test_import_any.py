"""Whatever a school's files hold, bringing them in ends in a preview or in one sentence, never in an error."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ejd.importing import services
from ejd.importing.reading import Upload
from ejd.refusal import Refused
from tests.world import NOW, TODAY

CLASSES = st.sampled_from(["7А", "7-Б", "1 «А»", "9Г", "10А", "7", ""])
NAMES = st.sampled_from([
    "Волков Виктор Павлович", "Волкова Мария Павловна", "Ким Софья", "Ким Софья Олеговна", "Петров Пётр Петрович",
    "Волкова Вера Викторовна", "Ершова Ева Егоровна", "Громова Галина Григорьевна",
    "Андреева А.А.", "Лев Ян", "Ли", ""])
DAYS = st.sampled_from(["04.03.2013", "03.03.2013", "30.03.2013", "01.09.2026", "26.05.2027", "24.10.2026",
                        "01.11.2026", "31.12.2026", "31.02.2013", ""])
SUBJECTS = st.sampled_from(["Математика", "Матем.", "Англ. яз.", "Русский язык", "Физика", "Физ.", "Химия", ""])
NUMBERS = st.sampled_from(["0", "1", "2", "3", "7", "9", "0,5", "x", ""])
LESSONS = st.sampled_from([
    "", "Математика", "Математика (Андреева А.А.)", "Англ. яз. (Ершова Е.Е./Борисов Б.Б.)", "Рус. яз. / Матем.", "ЧЗ",
    "Химия (Лев Я.)", "Англ. яз. (Борисов Б.Б.)", "(Борисов Б.Б.)", "/", "Физика\nкаб. 5"])
TITLES = st.sampled_from(["I четверть", "II четверть", "IV четверть", "1 полугодие", "Осенние каникулы",
                          "Зимние каникулы", "Праздник, 1 классы", ""])
WEEKDAYS = st.sampled_from(["Понедельник", "вт", "Суббота", "Воскресенье", "завтра", ""])
TIMES = st.sampled_from(["8:30", "9:10", "9:20", "13:55", "25:00", ""])
POSTS = st.sampled_from(["Учитель", "Директор", "Повар", "Заместитель директора, учитель", ""])

LISTS = {
    "Класс;ФИО;Дата рождения;Мать;Отец": (CLASSES, NAMES, DAYS, NAMES, NAMES),
    "ФИО;Должность;Классное руководство": (NAMES, POSTS, CLASSES),
    "Класс;Предмет;Подгруппа;Часов в неделю;Учитель": (CLASSES, SUBJECTS, NUMBERS, NUMBERS, NAMES),
    "Класс;Предмет;ФИО;Подгруппа": (CLASSES, SUBJECTS, NAMES, NUMBERS),
    "День;№ урока;7А;7Б;9Г": (WEEKDAYS, NUMBERS, LESSONS, LESSONS, LESSONS),
    "Что;С;По": (TITLES, DAYS, DAYS),
    "№ урока;Начало;Конец": (NUMBERS, TIMES, TIMES),
}


def one_list(header):
    cells = st.tuples(*LISTS[header]).map(lambda row: ";".join(f'"{cell}"' for cell in row))
    return st.lists(cells, max_size=8).map(lambda rows: Upload("list.csv", "\n".join([header, *rows]).encode()))


FILES = st.lists(st.sampled_from(sorted(LISTS)).flatmap(one_list), min_size=1, max_size=5)


@settings(max_examples=20, deadline=None, derandomize=True,
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(FILES, st.booleans())
def test_any_lists_end_in_a_preview_or_one_sentence(session, school, files, everybody_left):
    transaction = session.begin_nested()
    try:
        preview = services.accepting(services.prepare(session, files=files, today=TODAY, now=NOW))
        if everybody_left:
            left = frozenset(one.key for one in preview.left)
            preview = services.accepting(preview.decided(services.Decisions(
                answers=preview.decisions.answers, accepted=preview.decisions.accepted, left=left)))
        services.confirm(session, actor_id=None, preview=preview, decisions=preview.decisions, now=NOW)
        if not everybody_left:
            again = services.accepting(services.prepare(session, files=files, today=TODAY, now=NOW))
            assert again.nothing, again.sections
    except Refused as refused:
        assert str(refused)
    finally:
        transaction.rollback()
        session.expire_all()
