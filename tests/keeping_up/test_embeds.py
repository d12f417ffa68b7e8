"""What others put on their own sites: frames, badges, pictures; and what may not be framed."""

from io import BytesIO
from time import process_time

import pytest
from django.test import Client
from PIL import Image

from agreements import pictures
from agreements.lifecycle import Status
from tests.factories import AdministratorFactory, AgreementFactory, khujand, on, qazvin
from tests.keeping_up.reading import got, tree
from tests.pages.reading import read, words
from twinning import badges

pytestmark = pytest.mark.django_db

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def agreement():
    return AgreementFactory(status="signed", parties=[qazvin(), khujand()], public=True)


def addresses(agreement) -> dict[str, tuple[str, str]]:
    """Of the agreement and of Khujand."""
    record = agreement.get_absolute_url()
    return {
        "embed": (f"/embed{record}", "/embed/places/khujand/"),
        "badge": (f"{record}badge.svg", "/places/khujand/badge.svg"),
        "picture": (f"{record}picture.png", "/places/khujand/picture.png"),
    }


# --- Frames --------------------------------------------------------------------------------


def test_a_frame_says_where_an_agreement_stands(client, agreement):
    said = read(client, f"/embed{agreement.get_absolute_url()}")
    assert "Qazvin – Khujand" in said
    assert "Signed on 10 May 2025, says Asia-Plus." in said


def test_a_frame_of_a_place_lists_its_agreements(client, agreement):
    said = read(client, "/embed/places/khujand/")
    assert "1 agreement in force" in said
    assert "Qazvin – Khujand" in said


def test_frames_alone_may_be_framed(agreement):
    for path in addresses(agreement)["embed"]:
        response = got(path)
        assert "frame-ancestors *" in response["Content-Security-Policy"]
        assert "script-src 'self'" in response["Content-Security-Policy"]
        assert "X-Frame-Options" not in response
    for path in ("/", agreement.get_absolute_url(), "/places/khujand/", "/accounts/login/"):
        response = Client().get(path)
        assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
        assert response["X-Frame-Options"] == "DENY"


def test_a_frame_that_there_is_not_may_not_be_framed():
    response = Client().get("/embed/agreements/TW-000000/")
    assert response.status_code == 404
    assert response["X-Frame-Options"] == "DENY"


def test_a_frame_sets_no_cookie_and_knows_nobody(agreement):
    staff = Client()
    staff.force_login(AdministratorFactory())
    for path in addresses(agreement)["embed"]:
        mine, anybodys = staff.get(path), got(path)
        assert mine.content == anybodys.content
        assert not mine.cookies
        assert "Cookie" not in mine.get("Vary", "")


def test_all_that_a_frame_leads_to_opens_in_the_whole_window(agreement):
    for path in addresses(agreement)["embed"]:
        page = got(path).content.decode()
        assert page.count("<a ") == page.count('target="_top"') > 0


# --- Badges --------------------------------------------------------------------------------


@pytest.mark.parametrize("status", Status)
def test_a_badge_says_the_status_in_a_word_and_a_shape(status):
    agreement = AgreementFactory(status=status, parties=[qazvin(), khujand()], public=True)
    drawn = tree(f"{agreement.get_absolute_url()}badge.svg")
    assert drawn.findtext(f"{SVG}title") == f"Qazvin – Khujand: {status.label}"
    (mark,) = (group for group in drawn.iter(f"{SVG}g") if group.get("transform"))
    assert len(mark)


def test_the_badge_of_a_place_counts_what_is_in_force(agreement):
    AgreementFactory(status="drafted", parties=[khujand(), qazvin()], public=True)
    AgreementFactory(status="signed", parties=[khujand(), qazvin()])
    drawn = tree("/places/khujand/badge.svg")
    assert drawn.findtext(f"{SVG}title") == "Khujand: 1 agreement in force"


def test_a_badge_is_as_wide_as_its_text():
    short, long = badges.width("Ay"), badges.width("A much longer name")
    assert 10 < short < 25
    assert 100 < long < 160
    assert badges.width("خجند") < badges.width("Khujand")


@pytest.mark.parametrize("title", ["</svg><script>", "a&b", "\x01\x02", "W" * 250, "خجند"])
def test_no_title_breaks_a_badge(title, agreement):
    agreement.title = title
    agreement.save()
    drawn = tree(f"{agreement.get_absolute_url()}badge.svg")
    assert not list(drawn.iter(f"{SVG}script"))
    assert int(drawn.get("width")) < 700


# --- Pictures ------------------------------------------------------------------------------


def test_a_picture_is_as_large_as_those_who_show_it_ask_for(agreement):
    for path in (*addresses(agreement)["picture"], "/picture.png"):
        image = Image.open(BytesIO(got(path).content))
        assert (image.format, image.size) == ("PNG", (1200, 630))


def test_a_picture_changes_with_the_record_and_not_with_an_edit(agreement):
    path = addresses(agreement)["picture"][0]
    before = got(path)
    agreement.internal_note = "A note."
    agreement.save()
    assert Client().get(path, headers={"if-none-match": before["ETag"]}).status_code == 304
    agreement.move("suspend", by=None, happened_on=on("2026-01"))
    assert got(path)["ETag"] != before["ETag"]


@pytest.mark.parametrize(
    ("text", "drawn"),
    [("Köln", "Koln"), ("Хуҷанд", "Khujand"), ("a\x00\u202eb", "ab"), ("x" * 900, "x" * 200)],
)
def test_what_the_font_lacks_is_folded(text, drawn):
    assert pictures.latin(text) == drawn


@pytest.mark.parametrize("title", ["W" * 250, "w " * 125, "خجند " * 40, "€" * 250, " "])
def test_a_picture_is_drawn_of_any_title_and_soon(title):
    stops = tuple(pictures.Stop(word, "23 September 2025", "done", "signed") for word in "abcd")
    picture = pictures.Picture(pictures.latin(title), "kind", "signed", "Signed.", "foot", stops)
    pictures.drawn(picture)
    began = process_time()
    assert len(pictures.drawn(picture)) < 200_000
    assert process_time() - began < 0.5  # a tenth of that as a rule


# --- All of them ---------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["embed", "badge", "picture"])
def test_other_sites_may_show_it_and_caches_keep_it_for_a_while(what, agreement):
    for path in addresses(agreement)[what]:
        response = got(path)
        assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Cache-Control"] == "public, max-age=300"
        assert Client().get(path, headers={"if-none-match": response["ETag"]}).status_code == 304
        assert not response.cookies


def test_the_style_of_a_badge_and_nothing_else_is_allowed_in_it(agreement):
    for path in addresses(agreement)["badge"]:
        response = got(path)
        policy = response["Content-Security-Policy"]
        assert f"style-src 'sha256-{badges.DIGEST}'" in policy
        assert "default-src 'none'" in policy
        assert "unsafe-inline" not in policy
        drawn = tree(path)
        assert drawn.findtext(f"{SVG}style") == badges.STYLE


def test_pages_say_how_to_keep_up_and_what_to_copy(agreement):
    for page, paths in (
        (agreement.get_absolute_url(), [one for one, _ in addresses(agreement).values()][:2]),
        ("/places/khujand/", [one for _, one in addresses(agreement).values()][:2]),
    ):
        said = words(got(page).content.decode())
        assert "Share and embed" in said
        assert all(f'src="http://testserver{path}"' in said for path in paths)


def test_an_internal_agreement_has_nothing_to_share(registrar):
    agreement = AgreementFactory(parties=[qazvin(), khujand()])
    staff = Client()
    staff.force_login(registrar)
    page = staff.get(agreement.get_absolute_url()).content.decode()
    assert "Share and embed" not in page
    assert "og:image" not in page
    assert "ld+json" not in page
