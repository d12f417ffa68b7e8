from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


def lay_triggers(using: str, **kwargs) -> None:
    from cities.refusals import REFUSALS
    from common.triggers import install

    install(REFUSALS, using)


class CitiesConfig(AppConfig):
    name = "cities"
    verbose_name = _("Places and people")

    def ready(self) -> None:
        post_migrate.connect(lay_triggers, sender=self)
