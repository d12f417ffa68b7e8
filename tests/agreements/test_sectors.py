"""Sectors and what they are called in other languages."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import override

from agreements.models import Sector
from tests.factories import SectorFactory
from tests.sector_factories import SectorNameFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def culture() -> Sector:
    sector = SectorFactory(name="Culture", slug="culture")
    SectorNameFactory(sector=sector, language="fa", text="فرهنگ")
    return sector


def shown(language: str) -> tuple[str, str]:
    with override(language):
        sector = Sector.objects.with_names().get(slug="culture")
        return sector.shown_name, sector.shown_language


@pytest.mark.usefixtures("culture")
def test_readers_see_the_name_in_their_language_and_else_the_english_one():
    assert shown("fa") == ("فرهنگ", "fa")
    assert shown("en") == ("Culture", "en")
    assert shown("tg") == ("Culture", "en")


@pytest.mark.usefixtures("culture")
def test_names_that_nobody_joined_are_not_asked_for_one_by_one(django_assert_num_queries):
    with override("fa"), django_assert_num_queries(1):
        assert Sector.objects.get(slug="culture").shown_name == "Culture"
    with override("fa"), django_assert_num_queries(2):
        assert [one.shown_name for one in Sector.objects.with_names()] == ["فرهنگ"]
    with override("en"), django_assert_num_queries(1):
        assert [one.shown_name for one in Sector.objects.with_names()] == ["Culture"]


IMPOSSIBLE = {
    "two names in one language": ({"language": "fa", "text": "هنر"}, "in this language already"),
    "an English name": ({"language": "en", "text": "Arts"}, "is the one above"),
}


@pytest.mark.parametrize("case", IMPOSSIBLE)
def test_impossible_names_are_refused_kindly_and_below(culture, case):
    fields, why = IMPOSSIBLE[case]
    with override("en"), pytest.raises(ValidationError, match=why):
        SectorNameFactory.build(sector=culture, **fields).full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        SectorNameFactory(sector=culture, **fields)


def test_a_language_is_a_code(culture):
    with pytest.raises(ValidationError):
        SectorNameFactory.build(sector=culture, language="Persian").full_clean()


def test_every_name_keeps_its_history(culture):
    name = culture.names.get()
    name.text = "فرهنگ و هنر"
    name.save()
    assert [row.text for row in name.history.all()] == ["فرهنگ و هنر", "فرهنگ"]
    assert name.version == 2
