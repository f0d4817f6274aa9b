from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0005_spooled"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="must_change_password",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="person",
            name="suspended_at_90k",
            field=models.BigIntegerField(null=True),
        ),
    ]
