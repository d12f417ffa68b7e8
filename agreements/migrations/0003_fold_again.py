"""Folded names have a blank at both ends now, and are folded by better rules."""

from django.db import migrations

from common.folded import fold_again

NAMED = ("Agreement", "Party")


def fold_all(apps, schema_editor):
    for name in NAMED:
        fold_again(apps.get_model("agreements", name), schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [("agreements", "0002_lists_of_ties_and_merges"), ("cities", "0003_fold_again")]

    operations = [migrations.RunPython(fold_all, migrations.RunPython.noop, elidable=True)]
