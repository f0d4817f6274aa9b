"""What people fill in about points."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingjian.people import queries as people
from mingjian.registry.models import NAME_CHARACTERS


class MoveForm(forms.Form):
    """Where a point goes. The owner may stay empty."""

    campus = forms.ChoiceField(label=_("新校区"))
    building = forms.CharField(label=_("新楼宇"), max_length=NAME_CHARACTERS)
    owner = forms.ChoiceField(label=_("新责任机构"), required=False)

    def __init__(self, *arguments: Any, leaving: str, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["campus"].choices = [  # type: ignore[attr-defined]  # a ChoiceField, declared above
            (campus.pk, campus.label) for campus in people.campuses().exclude(pk=leaving)
        ]
        self.fields["owner"].choices = [  # type: ignore[attr-defined]  # as above
            ("", _("按系统类别确定")),
            *((body.code, body.label) for body in people.bodies().filter(tier__gt=1)),
        ]
