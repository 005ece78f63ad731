"""The worst line: 50 kbit/s, 400 ms there and back, nothing cached. The diary can be read within 3 seconds."""

import time

from playwright.sync_api import expect

LINE = {"offline": False, "latency": 400, "downloadThroughput": 50_000 // 8, "uploadThroughput": 50_000 // 8}
SECONDS = 3
PAINTED = "(performance.getEntriesByName('first-contentful-paint')[0] || {}).startTime || 0"


def test_the_diary_is_readable_within_three_seconds(demo, somebody):
    signed_in = somebody(demo, width=360)
    signed_in.signs_in("student")
    fresh = somebody(demo, width=360)
    fresh.context.add_cookies(signed_in.context.cookies())
    line = fresh.context.new_cdp_session(fresh.page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", LINE)
    begun = time.monotonic()
    fresh.page.goto("/student/", wait_until="commit")
    expect(fresh.page.locator(".week .day p").first).to_be_visible()
    while not (painted := fresh.page.evaluate(PAINTED)):
        fresh.page.wait_for_timeout(50)
    assert time.monotonic() - begun < SECONDS + 1  # the test's own looking included
    assert painted < SECONDS * 1000, painted
    asked = fresh.page.evaluate("performance.getEntriesByType('resource').length")
    assert asked <= 2, "the style sheet and the icon, nothing else"
