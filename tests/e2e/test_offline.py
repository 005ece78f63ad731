"""Without a connection a family reads the last diary it had, on its own phone only, and nobody after it does."""

from playwright.sync_api import expect

TABLET = 360


def keeps(visitor):
    page = visitor.page
    page.goto("/account/offline")
    page.get_by_role("button", name="Это моё устройство: хранить").click()
    expect(page.get_by_text("На этом устройстве дневник хранится.")).to_be_visible()
    page.wait_for_function("navigator.serviceWorker.controller !== null")


def reads_diary(page):
    page.goto("/student/")
    expect(page.locator(".week .day")).not_to_have_count(0)
    page.wait_for_function("caches.match('/last-diary', {cacheName: 'ejd-diary'}).then(Boolean)")
    return page.locator("main h1").inner_text()


def reach_fails(page):
    try:
        page.goto("/student/")
    except Exception as trouble:
        return "ERR_" in str(trouble)
    return False


def test_the_last_diary_is_there_without_a_connection_and_dated(demo, somebody):
    visitor = somebody(demo, width=TABLET)
    page = visitor.signs_in("student")
    keeps(visitor)
    heading = reads_diary(page)
    visitor.context.set_offline(True)
    page.goto("/student/")
    expect(page.get_by_role("alert")).to_contain_text("Нет связи со школой. Это дневник, каким он был")
    assert page.locator("main h1").inner_text() == heading
    assert page.locator(".week .day").count() >= 5
    visitor.context.set_offline(False)
    page.goto("/student/")
    expect(page.get_by_text("Нет связи")).to_have_count(0)


def test_after_signing_out_nothing_is_left(demo, somebody):
    visitor = somebody(demo, width=TABLET)
    page = visitor.signs_in("student")
    keeps(visitor)
    reads_diary(page)
    page.get_by_role("button", name="Выйти").click()
    expect(page.get_by_role("button", name="Войти")).to_be_visible()
    assert not page.evaluate("caches.has('ejd-diary')")
    visitor.context.set_offline(True)
    assert reach_fails(page)


def test_who_did_not_ask_for_it_has_nothing_kept(demo, somebody):
    visitor = somebody(demo, width=TABLET)
    page = visitor.signs_in("student")
    page.goto("/student/")
    assert page.locator("script").count() == 0
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then(all => all.length)") == 0
    visitor.context.set_offline(True)
    assert reach_fails(page)


def test_it_is_taken_back(demo, somebody):
    visitor = somebody(demo, width=TABLET)
    page = visitor.signs_in("student")
    keeps(visitor)
    reads_diary(page)
    page.goto("/account/offline")
    page.get_by_role("button", name="Больше не хранить").click()
    expect(page.get_by_text("больше не хранится")).to_be_visible()
    page.wait_for_function("caches.has('ejd-diary').then(there => !there)")
