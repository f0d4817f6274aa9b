"""What people type: to sign in, to change a password, to open an account, to appoint and to say why."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mingjian.base import ticks
from mingjian.people import password_rules, texts
from mingjian.people.accounts import REASON_CHARACTERS
from mingjian.people.appointing import DOCUMENT_CHARACTERS
from mingjian.people.models import Body
from mingjian.people.passkeys import LONGEST_ANSWER
from mingjian.people.password_rules import PasswordRules
from mingjian.people.passwords import LONGEST, SHORTEST, PasswordError
from mingjian.people.posts import post_name
from mingjian.people.usecases import NAME_CHARACTERS, USERNAME_CHARACTERS
from mingjian.regulation.posts import Post

_SEPARATOR = "|"


class LineField(forms.CharField):
    """One line of text without anything invisible in it."""

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if texts.has_invisible(cleaned):
            raise ValidationError(_("含有看不见的控制字符。请重新输入，不要粘贴带格式的文字。"))
        return cleaned


class NameField(LineField):
    """A name, which may end up in other people's tables: nothing that a spreadsheet works out."""

    def to_python(self, value: Any) -> Any:
        if texts.begins_formula(str(value or "")):
            raise ValidationError(_("不能以 = + - @ 或制表符开头，表格软件会当作公式执行。请改为普通文字。"))
        return super().to_python(value)


class SignInForm(forms.Form):
    """User name and password; bounded, compared elsewhere."""

    username = forms.CharField(
        label=_("用户名"),
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("密码"),
        max_length=LONGEST,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


_ASKED_BY_ASVS = _("至少 10 个字符，不含用户名，不是常见密码。几个不相干的词连起来，比带符号的短密码更好记也更安全。")
_ASKED_BY_GB = _(
    "至少 10 个字符，含大写字母、小写字母、数字、其他符号中的三类；不含用户名，不是常见密码，也不是最近用过的。"
)
_REFUSED_PASSWORDS = {
    "people.short_password": _("太短，或含有用户名。请使用至少 10 个字符、不含用户名的密码。"),
    "people.password_common": _("这个密码太常见，最先被人试到。请换几个不相干的词，不要只加数字或年份。"),
    "people.password_kinds": _("大写字母、小写字母、数字、其他符号中至少要有三类。请补上缺少的。"),
}


class OwnPasswordForm(forms.Form):
    """The old password, and the new one twice."""

    old = forms.CharField(
        label=_("现在的密码"),
        max_length=LONGEST,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("新密码"),
        min_length=SHORTEST,
        max_length=LONGEST,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("再输一次新密码"),
        max_length=LONGEST,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, username: str, rules: PasswordRules, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._username, self._rules = username, rules
        self.fields["new"].help_text = _ASKED_BY_GB if rules.kinds else _ASKED_BY_ASVS

    def clean_new(self) -> str:
        """Return the new password if it may be this person's."""
        new = str(self.cleaned_data["new"])
        try:
            password_rules.check(new, username=self._username, rules=self._rules)
        except PasswordError as error:
            raise ValidationError(_REFUSED_PASSWORDS[error.code]) from error
        return new

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "new" in cleaned and cleaned.get("again") != cleaned["new"]:
            self.add_error("again", _("两次输入的新密码不一样。"))
        return cleaned


class PersonForm(forms.Form):
    """Whose account it is."""

    username = NameField(
        label=_("用户名"),
        max_length=USERNAME_CHARACTERS,
        help_text=_("用于登录，一般用工号或学号；以后不能更改。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    display_name = NameField(
        label=_("姓名"), max_length=NAME_CHARACTERS, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class ReasonForm(forms.Form):
    """Why an account or an appointment changes; it is in the ledger for ever."""

    reason = LineField(label=_("事由"), max_length=REASON_CHARACTERS)


class TableForm(forms.Form):
    """A table to import."""

    table = forms.FileField(
        label=_("表格文件"),
        help_text=_("CSV（UTF-8 或 GB18030）或 XLSX，第一行是标题。"),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        error_messages={"required": _("请选择一个文件。"), "empty": _("文件是空的。请重新选择。")},
    )


class AppointForm(forms.Form):
    """Which post from when to when, and the paper it rests on."""

    what = forms.ChoiceField(label=_("职务"))
    document = LineField(
        label=_("任命文件"), max_length=DOCUMENT_CHARACTERS, help_text=_("文号或文件名称，例如“保卫处〔2026〕12号”。")
    )
    since = forms.DateField(
        label=_("自"), required=False, widget=forms.DateInput(attrs={"type": "date"}), help_text=_("不填即自现在起。")
    )
    until = forms.DateField(
        label=_("至"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("含当日；不填即无期限。代理职务请填写。"),
    )

    def __init__(self, *args: Any, posts: list[tuple[Body, list[Post]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["what"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        grouped = [
            (body.label, [(f"{body.pk}{_SEPARATOR}{post.value}", post_name(post, tier=body.tier)) for post in given])
            for body, given in posts
        ]
        field.choices = [("", _("请选择机构和职务")), *grouped]

    def clean_what(self) -> tuple[str, Post]:
        """Return the body's code and the post."""
        body, _sep, post = str(self.cleaned_data["what"]).partition(_SEPARATOR)
        return body, Post(post)

    def clean_since(self) -> int | None:
        """Return the first instant of the day, None for now."""
        day: date | None = self.cleaned_data["since"]
        return None if day is None else ticks.midnight(day)

    def clean_until(self) -> int | None:
        """Return the first instant after the day, None for ever."""
        day: date | None = self.cleaned_data["until"]
        return None if day is None else ticks.midnight(day + timedelta(days=1))


class FactorForm(forms.Form):
    """A new second factor's name, and the first code of an app or the answer that a browser gave for a passkey."""

    name = LineField(label=_("名称"), max_length=64, help_text=_("自己认得出的名称，如“值班手机”“蓝色密钥”。"))
    code = forms.CharField(
        label=_("应用显示的六位验证码"),
        max_length=16,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )
    answer = forms.CharField(max_length=LONGEST_ANSWER, required=False, widget=forms.HiddenInput())
