import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0006_accounts"),
    ]

    operations = [
        migrations.AddField(
            model_name="appointment",
            name="withheld_at_90k",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="appointment",
            name="withheld_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
            ),
        ),
        migrations.AddField(
            model_name="appointment",
            name="confirmed_at_90k",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="appointment",
            name="confirmed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True)
                | (~Q(confirmed_by=F("person")) & (Q(withheld_by__isnull=True) | ~Q(confirmed_by=F("withheld_by")))),
                name="people_appointment_confirmed_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=Q(confirmed_at_90k__isnull=True) | Q(confirmed_at_90k__gte=F("withheld_at_90k")),
                name="people_appointment_confirmed_after_gift",
            ),
        ),
    ]
