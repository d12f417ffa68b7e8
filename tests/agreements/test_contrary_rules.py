"""Each rule of time and its contrary: together all that was on record, and nothing twice."""

from datetime import date

import pytest

from agreements.models import Agreement
from tests.api.ties import lay_ties

pytestmark = pytest.mark.django_db

DAYS = (
    None,
    date(1, 1, 1),
    date(2001, 1, 1),
    date(2008, 12, 31),
    date(2011, 12, 31),
    date(2012, 1, 1),
    date(2020, 2, 29),
    date(2022, 2, 24),
    date(9999, 12, 31),
)


@pytest.mark.parametrize("rule", ["in_force", "expired", "stalled", "dormant"])
def test_a_rule_and_its_contrary_share_out_what_is_on_record(settings, tmp_path, rule):
    settings.MEDIA_ROOT = tmp_path
    lay_ties()
    for day in DAYS:
        meeting = set(getattr(Agreement.objects, rule)(day))
        not_meeting = set(getattr(Agreement.objects, f"not_{rule}")(day))
        assert meeting | not_meeting == set(Agreement.objects.as_of(day)), day
        assert not meeting & not_meeting, day
