from django.urls import path, register_converter

from agreements import views
from agreements.references import ALPHABET, LENGTH


class AnyCaseReference:
    """A reference in capitals or small letters; the view leads on to the capitals."""

    regex = f"[Tt][Ww]-[{ALPHABET}{ALPHABET[10:].lower()}]{{{LENGTH}}}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(AnyCaseReference, "reference")

urlpatterns = [
    path("agreements/", views.AgreementList.as_view(), name="agreement-list"),
    path("agreements/<reference:reference>/", views.agreement_detail, name="agreement-detail"),
    path("steps/", views.StepList.as_view(), name="step-list"),
    path("sectors/", views.sector_list, name="sector-list"),
    path("sectors/<slug:slug>/", views.sector_detail, name="sector-detail"),
]

# A file has one address, whatever the language of the page that leads to it.
files = [
    # By checksum: numbers that count up would tell of documents that nobody may see yet.
    path(
        "documents/<reference:reference>/<slug:checksum>/",
        views.document_file,
        name="document-file",
    ),
]
