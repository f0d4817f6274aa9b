"""Whose installation this is: one row."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0016_leaver_lists"),
    ]

    operations = [
        migrations.CreateModel(
            name="University",
            fields=[
                ("name", models.CharField(max_length=64)),
                ("name_en", models.CharField(blank=True, max_length=96)),
                ("place", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("place", 1)), name="people_university_is_one")
                ],
            },
        ),
    ]
