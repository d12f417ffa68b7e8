"""The admin's sign-in, and what of accounts and second factors is seen in it."""

import logging

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.admin import AccountAdmin
from twinning import account_views
from twinning.factors import remove_factors

logger = logging.getLogger(__name__)

# Addresses are those of the accounts; and nobody reads or writes another's secrets.
admin.site.unregister([EmailAddress, Authenticator, User])
admin.site.login = account_views.admin_login  # type: ignore[method-assign]
admin.site.password_change = account_views.admin_password_change  # type: ignore[assignment, method-assign]


class RemovalForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text=_(
            "How you know who asks, and what was lost. It stays in the history of the account."
        ),
    )


def said_of(authenticator: Authenticator) -> str:
    kinds = {"totp": gettext("Authenticator app"), "recovery_codes": gettext("Recovery codes")}
    name = kinds.get(authenticator.type) or gettext("Key: %s") % authenticator
    day = date_format(timezone.localtime(authenticator.created_at), "SHORT_DATE_FORMAT")
    return f"{name} ({day})"


@admin.register(User)
class AccountsAdmin(AccountAdmin):
    """Accounts with their second factors, which a superuser removes when they are lost."""

    readonly_fields = [*AccountAdmin.readonly_fields, "second_factor"]  # type: ignore[assignment]

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None:
            return fieldsets
        return [*fieldsets, (_("Second factor"), {"fields": ("second_factor",)})]

    @admin.display(description=_("Second factor"))
    def second_factor(self, account: User) -> str:
        found = Authenticator.objects.filter(user=account).order_by("pk")
        if not found:
            return gettext("None is set up.")
        return format_html(
            '{}<br><a href="{}">{}</a>',
            format_html_join(mark_safe("<br>"), "{}", ((said_of(one),) for one in found)),
            reverse("admin:auth_user_second_factor", args=[account.pk]),
            gettext("Remove the second factor"),
        )

    def get_urls(self):
        view = self.admin_site.admin_view(self.removal_view)
        name = "auth_user_second_factor"
        return [path("<int:pk>/second-factor/", view, name=name), *super().get_urls()]

    def removal_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        account = get_object_or_404(User, pk=pk)
        form = RemovalForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            self.remove(request, account, form.cleaned_data["reason"])
            return HttpResponseRedirect(reverse("admin:auth_user_change", args=[pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Remove the second factor"),
            "account": account,
            "has_any": Authenticator.objects.filter(user=account).exists(),
            "form": form,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/auth/user/second_factor.html", context)

    def remove(self, request: HttpRequest, account: User, reason: str) -> None:
        with transaction.atomic():
            if not remove_factors(account):
                messages.warning(request, gettext("There was none to remove."))
                return
            said = gettext("Second factor removed: %s") % reason
            self.log_change(request, account, said)
        logger.warning("Account %s removed the second factor of %s", request.user.pk, account.pk)
        letter = "mfa/email/removed_by_administrator"
        by = {"by": request.user.get_username()}
        get_adapter().send_notification_mail(letter, account, by)
        messages.success(request, gettext("The second factor is removed."))
