from django.apps import AppConfig
from django.core.signals import request_finished, request_started
from django.db import connections
from django.db.models.signals import post_delete, post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _

FEW_VALUES = ("visibility", "merged_into_id")


def lift_triggers(using: str, plan: list, **kwargs) -> None:
    from common.triggers import lift

    if plan:
        lift(using)


def lay_triggers(using: str, app_config: AppConfig, plan: list | None = None, **kwargs) -> None:
    from agreements import seats, spans
    from agreements.refusals import REFUSALS
    from common import search
    from common.triggers import install

    install(REFUSALS, using)
    if seats.are_there(using):
        install(seats.UPKEEP, using)
        if plan:
            seats.refill(using)
    if spans.are_there(using):
        install(spans.upkeep(connections[using].vendor), using)
        if plan:
            spans.refill(using)
    search.lay(app_config, using)
    search.tell_few_values(app_config.get_model("Agreement"), FEW_VALUES, using)


class AgreementsConfig(AppConfig):
    name = "agreements"
    verbose_name = _("Agreements")

    def ready(self) -> None:
        from agreements.documents import keeping
        from agreements.finding import public_ties
        from cities.connections import count_by

        count_by(public_ties)
        post_delete.connect(keeping.row_deleted, sender=self.get_model("Document"))
        request_started.connect(keeping.begin)
        request_finished.connect(keeping.settle)
        pre_migrate.connect(lift_triggers, sender=self)
        post_migrate.connect(lay_triggers, sender=self)
