import pytest

from cities.models import Place, PlaceName


@pytest.fixture
def khujand(db):
    return Place.objects.create(slug="khujand", name="Khujand", level="country", country_code="TJ")


@pytest.fixture
def name_used(khujand):
    """Records a name of Khujand with the years of its use: `name_used("1936", "1991")`."""

    def record(used_from=None, used_to=None, text="Leninabad"):
        span = {"used_from": used_from, "used_to": used_to}
        return PlaceName.objects.create(place=khujand, text=text, kind="former", **span)

    return record
