"""What sectors are called in other languages than English."""

import factory

from agreements.models import SectorName
from tests.factories import ModelFactory, SectorFactory


class SectorNameFactory(ModelFactory):
    class Meta:
        model = SectorName

    sector = factory.SubFactory(SectorFactory)
    language = "fa"
    text = "فرهنگ"
