"""The body a shift is done for, still empty: a person may be operator of a campus and of a unit."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("duty", "0001_shifts"),
        ("people", "0003_barriers"),
    ]

    operations = [
        migrations.AddField(
            model_name="shift",
            name="body",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="shifts", to="people.body"
            ),
        ),
    ]
