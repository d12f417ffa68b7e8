from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("agreements", "0003_fold_again")]

    operations = [
        migrations.AlterModelOptions(
            name="agreement",
            options={
                "ordering": ["reference"],
                "permissions": [
                    ("draft_agreement", "Can draft agreements"),
                    ("sign_agreement", "Can sign agreements"),
                    ("withdraw_agreement", "Can withdraw agreements"),
                    ("revive_agreement", "Can revive agreements"),
                    ("suspend_agreement", "Can suspend agreements"),
                    ("reinstate_agreement", "Can reinstate agreements"),
                    ("end_agreement", "Can end agreements"),
                    ("publish_agreement", "Can publish agreements"),
                    ("merge_agreement", "Can merge agreements"),
                ],
                "verbose_name": "agreement",
                "verbose_name_plural": "agreements",
            },
        ),
    ]
