from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("viewing", "0013_objection_barriers"),
    ]

    operations = [
        migrations.AddField(
            model_name="applicationdecision",
            name="policy_version",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="holddecision",
            name="policy_version",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="objection",
            name="policy_version",
            field=models.PositiveIntegerField(default=0),
        ),
    ]
