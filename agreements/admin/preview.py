"""The public page of an agreement before it is public, as somebody who is not signed in sees it."""

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.loader import render_to_string
from django.urls import path
from django.utils.translation import get_language, override

from agreements import pages
from agreements.admin.acts import SEE, ActViews, act_url, change_url
from agreements.models import Agreement
from agreements.models.moving import MERGED, PUBLISH


class PreviewViews(ActViews):
    def get_urls(self):
        page = self.admin_site.admin_view(self.seen_by_anybody_view)
        return [
            path("<int:pk>/preview/", page, name="agreements_agreement_preview"),
            *super().get_urls(),
        ]

    def seen_by_anybody_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        agreement = self.agreement_for(request, pk, SEE)
        if agreement.merged_into_id:
            return self.back(request, pk, MERGED)
        language = request.GET.get("language", get_language())
        if language not in dict(settings.LANGUAGES):
            raise SuspiciousOperation("No such language")
        banner = self.banner(request, agreement, str(language))
        with override(language):
            response = pages.as_published(request, agreement, banner)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Content-Language"] = language
        return response

    def banner(self, request: HttpRequest, agreement: Agreement, language: str) -> str:
        """In the language of the staff, which need not be that of the page."""
        public = agreement.is_public
        context = {
            "original": agreement,
            "lacking": [] if public else agreement.lacks_for_publishing(),
            "may_publish": not public and request.user.has_perm(PUBLISH),
            "languages": [
                (code, f"{act_url('preview', agreement.pk)}?language={code}", code == language)
                for code, _name in settings.LANGUAGES
            ],
            "change_url": change_url(agreement.pk),
        }
        return render_to_string("admin/agreements/agreement/preview_banner.html", context)
