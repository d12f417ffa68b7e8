from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


def lift_triggers(using: str, plan: list, **kwargs) -> None:
    from common.triggers import lift

    if plan:
        lift(using)


def lay_triggers(using: str, app_config: AppConfig, **kwargs) -> None:
    from cities.refusals import REFUSALS
    from common import search
    from common.triggers import install

    install(REFUSALS, using)
    search.lay(app_config, using)


class CitiesConfig(AppConfig):
    name = "cities"
    verbose_name = _("Places and people")

    def ready(self) -> None:
        pre_migrate.connect(lift_triggers, sender=self)
        post_migrate.connect(lay_triggers, sender=self)
