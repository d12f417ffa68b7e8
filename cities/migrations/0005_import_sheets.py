from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("cities", "0004_told_apart"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="place",
            options={
                "ordering": ["name", "slug"],
                "permissions": [("import_sheets", "Can import sheets of records")],
                "verbose_name": "place",
                "verbose_name_plural": "places",
            },
        ),
    ]
