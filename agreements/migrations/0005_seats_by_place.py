from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agreements", "0004_may_merge")]

    operations = [
        migrations.AddIndex(
            model_name="party",
            index=models.Index(
                fields=["place", "agreement"], name="agreements__place_i_8a7539_idx"
            ),
        ),
    ]
