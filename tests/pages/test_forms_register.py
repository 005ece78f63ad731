"""Анна keeps the papers of 7А: who gets the service how, blanks to print, signed papers to register (R20–R24). Ольга,
Дина and Галина keep everybody's; what a court says is theirs alone."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from ejd.families.models import ServiceForm, ServicePaper
from ejd.families.provision import REFUSAL_SENTENCE
from ejd.roster.models import Guardianship
from ejd.school.models import Setting
from tests.forms import is_born, second_guardian, signs
from tests.journal import records
from tests.world import FIRST_DAY


@pytest.fixture
def anna(as_, school):
    return as_(school.anna)


@pytest.fixture
def of_vera(school):
    return school.session.scalars(select(Guardianship).filter_by(pupil_id=school.vitya.id)).one()


def of_class(school, rest=""):
    return f"/teacher/classes/{school.school_class('7А').id}/forms{rest}"


def of_guardian(school, guardianship, paper):
    return of_class(school, f"/guardians/{guardianship.id}/{paper}")


def words_of(response):
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(response.data)).pages).split())


def sign(visitor, url, status=None, **typed):
    return visitor.submit(visitor.get(url), "form#form", {"number": "14", "signed_on": "2026-09-16"} | typed,
                          status=status)


def test_a_refusal_is_printed_signed_and_registered(as_, school, anna, of_vera, at_most):
    listed, opened = of_class(school), of_class(school, f"/{school.vitya.id}")
    with at_most(8):
        page = anna.get(listed)
    assert "Волкова Вера Викторовна, мать" in page.words and "нет представителя" in page.words
    with at_most(8):
        page = anna.get(opened)
    link = next(a for a in page.select("a") if "бланк: Отказ" in " ".join(a.text.split()))
    pdf = words_of(anna.get(link["href"]).response)
    assert REFUSAL_SENTENCE in pdf and "Волкова Вера Викторовна" in pdf and "17 сентября 2026" in pdf
    assert "Громова Галина Григорьевна" in pdf and "Школа № 12" in pdf and "Волков Виктор Павлович" in pdf
    sign(anna, of_guardian(school, of_vera, "refusal"))
    page = anna.get(of_class(school, f"/{school.vitya.id}"))
    assert "бумажная: отказ с 17.09.2026" in page.words and "№ 14 от 16.09.2026" in page.words
    assert "бумажная: отказ" in anna.get(of_class(school)).words
    as_(school.vera).get(f"/parent/children/{school.vitya.id}/diary", status=403)


def test_an_annulment_names_the_refusal_and_opens_again(as_, school, anna, of_vera):
    signs(school, "refusal", school.vitya, school.vera, number="7/26", signed_on=date(2026, 9, 3))
    pdf = words_of(anna.get(of_guardian(school, of_vera, "annulment.pdf")).response)
    assert "от 3 сентября 2026 года № 7/26" in pdf and "об аннулировании отказа" in pdf
    sign(anna, of_guardian(school, of_vera, "annulment"))
    as_(school.vera).get(f"/parent/children/{school.vitya.id}/diary")
    forms = school.session.scalars(select(ServiceForm).order_by(ServiceForm.id)).all()
    assert [(one.form, one.to_on is None) for one in forms] == [("refused", False), ("electronic", True)]
    assert "изменена в тот же день" in anna.get(of_class(school, f"/{school.vitya.id}")).words


def test_who_has_internet_now_annuls_the_declaration(school, anna, of_vera):
    signs(school, "no_access", school.vitya, school.vera)
    pdf = words_of(anna.get(of_guardian(school, of_vera, "annulment.pdf")).response)
    assert "об аннулировании заявления о невозможности получать услугу" in pdf
    sign(anna, of_guardian(school, of_vera, "annulment"))
    assert "электронная с 17.09.2026" in anna.get(of_class(school, f"/{school.vitya.id}")).words


def test_what_was_done_is_in_the_record_without_a_word_of_the_paper(school, anna, of_vera):
    sign(anna, of_guardian(school, of_vera, "no_access"))
    [registered], [changed] = records(school, "service.paper_registered"), records(school, "service.form_changed")
    assert '"kind":"no_access"' in registered and '"after":"paper"' in changed
    assert "number" not in registered


@pytest.mark.parametrize(("typed", "says"), [
    ({"number": " "}, "Укажите номер"), ({"number": "1" * 41}, "Слишком длинно"),
    ({"signed_on": ""}, "когда бумага подписана"), ({"signed_on": "вчера"}, "Дата пишется так"),
    ({"signed_on": "2026-09-18"}, "не позже сегодняшнего"), ({"signed_on": "2024-09-01"}, "не больше года назад"),
    ({"key": "x" * 41}, "Страница устарела"),
])
def test_what_is_refused_keeps_what_was_typed(school, anna, of_vera, typed, says):
    page = anna.get(of_guardian(school, of_vera, "refusal"))
    given = {"number": "14", "signed_on": "2026-09-16"} | typed
    answer = anna.submit(page, "form#form", given, status=422)
    assert says in answer.words
    assert answer.select_one("#number")["value"] == given["number"]
    assert not school.session.scalars(select(ServicePaper)).all()


def test_the_same_form_sent_twice_is_one_paper_and_another_is_told_why_not(school, anna, of_vera):
    url = of_guardian(school, of_vera, "refusal")
    page = anna.get(url)
    for _ in range(2):
        anna.submit(page, "form#form", {"number": "14"})
    assert len(school.session.scalars(select(ServicePaper)).all()) == 1
    assert "уже зарегистрировано" in anna.get(url).words
    answer = anna.post(url, {"number": "15", "signed_on": "2026-09-16", "key": "another"}, status=422)
    assert "уже зарегистрировано" in answer.words
    stale = anna.post(of_guardian(school, of_vera, "no_access"), {"number": "15", "signed_on": "2026-09-16",
                                                                  "key": "third"}, status=422)
    assert "только заявлением об аннулировании" in stale.words


def test_a_pupil_of_fourteen_asks_himself_with_a_passport(as_, school, anna):
    is_born(school, school.vitya, date(2012, 9, 1))
    signs(school, "refusal", school.vitya, school.vera)
    vitya = as_(school.vitya)
    vitya.get("/student/diary", status=403)
    request = of_class(school, f"/{school.vitya.id}/request")
    pdf = words_of(anna.get(f"{request}.pdf").response)
    assert "Волков Виктор Павлович" in pdf and "согласен (согласна)" in pdf and "Андреева Анна Аркадьевна" in pdf
    assert "предъявил паспорт" in sign(anna, request, 422, passport_shown_on="").words
    sign(anna, request, passport_shown_on="2026-09-16")
    vitya.get("/student/diary")
    as_(school.vera).get(f"/parent/children/{school.vitya.id}/diary", status=403)
    assert "по заявлению самого ученика" in anna.get(of_class(school, f"/{school.vitya.id}")).words


def test_a_pupil_of_thirteen_is_refused_with_the_reason(school, anna):
    signs(school, "refusal", school.vitya, school.vera)
    assert "ещё нет 14 лет" in anna.get(of_class(school, f"/{school.vitya.id}")).words
    request = of_class(school, f"/{school.vitya.id}/request")
    page = anna.get(request)
    assert "ещё нет 14 лет" in page.words and not page.select("#form")
    given = {"number": "14", "signed_on": "2026-09-16", "passport_shown_on": "2026-09-16", "key": "asks"}
    assert "ещё нет 14 лет" in anna.post(request, given, status=422).words


def test_no_request_is_printed_for_whom_it_would_not_be_true(as_, school, anna):  # R24
    def refused(born, says):
        is_born(school, school.vitya, born)
        for visitor, url in ((anna, of_class(school, f"/{school.vitya.id}/request.pdf")),
                             (as_(school.olga), f"/admin/forms/{school.vitya.id}/request.pdf")):
            assert says in visitor.get(url, status=422).words

    refused(date(2012, 9, 1), "Никто из представителей не отказался")
    signs(school, "refusal", school.vitya, school.vera)
    refused(date(2012, 9, 18), "ещё нет 14 лет")
    refused(date(2008, 9, 1), "Ученику уже 18 лет")
    refused(None, "нет даты рождения")
    is_born(school, school.vitya, date(2012, 9, 17))
    anna.get(of_class(school, f"/{school.vitya.id}/request.pdf"))


def test_what_a_court_says_is_the_administrations(as_, school, anna, of_vera):
    anna.get(of_guardian(school, of_vera, "court"), status=403)
    anna.post(of_guardian(school, of_vera, "court"), {"number": "2-14/26"}, status=403)
    anna.get(of_guardian(school, of_vera, "court.pdf"), status=404)
    assert "суда" not in anna.get(of_class(school, f"/{school.vitya.id}")).words
    signs(school, "refusal", school.vitya, school.vera)
    olga, vera = as_(school.olga), as_(school.vera)
    sign(olga, f"/admin/forms/guardians/{of_vera.id}/court", number="2-14/26")
    page = vera.get(f"/parent/children/{school.vitya.id}/diary", status=403)
    assert "по решению суда" in page.words and "Поможем" not in page.words
    assert "снимает администрация" in anna.get(of_class(school, f"/{school.vitya.id}")).words
    sign(olga, f"/admin/forms/guardians/{of_vera.id}/court_lifted", number="2-15/26")
    page = vera.get(f"/parent/children/{school.vitya.id}/diary", status=403)
    assert "Вы отказались" in page.words  # the refusal stands as before


def test_nobody_lifts_their_own_limit(as_, school):
    own = Guardianship(guardian_id=school.olga.id, pupil_id=school.masha.id, relation="тётя", from_on=FIRST_DAY)
    school.session.add(own)
    school.session.flush()
    signs(school, "court", school.masha, school.olga, by=school.dina)
    url = f"/admin/forms/guardians/{own.id}/court_lifted"
    as_(school.olga).post(url, {"number": "1", "signed_on": "2026-09-16", "key": "own"}, status=403)
    sign(as_(school.dina), url)
    as_(school.olga).get(f"/parent/children/{school.masha.id}/diary")


def test_the_schools_register_by_class_and_form(as_, school, at_most):
    olga = as_(school.olga)
    assert "Все семьи получают дневник электронно" in olga.get("/admin/forms").words
    pavel = second_guardian(school, school.vitya)
    signs(school, "refusal", school.vitya, pavel)
    signs(school, "no_access", school.masha, school.vera)
    with at_most(8):
        page = olga.get("/admin/forms")
    listed = [row.text for row in page.select("#who tbody tr")]
    assert len(listed) == 2 and "Мария" in listed[0] and "Волков Павел Петрович" in listed[1]
    assert len(olga.get("/admin/forms?form=refused").select("#who tbody tr")) == 1
    of_7a = f"/admin/forms?form=all&class={school.school_class('7А').id}"
    assert len(olga.get(of_7a).select("#who tbody tr")) == 2
    assert "стоит зарегистрированная бумага" in olga.get("/admin/forms?form=without_paper").words
    school.session.scalars(select(ServiceForm).filter_by(form="paper")).one().paper_id = None
    assert len(olga.get("/admin/forms?form=without_paper").select("#who tbody tr")) == 1
    olga.get("/admin/forms?form=%D0%B6&class=99999999999")


def test_nobody_elses_pupils(as_, school, anna):
    zoya = school.session.scalars(select(Guardianship).filter_by(pupil_id=school.zoya.id)).one()
    anna.get(of_class(school, f"/{school.zoya.id}"), status=404)
    anna.get(of_guardian(school, zoya, "refusal"), status=404)
    anna.post(of_guardian(school, zoya, "refusal"), {"number": "1"}, status=404)
    anna.get(of_class(school, f"/guardians/{zoya.id}/пустяк"), status=404)
    for stranger in (school.boris, school.eva):
        as_(stranger).get(of_class(school), status=404)
    for other in (school.igor, school.inna):
        as_(other).get("/admin/forms", status=403)


def test_the_guardian_who_has_gone_signs_nothing_more(school, anna, of_vera):
    url = of_guardian(school, of_vera, "refusal")
    page = anna.get(url)
    of_vera.to_on = date(2026, 9, 16)
    school.session.flush()
    anna.submit(page, "form#form", {"number": "14"}, status=404)


SCAN = (b"%PDF-1.4 scan", "Заявление.pdf")


@pytest.fixture
def scans_kept(school):
    school.session.add(Setting(key="forms.scans", valid_from=FIRST_DAY, value="true"))
    school.session.flush()


def send(anna, url, files, status=None):
    page = anna.get(url)
    key = page.select_one("input[name=key]")["value"]
    return anna.post(url, {"number": "14", "signed_on": "2026-09-16", "key": key,
                           "files": [(BytesIO(body), name) for body, name in files]},
                     content_type="multipart/form-data", status=status)


def test_a_scan_is_kept_where_the_school_keeps_scans(as_, school, anna, of_vera, scans_kept):
    send(anna, of_guardian(school, of_vera, "no_access"), [SCAN])
    page = anna.get(of_class(school, f"/{school.vitya.id}"))
    link = next(a["href"] for a in page.select("a") if a.text == "скан")
    assert anna.get(link).response.data == SCAN[0]
    as_(school.boris).get(link, status=404)
    anna.get(link.replace(f"/{school.vitya.id}/", f"/{school.zoya.id}/"), status=404)
    as_(school.olga).get(f"/admin/forms/{school.vitya.id}/papers/{link.rpartition('/')[2]}")
    assert records(school, "service.scan_attached") == ["{}"]


@pytest.mark.parametrize("files", [[SCAN, SCAN], [("текст".encode(), "Заявление.txt")], [(b"MZ", "Заявление.pdf")]])
def test_what_is_no_scan_is_refused_with_everything_else(school, anna, of_vera, scans_kept, files):
    answer = send(anna, of_guardian(school, of_vera, "no_access"), files, status=422)
    assert answer.select_one("#files-error") and answer.select_one("#number")["value"] == "14"
    assert not school.session.scalars(select(ServicePaper)).all()


def test_by_default_no_scan_is_taken(school, anna, of_vera):
    """R40."""
    url = of_guardian(school, of_vera, "no_access")
    assert not anna.get(url).select("input[type=file]")
    send(anna, url, [SCAN])
    assert school.session.scalars(select(ServicePaper)).one().file_id is None
