import django.db.models.deletion
from django.db import migrations, models

from mingjian.people import fences


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0010_second_factors"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="password_set_at_90k",
            field=models.BigIntegerField(null=True),
        ),
        migrations.CreateModel(
            name="FormerPassword",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stored", models.CharField(max_length=256)),
                ("replaced_at_90k", models.BigIntegerField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="former_passwords",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "ordering": ("-replaced_at_90k", "-pk"),
            },
        ),
        fences.fence("people_formerpassword"),
    ]
