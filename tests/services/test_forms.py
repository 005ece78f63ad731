"""Acts on forms of service (R20, R22–R24, R32): what stands after each paper, from which day, and what is refused; two
hands at once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from ejd import clock
from ejd.families import forms, queries
from ejd.families.models import PupilAccess, ServiceForm, ServicePaper
from ejd.families.provision import Form, PaperKind, closed_to_pupil
from ejd.refusal import Refused
from tests.forms import is_born, second_guardian, signs
from tests.world import NOW, TODAY

TOMORROW = timedelta(days=1)


def form_of(school, day=TODAY, pupil=None, guardian=None):
    return queries.form_of(school.session, (guardian or school.vera).id, (pupil or school.vitya).id, day)


def test_a_form_holds_from_the_day_of_registration(school):
    assert form_of(school) is Form.ELECTRONIC
    signs(school, "refusal", school.vitya, school.vera, signed_on=date(2026, 9, 10))
    assert form_of(school) is Form.REFUSED and form_of(school, date(2026, 9, 16)) is Form.ELECTRONIC
    assert form_of(school, pupil=school.masha) is Form.ELECTRONIC
    with clock.freeze(NOW + 7 * TOMORROW):
        signs(school, "annulment", school.vitya, school.vera)
    assert form_of(school, date(2026, 9, 23)) is Form.REFUSED and form_of(school, date(2026, 9, 24)) is Form.ELECTRONIC


@pytest.mark.parametrize(("before", "after"), [((), Form.ELECTRONIC), (("no_access",), Form.PAPER),
                                               (("refusal",), Form.REFUSED)])
def test_when_a_court_lifts_its_limit_all_is_as_before(school, before, after):
    for kind in before:
        signs(school, kind, school.vitya, school.vera)
    signs(school, "court", school.vitya, school.vera, by=school.olga)
    assert form_of(school) is Form.LIMITED
    signs(school, "court_lifted", school.vitya, school.vera, by=school.olga)
    assert form_of(school) is after
    [row] = queries.forms_of_pupil(school.session, pupil_id=school.vitya.id, day=TODAY)
    assert row.paper.kind == (before[0] if before else PaperKind.COURT_LIFTED)


def test_after_a_second_limit_too(school):
    for kind in ("refusal", "court", "court_lifted", "court", "court_lifted"):
        signs(school, kind, school.vitya, school.vera, by=school.olga)
    assert form_of(school) is Form.REFUSED


def test_one_form_stands_at_a_time_and_none_is_lost(school):
    for kind in ("no_access", "refusal", "annulment", "refusal"):
        signs(school, kind, school.vitya, school.vera)
    rows = school.session.scalars(select(ServiceForm).order_by(ServiceForm.id)).all()
    assert [row.form for row in rows] == ["paper", "refused", "electronic", "refused"]
    assert [row.to_on for row in rows] == [TODAY - TOMORROW] * 3 + [None]
    assert school.session.scalar(select(func.count(ServicePaper.id))) == 4


def test_who_is_no_guardian_signs_nothing(school):
    with pytest.raises(Refused, match="больше не записан"):
        signs(school, "refusal", school.zoya, school.vera)
    with pytest.raises(Refused, match="больше не записан"):
        signs(school, "refusal", school.zoya, None)


def test_a_key_of_another_paper_is_an_old_page(school):
    signs(school, "refusal", school.vitya, school.vera, key="mine")
    with pytest.raises(Refused, match="Страница устарела"):
        signs(school, "refusal", school.masha, school.vera, key="mine")


def test_forms_of_a_class_by_name_with_who_has_no_guardian(school):
    pavel = second_guardian(school, school.vitya)
    signs(school, "refusal", school.vitya, pavel)
    rows = queries.forms_of_class(school.session, class_id=school.school_class("7А").id, day=TODAY)
    assert [(row.pupil.split()[0], row.guardian.split(" ")[0], row.form.value) for row in rows if row.guardian_id] == [
        ("Волков", "Волков", "refused"), ("Волков", "Волкова", "electronic")]
    assert len(rows) == 9 and rows[0].pupil.startswith("Абрамов") and rows[0].guardian_id is None
    assert {row.class_name for row in queries.forms_of_school(school.session, day=TODAY)} == {"1А", "7А", "7Б"}


def test_what_decides_about_a_pupils_login(school):
    is_born(school, school.vitya, date(2012, 9, 1))
    signs(school, "refusal", school.vitya, school.vera)
    standing = queries.pupil_standing(school.session, pupil_id=school.vitya.id, day=TODAY)
    assert (standing.grade, standing.forms, standing.asked) == (7, (Form.REFUSED,), False)
    assert closed_to_pupil(standing, today=TODAY, signs_from=7)
    signs(school, "pupil_request", school.vitya, passport_shown_on=TODAY)
    assert queries.pupil_standing(school.session, pupil_id=school.vitya.id, day=TODAY).asked
    with pytest.raises(Refused, match="уже зарегистрировано"):
        signs(school, "pupil_request", school.vitya, passport_shown_on=TODAY)


def test_a_request_counts_the_age_on_the_day_it_was_signed(school):
    is_born(school, school.vitya, date(2012, 9, 15))
    signs(school, "refusal", school.vitya, school.vera)
    with pytest.raises(Refused, match="ещё нет 14 лет"):
        signs(school, "pupil_request", school.vitya, signed_on=date(2026, 9, 14), passport_shown_on=TODAY)
    signs(school, "pupil_request", school.vitya, signed_on=date(2026, 9, 15), passport_shown_on=TODAY)


def test_a_switch_to_what_stands_already_is_nothing_new(school):
    for opens in (True, False, False, True):
        forms.switch_login(school.session, guardian_id=school.vera.id, pupil_id=school.masha.id, opens=opens,
                           signs_from=7, now=NOW)
    rows = school.session.scalars(select(PupilAccess).order_by(PupilAccess.id)).all()
    assert [row.open for row in rows] == [False, True]


def test_who_refused_does_not_switch(school):
    signs(school, "refusal", school.masha, school.vera)
    with pytest.raises(Refused, match="отказались"):
        forms.switch_login(school.session, guardian_id=school.vera.id, pupil_id=school.masha.id, opens=False,
                           signs_from=7, now=NOW)
