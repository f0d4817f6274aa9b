"""No shift without the body it is done for."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("duty", "0003_shift_bodies"),
    ]

    operations = [
        migrations.AlterField(
            model_name="shift",
            name="body",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="shifts", to="people.body"
            ),
        ),
    ]
