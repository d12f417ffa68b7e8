"""The database keeps for itself what lists count by, whatever is written and in whatever order."""

import random

import pytest
from django.core.management import call_command
from django.db import connection

from agreements import spans
from agreements.models import Agreement, Citation, Document, Party, Source, Span, StatusChange
from agreements.models.spans import FOREVER
from cities.models import Place
from tests.factories import (
    AgreementFactory,
    CitationFactory,
    DocumentFactory,
    PlaceFactory,
    SectorFactory,
    SourceFactory,
    a_file,
    on,
)

pytestmark = pytest.mark.django_db
KEPT = [field.name for field in Span._meta.concrete_fields]


def kept() -> set[tuple]:
    return set(Span.objects.values_list(*KEPT))


def true() -> set[tuple]:
    """What every span should be, as Python tells it from the rows themselves."""
    joined = ("steps", "parties__place", "citations__source", "documents", "sectors")
    return {row for tie in Agreement.objects.prefetch_related(*joined) for row in spans_of(tie)}


def spans_of(tie: Agreement):
    places = [party.place for party in tie.parties.all()]
    codes = sorted({place.country_code for place in places} - {""})
    keys = sorted(sector.pk for sector in tie.sectors.all())
    known = {
        "agreement_id": tie.pk,
        **{name: getattr(tie, name) for name in ("reference", *spans.OWN, "decade", "evidence")},
        "countries": "".join(f" {code}" for code in codes) + (" " if codes else ""),
        "sectors": "".join(f" {key}" for key in keys) + (" " if keys else ""),
        "name": (tie.folded if tie.title else "".join(place.folded for place in places))[:200],
    }
    steps = list(tie.steps.all())
    ends = [step.effective_from for step in steps[1:]] + [FOREVER]
    for step, until in zip(steps, ends, strict=True):
        of_step = {
            "sequence": step.sequence,
            "status": step.to_status,
            "happened_on": str(step.happened_on or ""),
            "from_day": step.effective_from,
            "until_day": until,
        }
        yield tuple({**known, **of_step}[name] for name in KEPT)


def test_each_step_ends_the_span_before_it():
    tie = AgreementFactory(happened_on="2010")
    tie.move("draft", by=None, happened_on=on("2015-03"))
    first, second = Span.objects.order_by("sequence")
    assert (first.status, str(first.until_day)) == ("proposed", "2015-03-01")
    assert (second.status, second.until_day) == ("drafted", FOREVER)
    assert kept() == true()


@pytest.mark.parametrize(
    ("opening", "decade"),
    [
        ({"status": "signed", "happened_on": "1999-12"}, "1990"),
        ({"status": "signed", "happened_on": None}, "unknown"),
        ({"status": "signed", "on_record_by": "1999"}, "unknown"),
        ({"status": "ended", "happened_on": "2001"}, "unknown"),
        ({"status": "drafted", "happened_on": "2001"}, ""),
    ],
)
def test_the_decade_is_that_of_the_signing(opening, decade):
    tie = AgreementFactory(**opening)
    assert (Span.objects.get().decade, tie.decade) == (decade, decade)


def test_what_is_signed_again_keeps_its_first_decade():
    tie = AgreementFactory(status="signed", happened_on="1985", public=True)
    tie.move("suspend", by=None, happened_on=on("1999"))
    tie.move("reinstate", by=None, happened_on=on("2003"))
    assert set(Span.objects.values_list("decade", flat=True)) == {"1980"}


ACTS = {
    "publish": lambda tie, lots: Agreement.objects.filter(pk=tie.pk).update(visibility="public"),
    "hide": lambda tie, lots: Agreement.objects.filter(pk=tie.pk).update(visibility="internal"),
    "rename": lambda tie, lots: Agreement.objects.filter(pk=tie.pk).update(
        title=lots.choice(["", "Charter", "Ҳамкорӣ"])
    ),
    "classify": lambda tie, lots: Agreement.objects.filter(pk=tie.pk).update(
        kind=lots.choice(Agreement.Kind.values)
    ),
    "term": lambda tie, lots: Agreement.objects.filter(pk=tie.pk).update(
        starts_on=lots.choice([None, on("2001")]), expires_on=lots.choice([None, on("2030-05")])
    ),
    "move": lambda tie, lots: move(tie),
    "cite": lambda tie, lots: CitationFactory(agreement=tie, source=drawn(Source, lots)),
    "cite for this": lambda tie, lots: Citation.objects.filter(step=None).update(agreement=tie),
    "cite another": lambda tie, lots: tie.citations.update(source=drawn(Source, lots)),
    "speak": lambda tie, lots: Source.objects.filter(pk=drawn(Source, lots).pk).update(
        speaks_for=lots.choice([None, drawn(Place, lots)])
    ),
    "forget": lambda tie, lots: tie.citations.filter(step=None).delete(),
    "file": lambda tie, lots: DocumentFactory(agreement=tie, file=a_file()),
    "link": lambda tie, lots: Document.objects.filter(agreement=tie).update(
        file="", sha256="", url="https://example.org/"
    ),
    "lose": lambda tie, lots: tie.documents.all().delete(),
    "seat": lambda tie, lots: seat(tie, lots),
    "reseat": lambda tie, lots: tie.parties.filter(position=2).update(place=free(tie, lots)),
    "leave": lambda tie, lots: tie.parties.filter(position__gt=2).delete(),
    "settle": lambda tie, lots: Place.objects.filter(pk=drawn(Place, lots).pk).update(
        country_code=lots.choice(["", "IR", "TJ", "FR"])
    ),
    "call": lambda tie, lots: Place.objects.filter(pk=drawn(Place, lots).pk).update(
        name=lots.choice(["Khujand", "Qazvin", "خجند"])
    ),
    "field": lambda tie, lots: tie.sectors.set(
        lots.sample(list(tie.sectors.model.objects.all()), lots.randint(0, 3))
    ),
    "delete": lambda tie, lots: delete(tie),
}


def drawn(model, lots: random.Random):
    return lots.choice(list(model.objects.order_by("pk")))


def free(tie: Agreement, lots: random.Random) -> Place:
    return lots.choice(list(Place.objects.exclude(seats__agreement=tie).order_by("pk")))


def seat(tie: Agreement, lots: random.Random) -> None:
    position = 1 + max(party.position for party in tie.parties.all())
    Party.objects.create(agreement=tie, place=free(tie, lots), position=position)


def move(tie: Agreement) -> None:
    if tie.status == "proposed":
        tie.move("draft", by=None, happened_on=on("2026"))


def delete(tie: Agreement) -> None:
    Agreement.objects.filter(pk=tie.pk).update(visibility="internal")
    Agreement.objects.get(pk=tie.pk).delete()


def a_register() -> None:
    for at in range(12):
        PlaceFactory(country_code=("TJ", "IR", "DE", "")[at % 4])
    SectorFactory.create_batch(4)
    for at in range(4):
        SourceFactory(speaks_for=Place.objects.order_by("pk")[at] if at else None)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_done_in_whatever_order_the_spans_are_true(seed, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    a_register()
    lots = random.Random(seed)  # noqa: S311
    for number in range(100):
        if number < 5 or Agreement.objects.count() < 3:
            what = "record"
            parties = lots.sample(list(Place.objects.order_by("pk")), 2)
            AgreementFactory(
                status=lots.choice(["proposed", "signed"]),
                parties=parties,
                sources=[drawn(Source, lots)],
            )
        else:
            what = lots.choice(list(ACTS))
            ACTS[what](Agreement.objects.get(pk=drawn(Agreement, lots).pk), lots)
        assert kept() == true(), what


def test_every_write_that_changes_a_span_is_one_of_those_tried():
    tables = {keeping.table for keeping in spans.upkeep(connection.vendor)}
    tried = (Agreement, StatusChange, Party, Citation, Document, Source, Place)
    assert tables == {
        *(model._meta.db_table for model in tried),
        Agreement.sectors.through._meta.db_table,
    }


def test_rebuilding_the_search_writes_them_anew():
    AgreementFactory(public=True)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM agreements_span")
    call_command("rebuild_search", verbosity=0)
    assert kept() == true() != set()
