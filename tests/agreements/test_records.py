"""What cannot be true of an agreement and what hangs on it: told at the form, refused below it."""

import hashlib
import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError

from agreements.models import Agreement, Approval, Citation, Document, Signature
from agreements.models.bulk import publish_many
from tests.factories import (
    AgreementFactory,
    ApprovalFactory,
    CitationFactory,
    DocumentFactory,
    EventFactory,
    PartyFactory,
    PlaceFactory,
    RelationFactory,
    SectorFactory,
    SignatureFactory,
    SourceFactory,
    a_file,
    on,
)

pytestmark = pytest.mark.django_db


def told(row) -> str:
    """What the form would say."""
    with pytest.raises(ValidationError) as refusal:
        row.full_clean()
    return " ".join(refusal.value.messages)


def refused_below(act, *args, **kwargs):
    with pytest.raises(IntegrityError), transaction.atomic():
        act(*args, **kwargs)


def impossible(factory, match: str, **fields):
    """The row is told at the form, and the database refuses it without one."""
    assert match in told(factory.build(**fields))
    refused_below(factory, **fields)


def test_an_agreement_does_not_expire_before_it_begins():
    agreement = AgreementFactory()
    agreement.starts_on, agreement.expires_on = on("2025-05"), on("2024")
    assert "expire before" in told(agreement)
    refused_below(agreement.save)


def test_an_agreement_may_begin_and_expire_in_one_year():
    agreement = AgreementFactory(starts_on=on("2025"), expires_on=on("2025-05"))
    agreement.full_clean()


@pytest.mark.parametrize(("field", "value"), [("status", "ratified"), ("visibility", "secret")])
def test_the_database_knows_the_statuses_and_visibilities(field, value):
    AgreementFactory()
    refused_below(models.QuerySet(Agreement).update, **{field: value})


def test_a_place_is_a_party_once():
    party = AgreementFactory().parties.first()
    impossible(PartyFactory, "only once", agreement=party.agreement, place=party.place)


def test_a_place_that_is_a_party_is_not_deleted():
    party = AgreementFactory().parties.first()
    with pytest.raises(ProtectedError):
        party.place.delete()


@pytest.mark.parametrize("factory", [ApprovalFactory, SignatureFactory])
def test_a_party_of_another_agreement_neither_approves_nor_signs(factory):
    here, elsewhere = AgreementFactory(), AgreementFactory()
    stranger = elsewhere.parties.first()
    impossible(factory, "another agreement", agreement=here, party=stranger)


@pytest.mark.parametrize("model", [Approval, Signature])
def test_a_row_is_not_turned_to_a_party_of_another_agreement(model):
    factory = {Approval: ApprovalFactory, Signature: SignatureFactory}[model]
    row, stranger = factory(), AgreementFactory().parties.first()
    refused_below(models.QuerySet(model).filter(pk=row.pk).update, party=stranger)


def test_a_source_speaks_of_a_step_an_approval_or_an_event_not_of_two():
    agreement = AgreementFactory()
    two = {"step": agreement.steps.get(), "approval": ApprovalFactory(agreement=agreement)}
    source = SourceFactory()
    impossible(CitationFactory, "Choose one", agreement=agreement, source=source, **two)


def test_a_source_of_this_agreement_does_not_support_a_step_of_another():
    step = AgreementFactory().steps.get()
    given = {"agreement": AgreementFactory(), "source": SourceFactory(), "step": step}
    impossible(CitationFactory, "another agreement", **given)


def test_a_source_of_this_agreement_does_not_support_an_approval_of_another():
    given = {"agreement": AgreementFactory(), "source": SourceFactory()}
    impossible(CitationFactory, "another agreement", **given, approval=ApprovalFactory())


def test_a_source_is_not_turned_to_a_step_of_another_agreement():
    citation, step = CitationFactory(), AgreementFactory().steps.get()
    refused_below(models.QuerySet(Citation).filter(pk=citation.pk).update, step=step)


def test_a_source_of_an_event_belongs_to_an_agreement_of_the_event():
    agreement, event = AgreementFactory(), EventFactory()
    citation = CitationFactory.build(agreement=agreement, source=SourceFactory(), event=event)
    assert "not one of this agreement" in told(citation)
    event.agreements.add(agreement)
    citation.full_clean()


def test_a_source_that_is_cited_is_not_deleted():
    with pytest.raises(ProtectedError):
        CitationFactory().source.delete()


def test_a_document_is_a_file_or_a_link():
    impossible(DocumentFactory, "file or a link", agreement=AgreementFactory(), url="")


def test_an_agreement_is_not_related_to_itself():
    agreement = AgreementFactory()
    ends = {"from_agreement": agreement, "to_agreement": agreement}
    impossible(RelationFactory, "not related to itself", **ends)


def test_a_relation_is_recorded_once():
    first = RelationFactory()
    ends = {"from_agreement": first.from_agreement, "to_agreement": first.to_agreement}
    impossible(RelationFactory, "on record already", **ends)
    RelationFactory(**ends, kind="replaces")


def test_a_sector_has_one_name_and_one_address():
    sector = SectorFactory(name="Culture", slug="culture")
    impossible(SectorFactory, "already exists", name="Culture")
    impossible(SectorFactory, "already exists", slug="culture")
    assert sector.get_absolute_url() == "/sectors/culture/"


def test_two_sources_of_one_publisher_and_day_get_keys_of_their_own():
    keys = [SourceFactory(published_on="2025-05-14").key for _ in range(3)]
    assert keys == ["asia-plus-2025-05-14", "asia-plus-2025-05-14-2", "asia-plus-2025-05-14-3"]


def test_an_agreement_without_a_title_is_called_by_its_parties(qazvin, khujand):
    agreement = AgreementFactory(parties=[qazvin, khujand])
    assert agreement.name == "Qazvin – Khujand"
    assert AgreementFactory(title="Treaty of friendship").name == "Treaty of friendship"
    bare = AgreementFactory(parties=[])
    assert bare.name == bare.reference


# --- Files --------------------------------------------------------------------------------


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def test_a_file_is_kept_under_its_checksum_not_under_the_name_it_came_with(media):
    document = DocumentFactory(file=a_file(b"the text", name="private letter of mine.TXT"))
    assert document.sha256 == hashlib.sha256(b"the text").hexdigest()
    assert re.fullmatch(rf"documents/{document.sha256[:32]}-[0-9a-f]{{8}}\.txt", document.file.name)
    assert Document.objects.get().file.read() == b"the text"


@pytest.mark.parametrize("name", ["page.html", "picture.svg", "tool.exe", "none"])
def test_a_file_that_a_browser_might_run_is_refused(name):
    document = DocumentFactory.build(agreement=AgreementFactory(), file=a_file(name=name))
    assert "not allowed" in told(document)


def test_a_file_that_is_too_large_is_refused(settings):
    settings.DOCUMENT_MAX_BYTES = 2**20
    large = a_file(b"x" * (2**20 + 1))
    assert "larger than 1 MB" in told(
        DocumentFactory.build(agreement=AgreementFactory(), file=large)
    )


# --- Finding ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words", ["khujand", "Хуҷанд", "Худжанд", "خجند", "leninabad qazvin", "TW-25QZ", "tw-25qz"]
)
def test_an_agreement_is_found_by_any_name_of_its_parties_and_by_its_reference(
    words, qazvin, khujand
):
    agreement = AgreementFactory(parties=[qazvin, khujand], reference="TW-25QZKH")
    AgreementFactory()
    assert list(Agreement.objects.search(words)) == [agreement]


@pytest.mark.parametrize("words", ["istaravshan", "khujand istaravshan", "", "  ", "–"])
def test_what_is_not_there_is_not_found(words, qazvin, khujand):
    AgreementFactory(parties=[qazvin, khujand])
    assert not Agreement.objects.search(words).exists()


@pytest.mark.parametrize("key", ["khujand", "Q373808"])
def test_the_agreements_of_a_place_are_those_it_is_itself_a_party_to(key, qazvin, khujand):
    agreement = AgreementFactory(parties=[qazvin, khujand])
    AgreementFactory(parties=[qazvin, khujand.parent])
    assert list(Agreement.objects.of_place(key)) == [agreement]


def test_the_agreements_of_a_country_are_its_own_and_its_cities(qazvin, khujand):
    agreements = [
        AgreementFactory(parties=[qazvin, khujand]),
        AgreementFactory(parties=[khujand.parent, PlaceFactory()]),
    ]
    AgreementFactory()
    assert set(Agreement.objects.of_country("TJ")) == set(agreements)


def test_the_latest_come_first_and_those_of_unknown_day_last():
    wanted = [AgreementFactory(happened_on=day) for day in ("2025-05-10", "2025-05", "2024")]
    unknown = AgreementFactory(on_record_by="2016")
    assert list(Agreement.objects.newest_first()) == [*wanted, unknown]


def test_publishing_many_leaves_the_sectors_in_the_history():
    bare, with_sector = (AgreementFactory(status="signed", sources=[SourceFactory()]) for _ in "ab")
    with_sector.sectors.add(SectorFactory(name="Culture"))
    tie = Agreement.objects.get(pk=with_sector.pk)
    publish_many([bare, tie], by=None)
    latest = tie.history.latest()
    assert latest.visibility == "public"
    assert [row.sector.name for row in latest.sectors.all()] == ["Culture"]
    assert all(one.is_public for one in Agreement.objects.all())


def test_what_was_decided_on_a_day_is_not_pending():
    approval = ApprovalFactory(outcome="approved", decided_on=on("2026-05"))
    approval.full_clean()
    approval.outcome = "pending"
    assert "Say what was decided" in told(approval)
