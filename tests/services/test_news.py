"""Who is told by e-mail that there is something new, and when a letter is sent once and not lost (R20, R23, R40)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from ejd import clock, mail
from ejd.credentials.models import Account
from ejd.families.models import PupilAccess
from ejd.homeroom.notes import NewNote, write_note
from ejd.journal.works import owe
from ejd.news import services
from ejd.news.models import NewsAddress
from ejd.news.open_items import open_items
from ejd.news.sending import tell_all
from ejd.roster.models import Guardianship
from ejd.school.settings import load
from tests.families import guardian_of, on_paper
from tests.homework import give
from tests.journal import Hand
from tests.postbox import free_port, gave, handing_to, name_the_site, receiving
from tests.statements import counting
from tests.world import NOW, TODAY

HOUR_AGO, TEN_AGO = NOW - timedelta(hours=1), NOW - timedelta(minutes=10)
THURSDAY, TUESDAY = date(2026, 9, 17), date(2026, 9, 15)


@pytest.fixture
def box(app, school):
    name_the_site(school)
    with receiving(app) as box:
        yield box


@pytest.fixture
def maths(school):
    return school.course("7А", "Математика")


def tell(school, now: datetime = NOW):
    with clock.freeze(now):
        return tell_all(school.session, settings=load(school.session), key="for tests only", now=now)


def marked(school, pupil, at: datetime = TEN_AGO):
    lesson = school.lesson(school.course("7А", "Математика"), THURSDAY)
    return Hand(school, school.anna).puts(lesson, pupil, "5", at=at, key=f"mark {at}")


def kinds(box) -> list[str]:
    """What each letter said is new."""
    return [str(letter.get_content()).split("появились ")[1].split(".")[0] for letter in box.letters]


def test_a_guardian_is_told_of_a_new_mark_without_a_name_or_a_mark(school, box):
    gave(school, school.vera, told_until=HOUR_AGO)
    marked(school, school.vitya)
    assert tell(school).sent == 1
    assert box.to == [f"p{school.vera.id}@mail.example"] and kinds(box) == ["новые или исправленные отметки"]
    for word in ("Волков", "Викт", "Вит", "Матем", "5"):
        assert word not in box.last.replace(box.link("news/leave"), "")


def test_what_was_told_is_not_told_again(school, box):
    gave(school, school.vera, told_until=HOUR_AGO)
    marked(school, school.vitya)
    assert [tell(school, NOW + timedelta(minutes=step)).sent for step in (0, 5, 60)] == [1, 0, 0]
    marked(school, school.vitya, NOW + timedelta(minutes=61))
    assert tell(school, NOW + timedelta(minutes=70)).sent == 1


def test_what_is_just_being_saved_is_told_the_next_time_and_not_lost(school, box):
    gave(school, school.vera, told_until=HOUR_AGO)
    marked(school, school.vitya, NOW - timedelta(minutes=1))
    assert [tell(school, NOW + timedelta(minutes=step)).sent for step in (0, 5)] == [0, 1]


def test_each_topic_and_only_what_was_chosen(school, box, maths):
    anna, lesson = Hand(school, school.anna), school.lesson(maths, THURSDAY)
    gave(school, school.vera, told_until=HOUR_AGO)
    gave(school, school.vitya, told_until=HOUR_AGO, topics="notes")
    marked(school, school.vitya)
    anna.sets(lesson, "№ 12", at=TEN_AGO)
    write_note(school.session, note=NewNote(school.school_class("7А").id, "notice", TODAY, "Собрание", school.anna.id,
                                            TEN_AGO, "n1"))
    work = anna.declares(school.lesson(maths, TUESDAY), at=HOUR_AGO)
    anna.takes_attendance(school.lesson(maths, TUESDAY), at=HOUR_AGO)
    owe(school.session, actor_id=school.anna.id, work_id=work.id, pupil_id=school.vitya.id,
        hand_in_by=date(2026, 9, 24), now=TEN_AGO)
    school.session.commit()
    tell(school)
    assert dict(zip(box.to, kinds(box), strict=True)) == {
        f"p{school.vera.id}@mail.example":
            "новые или исправленные отметки, несданные работы, новые или изменённые домашние задания, "
            "сообщения и замечания",
        f"p{school.vitya.id}@mail.example": "сообщения и замечания"}


def test_a_work_that_was_not_handed_in_is_told_the_morning_after_its_last_day(school, box, maths):
    anna, lesson = Hand(school, school.anna), school.lesson(maths, TUESDAY)
    work = anna.declares(lesson, at=HOUR_AGO - timedelta(days=1))
    anna.takes_attendance(lesson, at=HOUR_AGO - timedelta(days=1))
    owe(school.session, actor_id=school.anna.id, work_id=work.id, pupil_id=school.vitya.id, hand_in_by=TODAY,
        now=HOUR_AGO - timedelta(hours=2))
    gave(school, school.vera, told_until=HOUR_AGO, topics="missing")
    assert [tell(school, NOW + timedelta(hours=step)).sent for step in (0, 8, 21, 22)] == [0, 0, 1, 0]


@pytest.mark.parametrize("to_whom, told", [("class", True), ("vitya", True), ("julia", False), ("nothing", False)])
def test_homework_reaches_those_to_whom_it_was_set(school, box, maths, to_whom, told):
    lesson = school.lesson(maths, THURSDAY)
    with clock.freeze(TEN_AGO):
        if to_whom == "class":
            Hand(school, school.anna).sets(lesson, "№ 12")
        elif to_whom == "nothing":
            Hand(school, school.anna).sets(lesson, "", not_set=True)
        else:
            pupil = school.vitya if to_whom == "vitya" else school.person("Яковлева", "Юлия")
            give(school, lesson, [pupil], "№ 13")
    gave(school, school.vera, told_until=HOUR_AGO, topics="homework")
    assert bool(tell(school).sent) is told


@pytest.mark.parametrize("subgroup, told", [(1, False), (2, True)])
def test_homework_of_another_subgroup_is_no_news(school, box, subgroup, told):
    english = school.lesson(school.course("7А", "Иностранный", subgroup), TUESDAY)
    teacher = {1: school.eva, 2: school.boris}[subgroup]
    Hand(school, teacher).sets(english, "Стр. 5", at=TEN_AGO)
    gave(school, school.vera, told_until=HOUR_AGO, topics="homework")
    assert bool(tell(school).sent) is told


@pytest.mark.parametrize("form, told", [("electronic", True), ("paper", False), ("refused", False), ("limited", False)])
def test_a_family_in_a_paper_form_is_told_nothing_about_that_child(school, box, form, told):
    """R20, R23"""
    if form != "electronic":
        on_paper(school, school.vera, school.vitya, form)
    gave(school, school.vera, told_until=HOUR_AGO)
    marked(school, school.vitya)
    assert bool(tell(school).sent) is told


def test_the_other_guardian_of_the_same_child_is_told(school, box):
    """R20: guardians choose apart."""
    guardian_of(school, school.vitya, school.zakhar)
    on_paper(school, school.vera, school.vitya, "refused")
    for person in (school.vera, school.zakhar):
        gave(school, person, told_until=HOUR_AGO)
    marked(school, school.vitya)
    tell(school)
    assert box.to == [f"p{school.zakhar.id}@mail.example"]


def test_a_pupil_whose_own_login_is_closed_is_told_nothing(school, box):
    """R23, R32"""
    gave(school, school.vitya, told_until=HOUR_AGO)
    marked(school, school.vitya)
    on_paper(school, school.vera, school.vitya, "refused")
    assert tell(school).sent == 0
    school.session.add(PupilAccess(pupil_id=school.vitya.id, open=True, decided_by_id=school.olga.id, decided_at=NOW,
                                   from_on=TODAY, paper_id=None))
    school.session.commit()
    assert tell(school).sent == 0  # the guardians' refusal stands


def test_whoever_is_a_guardian_no_more_or_a_stranger_is_told_nothing(school, box):
    for person in (school.vera, school.zakhar):
        gave(school, person, told_until=HOUR_AGO)
    for row in school.session.query(Guardianship).filter_by(guardian_id=school.vera.id):
        row.to_on = TODAY - timedelta(days=1)
    marked(school, school.vitya)
    school.session.commit()
    assert tell(school).sent == 0 and box.letters == []


@pytest.mark.parametrize("state", ["unconfirmed", "taken back", "closed"])
def test_an_address_that_does_not_stand_gets_nothing(school, box, state):
    row = gave(school, school.vera, told_until=HOUR_AGO, confirmed_at=None if state == "unconfirmed" else NOW)
    marked(school, school.vitya)
    if state == "taken back":
        services.take_back(school.session, person_id=school.vera.id, now=NOW)
        assert row.email == ""
    elif state == "closed":
        school.session.query(Account).filter_by(person_id=school.vera.id).one().disabled_at = NOW
    school.session.commit()
    assert tell(school).sent == 0


def test_what_the_mail_server_did_not_take_is_tried_later_and_holds_nobody_up(school, box):
    lost = gave(school, school.vera, told_until=HOUR_AGO)
    gave(school, school.vitya, told_until=HOUR_AGO)
    marked(school, school.vitya)
    box.refuses.add(lost.email)
    first = tell(school)
    assert (first.sent, first.failed, lost.failures, lost.told_until) == (1, 1, 1, HOUR_AGO)
    assert tell(school, NOW + timedelta(minutes=2)).failed == 0  # not yet
    box.refuses.clear()
    assert tell(school, NOW + timedelta(minutes=6)).sent == 1
    assert (lost.failures, lost.failed_at) == (0, None)


def test_a_server_that_is_down_is_no_fault_of_an_address(school, app):
    """However long it is down, nobody's address is paused for it, and the next time everybody is told."""
    name_the_site(school)
    rows = [gave(school, person, told_until=HOUR_AGO) for person in (school.vera, school.vitya)]
    marked(school, school.vitya)
    with handing_to(app, free_port()):
        outcome = tell(school)
    assert any("не отвечает" in one for one in outcome.why)
    assert (outcome.sent, outcome.failed, [row.failures for row in rows]) == (0, 2, [0, 0])


def test_two_senders_at_once_send_one_letter_and_a_broken_one_is_repeated_once(school, box):
    row = gave(school, school.vera, told_until=HOUR_AGO)
    marked(school, school.vitya)
    assert claims(school, row, told_before=HOUR_AGO)
    assert tell(school).sent == 0  # somebody else has it in hand
    assert tell(school, NOW + timedelta(minutes=16)).sent == 1  # who never came back
    assert not claims(school, row, told_before=HOUR_AGO)  # and now comes back: it was sent meanwhile


def test_a_digest_made_twice_at_once_is_sent_once(school, box):
    row = gave(school, school.anna, topics="", items_often="daily")
    assert tell(school).sent == 1
    assert not claims(school, row, told_before=NOW, items_on=TODAY)


def claims(school, row, **seen) -> bool:
    mine = services.claim(school.session, person_id=row.person_id, email=row.email, now=NOW,
                          **{"items_on": None} | seen)
    school.session.commit()
    return mine


def test_an_address_changed_while_its_letter_is_on_its_way_keeps_its_own_news(school, box):
    row = gave(school, school.vera, told_until=HOUR_AGO)
    services.note_sent(school.session, person_id=school.vera.id, email="former@mail.example", told_until=NOW,
                       items_on=None)
    school.session.commit()
    school.session.refresh(row)
    assert row.told_until == HOUR_AGO


def test_statements_do_not_grow_with_the_addresses(school, box, maths):
    marked(school, school.vitya, HOUR_AGO - timedelta(hours=1))

    def asked() -> int:
        with counting() as seen:
            tell(school)
        return len(seen)

    gave(school, school.vera, told_until=HOUR_AGO, often="once")
    one = asked()
    for person in (school.zakhar, school.eva, school.vitya):
        gave(school, person, told_until=HOUR_AGO, often="once")
    assert asked() <= one + 1 <= 14  # the pupils' own logins are asked when a pupil is among them


@pytest.mark.parametrize("person, items", [
    ("anna", ["уроки, в которых не всё заполнено"]), ("dina", ["дела школы на первой странице"]), ("vera", [])])
def test_the_digest_counts_what_waits_for_whom(school, box, person, items):
    """R62: how many of a kind, nobody's name."""
    gave(school, getattr(school, person), topics="", items_often="daily")
    tell(school)
    assert [line.split(":")[0] for letter in box.letters for line in letter.get_content().splitlines()
            if line.startswith("– ")] == [f"– {item}" for item in items]
    assert tell(school, NOW + timedelta(minutes=5)).sent == 0


def test_the_digest_asks_for_all_staff_at_once(school, box):
    """Each reads the own counts; the statements are those of one."""
    staff = (school.anna, school.boris, school.eva, school.dina, school.galina)

    def asked(*people) -> int:
        with counting() as seen:
            found = open_items(school.session, person_ids=[person.id for person in people],
                               settings=load(school.session), today=TODAY, now=NOW)
        assert list(found) == sorted(person.id for person in people)
        each.update(found)
        return len(seen)

    each: dict[int, list] = {}
    one_by_one = [asked(person) for person in staff]
    alone = dict(each)
    assert asked(*staff) <= 11 < sum(one_by_one)
    assert each == alone and each[school.anna.id] != each[school.boris.id]


def test_without_a_mail_server_or_a_site_nothing_happens(school):
    row = gave(school, school.vera, told_until=HOUR_AGO)
    marked(school, school.vitya)
    assert tell(school).sent == 0 and mail.send([mail.Message("a@b.ru", "s", "t")]) == [mail.NOT_CONFIGURED]
    assert school.session.get(NewsAddress, school.vera.id) is row and row.failures == 0
