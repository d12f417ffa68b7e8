from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


def lay_triggers(using: str, **kwargs) -> None:
    from agreements.refusals import REFUSALS
    from common.triggers import install

    install(REFUSALS, using)


class AgreementsConfig(AppConfig):
    name = "agreements"
    verbose_name = _("Agreements")

    def ready(self) -> None:
        post_migrate.connect(lay_triggers, sender=self)
