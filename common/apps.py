from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import pre_save
from django.utils.translation import gettext_lazy as _


class CommonConfig(AppConfig):
    name = "common"
    verbose_name = _("Common ground")

    def ready(self) -> None:
        from common.folded import fold_fixture
        from common.search import set_up

        pre_save.connect(fold_fixture)
        connection_created.connect(set_up)
