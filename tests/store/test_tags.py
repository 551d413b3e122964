"""Every column says what it holds, and what it holds about a patient is sealed."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from intake.forms import reader
from intake.forms.model import Tier
from intake.store import tags
from intake.store.schema import metadata
from intake.store.sealing import SEALED, sealed
from intake.store.signatures import Signature


def test_every_column_is_tagged_and_every_column_about_a_patient_is_sealed():
    assert list(tags.faults(metadata)) == []


def test_no_tag_is_given_twice():
    named = [column for columns in tags.TAGS["notes"].values() for column in columns.split()]
    assert len(named) == len(set(named))


@pytest.mark.parametrize(
    ("name", "column", "fault"),
    [
        ("notes", sa.Column("mood", sa.Text), "notes.mood has no tag"),
        ("signatures", sa.Column("content", sa.Text), "signatures.content is about a patient and not sealed"),
        ("signatures", sa.Column("content", sa.LargeBinary), "signatures.content is about a patient and not sealed"),
        ("signatures", sealed("care", "content").column, "signatures.content is tagged sensitive and sealed as care"),
        ("moods", sa.Column("mood", sa.Text), "moods.mood has no tag"),
    ],
)
def test_a_column_that_is_untagged_or_not_sealed_is_noticed(name, column, fault):
    planted = sa.MetaData()
    sa.Table(name, planted, column)
    assert fault in list(tags.faults(planted))


def test_a_tag_without_its_column_is_noticed():
    planted = sa.MetaData()
    sa.Table("instance", planted, sa.Column("id", sa.Integer))
    assert list(tags.faults(planted)) == ["instance.number has a tag and is not there"]


def test_a_signed_note_is_sealed_as_high_as_the_highest_question_it_can_hold():
    """A form for notes with a higher question needs a higher compartment first."""
    (column,) = [column for column in Signature.__table__.columns if SEALED in column.info]
    tiers = {q.tier for name, version in reader.published() if name == "evaluation" for q in every(name, version)}
    assert max(tiers, key=lambda tier: tier.rank) is Tier(column.info[SEALED])


def every(name, version):
    for question in reader.load(name, version).questions():
        yield from (question, *question.questions, *question.columns)
