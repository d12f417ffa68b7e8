from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agreements", "0005_seats_by_place")]

    operations = [
        migrations.CreateModel(
            name="PublicSeat",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "place_id",
                        "agreement_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("place_id", models.BigIntegerField(editable=False)),
                ("agreement_id", models.BigIntegerField(editable=False)),
            ],
            options={
                "verbose_name": "public seat",
                "verbose_name_plural": "public seats",
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["agreement_id"], name="agreements__agreeme_23227c_idx")
                ],
            },
        ),
    ]
