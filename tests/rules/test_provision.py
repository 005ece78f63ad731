"""Who gets the service how (R20), what is closed to whom (R23, R24, R32), and which paper may follow which form."""

from __future__ import annotations

from datetime import date

import pytest

from ejd.families.provision import (
    MAKES,
    REFUSAL_SENTENCE,
    Closed,
    Form,
    PaperKind,
    PupilStanding,
    age,
    closed_to_guardian,
    closed_to_pupil,
    papers_open,
    reason_not_to_ask,
    reason_not_to_register,
    reason_not_to_switch,
)

E, P, R, L = Form.ELECTRONIC, Form.PAPER, Form.REFUSED, Form.LIMITED
TODAY = date(2026, 9, 17)
BORN_13, BORN_14, BORN_17, BORN_18 = (date(2026 - years, 9, 17) for years in (13, 14, 17, 18))


def test_the_obligatory_sentence_is_the_plans_to_the_letter():
    """R22: point 7 of the plan of the parents' meeting."""
    assert REFUSAL_SENTENCE == (
        "родитель проинформирован о том, что отказ от получения данной услуги в электронном виде влечет за собой "
        "предоставление информации о текущей успеваемости не чаще 1 раза в неделю, а также невозможность получения "
        "информации о домашних заданиях с помощью сети Интернет (в этом случае информацию о домашних заданиях ученик "
        "записывает самостоятельно на каждом занятии)")


@pytest.mark.parametrize(("form", "reason"), [
    (E, None), (P, None), (R, Closed.REFUSED), (L, Closed.LIMITED)])
def test_a_guardian_is_closed_out_by_a_refusal_and_by_a_court(form, reason):
    assert closed_to_guardian(form) is reason


@pytest.mark.parametrize(("forms", "closed"), [
    ((), False),  # a child may have no guardian
    ((E,), False), ((P,), False), ((R,), True), ((L,), False),
    ((R, E), False), ((R, P), False), ((R, R), True),  # every guardian
    ((R, L), True), ((L, E), False), ((L, L), False),  # who is limited by a court has no form
])
def test_a_pupil_is_closed_out_while_every_guardian_with_a_form_refuses(forms, closed):
    pupil = PupilStanding(born=BORN_14, grade=8, forms=forms)
    assert closed_to_pupil(pupil, today=TODAY, signs_from=7) == (Closed.ALL_REFUSED if closed else None)


@pytest.mark.parametrize(("born", "asked", "closed"), [
    (BORN_14, False, True), (BORN_14, True, False), (BORN_17, False, True),
    (BORN_18, False, False), (date(2008, 9, 18), False, True),  # a day before he is 18
    (None, False, True), (None, True, False),
])
def test_the_own_request_and_eighteen_years_open_what_refusals_close(born, asked, closed):
    pupil = PupilStanding(born=born, grade=11, forms=(R,), asked=asked)
    assert bool(closed_to_pupil(pupil, today=TODAY, signs_from=7)) is closed


@pytest.mark.parametrize(("grade", "signs_from", "forms", "closed"), [
    (1, 7, (E,), True), (6, 7, (E,), True), (7, 7, (E,), False), (9, 7, (E,), False),
    (4, 5, (P,), True), (5, 5, (P,), False), (5, 1, (E,), False),
    (None, 7, (E,), False),  # in no class
    (3, 7, (), False), (3, 7, (L,), False),  # nobody is left who could switch it on again
])
def test_a_guardian_switches_the_login_off_below_the_class_that_signs_for_itself(grade, signs_from, forms, closed):
    pupil = PupilStanding(born=date(2019, 3, 1), grade=grade, forms=forms, switched_off=True)
    assert closed_to_pupil(pupil, today=TODAY, signs_from=signs_from) == (Closed.SWITCHED_OFF if closed else None)


@pytest.mark.parametrize(("form", "grade", "says"), [
    (E, 1, None), (P, 6, None), (E, 7, "С 7 класса"), (E, None, "С 7 класса"), (R, 1, "отказались"), (L, 1, "суда")])
def test_who_may_switch_the_childs_login(form, grade, says):
    reason = reason_not_to_switch(form, grade=grade, signs_from=7)
    assert (says in reason) if says else reason is None


@pytest.mark.parametrize(("kind", "standing", "says"), [
    (PaperKind.NO_ACCESS, E, None), (PaperKind.NO_ACCESS, P, "уже зарегистрировано"),
    (PaperKind.NO_ACCESS, R, "только заявлением об аннулировании"), (PaperKind.NO_ACCESS, L, "суда"),
    (PaperKind.REFUSAL, E, None), (PaperKind.REFUSAL, P, None), (PaperKind.REFUSAL, R, "уже зарегистрировано"),
    (PaperKind.REFUSAL, L, "суда"),
    (PaperKind.ANNULMENT, E, "нечего"), (PaperKind.ANNULMENT, P, None), (PaperKind.ANNULMENT, R, None),
    (PaperKind.ANNULMENT, L, "суда"),
    (PaperKind.COURT, E, None), (PaperKind.COURT, P, None), (PaperKind.COURT, R, None), (PaperKind.COURT, L, "суда"),
    (PaperKind.COURT_LIFTED, E, "снимать нечего"), (PaperKind.COURT_LIFTED, R, "снимать нечего"),
    (PaperKind.COURT_LIFTED, L, None),
])
def test_which_paper_may_follow_which_form(kind, standing, says):
    reason = reason_not_to_register(kind, standing)
    assert (says in reason) if says else reason is None


def test_only_an_annulment_or_the_end_of_a_limit_opens_what_was_closed():
    """R23: whatever else is registered, a refuser stays closed out."""
    opening = {kind for kind in MAKES if not closed_to_guardian(MAKES[kind]) and not reason_not_to_register(kind, R)}
    assert opening == {PaperKind.ANNULMENT}


@pytest.mark.parametrize(("standing", "teacher", "administration"), [
    (E, {PaperKind.NO_ACCESS, PaperKind.REFUSAL}, {PaperKind.COURT}),
    (P, {PaperKind.REFUSAL, PaperKind.ANNULMENT}, {PaperKind.COURT}),
    (R, {PaperKind.ANNULMENT}, {PaperKind.COURT}),
    (L, set(), {PaperKind.COURT_LIFTED}),
])
def test_a_court_is_the_administrations(standing, teacher, administration):
    assert set(papers_open(standing, administration=False)) == teacher
    assert set(papers_open(standing, administration=True)) == teacher | administration


@pytest.mark.parametrize(("born", "forms", "asked", "shown", "says"), [
    (BORN_14, (R,), False, TODAY, None), (BORN_17, (R, R), False, TODAY, None), (BORN_14, (R, E), False, TODAY, None),
    (BORN_13, (R,), False, TODAY, "ещё нет 14 лет"), (date(2012, 9, 18), (R,), False, TODAY, "ещё нет 14 лет"),
    (BORN_14, (R,), False, None, "предъявил паспорт"), (BORN_18, (R,), False, TODAY, "решает сам"),
    (BORN_14, (E,), False, TODAY, "Никто из представителей"), (BORN_14, (L,), False, TODAY, "Никто из представителей"),
    (BORN_14, (), False, TODAY, "Никто из представителей"), (BORN_14, (R,), True, TODAY, "уже зарегистрировано"),
    (None, (R,), False, TODAY, "нет даты рождения"),
])
def test_a_pupil_asks_himself_from_fourteen_with_a_passport_after_a_refusal(born, forms, asked, shown, says):
    reason = reason_not_to_ask(born=born, forms=forms, asked=asked, passport_shown_on=shown, day=TODAY)
    assert (says in reason) if says else reason is None


@pytest.mark.parametrize(("born", "day", "years"), [
    (date(2012, 9, 17), date(2026, 9, 16), 13), (date(2012, 9, 17), date(2026, 9, 17), 14),
    (date(2012, 2, 29), date(2026, 2, 28), 13), (date(2012, 2, 29), date(2026, 3, 1), 14)])
def test_full_years(born, day, years):
    assert age(born, day) == years
