"""Folded names have a blank at both ends now, and are folded by better rules."""

from django.db import migrations

from common.folded import fold_again

NAMED = ("Place", "PlaceName", "Official", "Spelling")


def fold_all(apps, schema_editor):
    for name in NAMED:
        fold_again(apps.get_model("cities", name), schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [("cities", "0002_merged_places_and_officials")]

    operations = [migrations.RunPython(fold_all, migrations.RunPython.noop, elidable=True)]
