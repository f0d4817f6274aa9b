"""One's own second factors, and the page that asks for one."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from mingjian.base.clock import SystemClock
from mingjian.grants import sealing
from mingjian.grants.sealing import SealingError
from mingjian.people import factors, proving, telling, totp
from mingjian.people.arriving import safe_next
from mingjian.people.capacity import Acting
from mingjian.people.factors import FactorError
from mingjian.people.forms import FactorForm
from mingjian.people.models import SecondFactor, WebSession

_CLOCK = SystemClock()
_NEW_SECRET = "new_second_factor"  # noqa: S105 - the name of a field


def own_factors(request: HttpRequest, *, acting: Acting) -> HttpResponse:
    """List one's own second factors."""
    mine = list(factors.standing(acting.person))
    return render(
        request,
        "people/factors.html",
        {
            "factors": mine,
            "takes_passkeys": proving.site_of(request).takes_passkeys,
            "is_demanded": proving.is_demanded(acting),
            "is_full": len(mine) >= factors.MOST,
        },
    )


def add_app(request: HttpRequest, *, acting: Acting) -> HttpResponse:
    """Show a fresh secret as a picture, and add the app once its first code is right."""
    form = FactorForm(request.POST or None, initial={"name": _("手机验证应用")})
    secret = _pending_secret(request, acting) if request.method == "POST" else None
    if secret is None:
        return _app_page(request, acting, form=FactorForm(initial={"name": _("手机验证应用")}), secret=None, status=200)
    if not form.is_valid():
        return _app_page(request, acting, form=form, secret=secret, status=400)
    try:
        made = factors.add_app(
            acting=acting,
            session=_own(request),
            secret=secret,
            name=form.cleaned_data["name"],
            code=form.cleaned_data["code"],
            clock=_CLOCK,
        )
    except FactorError as error:
        if error.code != "people.factor_wrong":
            raise
        form.add_error("code", _("验证码不对。请等应用换成下一个再输入；总是不对的，请核对手机的时间。"))
        return _app_page(request, acting, form=form, secret=secret, status=400)
    del request.session[_NEW_SECRET]
    return _added(request, made)


def add_passkey(request: HttpRequest, *, acting: Acting) -> HttpResponse:
    """Have the browser make a passkey for this site, and add it."""
    site = proving.site_of(request)
    form = FactorForm(request.POST or None, initial={"name": _("安全密钥")})
    if request.method == "POST" and form.is_valid():
        try:
            made = factors.add_passkey(
                acting=acting,
                session=_own(request),
                site=site,
                state=proving.take_state(request),
                name=form.cleaned_data["name"],
                answer=form.cleaned_data["answer"],
                clock=_CLOCK,
            )
        except FactorError as error:
            if error.code not in {"people.factor_wrong", "people.factor_known"}:
                raise
            form.add_error("name", _("没有得到有效的安全密钥。请插好密钥（或确认本机可用指纹、面容）后再试。"))
        else:
            return _added(request, made)
    question = factors.ask_for_passkey(acting=acting, site=site)
    proving.keep_state(request, question.state)
    return render(
        request,
        "people/add_passkey.html",
        {"form": form, "question": question.options, "takes_passkeys": site.takes_passkeys},
        status=400 if request.method == "POST" else 200,
    )


def remove(request: HttpRequest, *, acting: Acting, factor_id: str) -> HttpResponse:
    """Remove one of one's own second factors."""
    removed = factors.remove(acting=acting, factor_id=factor_id, clock=_CLOCK)
    telling.done(request, _("已移除“%(name)s”。") % {"name": removed.name})
    return HttpResponseRedirect(reverse("own_factors"))


def prove(request: HttpRequest, *, acting: Acting) -> HttpResponse:
    """Ask for a second factor, and go on to the page that wanted it."""
    wanted = safe_next(request, request.POST.get("next") or request.GET.get("next") or "")
    if request.method != "POST":
        return proving.page(request, wanted=wanted)
    try:
        proving.take(request)
    except FactorError as error:
        return proving.page(request, status=403, refused=error.code, wanted=wanted)
    return HttpResponseRedirect(wanted)


def _app_page(
    request: HttpRequest, acting: Acting, *, form: FactorForm, secret: str | None, status: int
) -> HttpResponse:
    if secret is None:
        secret = totp.new_secret()
        request.session[_NEW_SECRET] = sealing.seal(secret, key=_key(), context=_context(acting))
    address = totp.address(secret=secret, username=acting.person.username)
    groups = [secret[at : at + 4] for at in range(0, len(secret), 4)]
    return render(
        request,
        "people/add_app.html",
        # The picture is drawn from our own words and the secret; nothing that anybody typed stands in its markup.
        {"form": form, "picture": mark_safe(totp.picture(address)), "secret": " ".join(groups)},  # noqa: S308
        status=status,
    )


def _pending_secret(request: HttpRequest, acting: Acting) -> str | None:
    sealed = request.session.get(_NEW_SECRET)
    try:
        return sealing.unseal(sealed, key=_key(), context=_context(acting)) if isinstance(sealed, str) else None
    except SealingError:
        return None


def _added(request: HttpRequest, made: SecondFactor) -> HttpResponse:
    telling.done(request, _("已添加“%(name)s”。建议再添加一个备用，以免遗失后无法办理。") % {"name": made.name})
    return HttpResponseRedirect(reverse("own_factors"))


def _key() -> bytes:
    return sealing.load_key(settings.HOME)


def _context(acting: Acting) -> str:
    return f"new-second-factor:{acting.person.pk}"


def _own(request: HttpRequest) -> WebSession:
    return proving.signed_in(request).session
