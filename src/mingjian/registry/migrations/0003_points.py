"""Owner, class, purpose and field of view of a point, still empty; the owner's text steps aside."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0002_hold_release_report"),
        ("people", "0003_barriers"),
    ]

    operations = [
        migrations.RenameField(model_name="camera", old_name="owner", new_name="owner_text"),
        migrations.AddField(
            model_name="camera",
            name="owner",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="cameras",
                to="people.body",
            ),
        ),
        migrations.AddField(model_name="camera", name="owner_tier", field=models.PositiveSmallIntegerField(null=True)),
        migrations.AddField(
            model_name="camera", name="system_class", field=models.CharField(max_length=16, default="school")
        ),
        migrations.AddField(
            model_name="camera", name="purpose", field=models.CharField(blank=True, max_length=200, default="")
        ),
        migrations.AddField(
            model_name="camera", name="field_of_view", field=models.CharField(blank=True, max_length=200, default="")
        ),
        migrations.AlterField(
            model_name="camera", name="main_address", field=models.CharField(blank=True, max_length=512)
        ),
    ]
