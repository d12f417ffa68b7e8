"""The map in a browser: what the script adds, and that nothing is lost without it."""

import pytest
from playwright.sync_api import Page, expect

from agreements.models import Agreement
from tests.browser.test_pages import complaints  # noqa: F401
from tests.factories import AgreementFactory, PlaceFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(transactional_db, live_server):
    here = PlaceFactory(name="Here", latitude=40, longitude=60)
    there = PlaceFactory(name="Yonder", latitude=50, longitude=0)
    AgreementFactory(status="signed", parties=[here, there], public=True)
    yield f"{live_server.url}/map/"
    # The database never deletes the history of what is published, not even to clear up.
    Agreement.objects.update(visibility="internal")


def test_buttons_go_closer_move_about_and_lead_back(site, page: Page, complaints):  # noqa: F811
    page.goto(site)
    drawing = page.locator("svg.map")
    whole = drawing.get_attribute("viewBox")
    expect(page.get_by_role("button", name="Move east")).to_be_disabled()
    page.get_by_role("button", name="Closer").press("Enter")
    closer = drawing.get_attribute("viewBox").split()
    assert float(closer[2]) < float(whole.split()[2])
    page.get_by_role("button", name="Move east").click()
    assert float(drawing.get_attribute("viewBox").split()[0]) > float(closer[0])
    page.get_by_role("button", name="The whole world").click()
    assert [float(one) for one in drawing.get_attribute("viewBox").split()] == [
        float(one) for one in whole.split()
    ]
    assert complaints == []


def test_a_row_lights_what_it_stands_for_and_a_mark_leads_on(site, page: Page):
    page.goto(site)
    page.get_by_role("row").filter(has_text="Here").first.hover()
    expect(page.locator(".tie.lit")).to_have_count(1)
    page.get_by_role("row").filter(has_text="Yonder").get_by_role("link").first.focus()
    expect(page.locator("a.lit title")).to_have_text("Yonder: 1")
    page.locator("svg.map").scroll_into_view_if_needed()
    mark = page.locator("svg.map a", has_text="Here: 1").locator(".dot").bounding_box()
    page.mouse.click(mark["x"], mark["y"])
    expect(page).to_have_url(site.replace("/map/", "/agreements/?place=here"))


def test_without_a_script_marks_and_tables_are_there_and_tools_are_not(site, browser):
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(site)
    expect(page.locator("svg.map .dot")).to_have_count(2)
    expect(page.locator(".map-tools")).to_have_count(0)
    expect(page.get_by_role("region", name="Table of pairs")).to_contain_text("Yonder")
    page.context.close()
