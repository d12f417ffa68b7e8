import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("cities", "0003_fold_again"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="officialmerge",
            options={
                "default_permissions": ("add", "view"),
                "verbose_name": "merged official",
                "verbose_name_plural": "merged officials",
            },
        ),
        migrations.AlterModelOptions(
            name="placemerge",
            options={
                "default_permissions": ("add", "view"),
                "verbose_name": "merged place",
                "verbose_name_plural": "merged places",
            },
        ),
        migrations.AddField(
            model_name="officialmerge",
            name="aside",
            field=models.JSONField(blank=True, default=list, editable=False),
        ),
        migrations.AddField(
            model_name="placemerge",
            name="aside",
            field=models.JSONField(blank=True, default=list, editable=False),
        ),
        migrations.CreateModel(
            name="DistinctPair",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(editable=False, max_length=40)),
                ("low", models.BigIntegerField(editable=False)),
                ("high", models.BigIntegerField(editable=False)),
                (
                    "reason",
                    models.CharField(
                        help_text="How you know that they are two.",
                        max_length=500,
                        verbose_name="reason",
                    ),
                ),
                (
                    "told_at",
                    models.DateTimeField(auto_now_add=True, verbose_name="told apart at"),
                ),
                (
                    "told_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="told apart by",
                    ),
                ),
            ],
            options={
                "verbose_name": "pair that was told apart",
                "verbose_name_plural": "probable duplicates",
                "ordering": ["-told_at", "-pk"],
                "default_permissions": ("add", "view"),
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "low", "high"), name="told_apart_once"),
                    models.CheckConstraint(
                        condition=models.Q(("low__lt", models.F("high"))),
                        name="told_apart_are_two",
                    ),
                ],
            },
        ),
    ]
