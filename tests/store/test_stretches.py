"""A long trail is shared with other processes: none is trusted with more than it says, and none ends unnoticed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from intake.security import chain
from intake.store import audit, stretches
from intake.store.stretches import Stretch
from intake.store.trail import AuditError
from tests.builders import AUDIT_KEYS

NOW = datetime(2026, 9, 15, 16, 0, tzinfo=UTC)
COUNT = 30
PARTS = [Stretch(1, 12), Stretch(13, 24), Stretch(25, 30)]
SECONDS = 60  # far more than a process needs to end


@pytest.fixture
def connection(engine, session, monkeypatch):
    """A trail of some lines, long enough to be shared."""
    monkeypatch.setattr(stretches, "WORTH", COUNT)
    monkeypatch.setattr(stretches, "LENGTH", 12)
    for _line in range(COUNT):
        audit.record(session, "test.done", now=NOW)
    session.commit()
    with engine.connect() as opened:
        yield opened


def followed(connection, others=1):
    return list(stretches.follow(connection, chain.START, COUNT, (13,), AUDIT_KEYS, others))


def hires(monkeypatch, begin=lambda helper: None, url=None):
    """Every process that is hired, after something was done to it at its beginning."""
    hired = []

    class Watched(stretches._Helper):
        def __init__(self, address, *given):
            super().__init__(url or address, *given)
            hired.append(self)
            begin(self)

    monkeypatch.setattr(stretches, "_Helper", Watched)
    return hired


def test_a_stretch_says_what_it_is_behind_where_it_ends_and_the_hashes_asked_for(connection):
    one, two, three = (stretches.whole(connection, part, (13, 30), AUDIT_KEYS) for part in PARTS)
    assert one.behind == chain.START
    assert (two.behind, three.behind) == (one.end, two.end)
    assert (sorted(one.hashes), sorted(two.hashes), three.hashes) == ([], [13], {30: three.end.hash})
    assert stretches.whole(connection, Stretch(25, 31), (), AUDIT_KEYS) is None
    assert stretches.whole(connection, Stretch(31, 40), (), AUDIT_KEYS) is None


def test_the_stretches_cover_every_line_once(connection):
    assert stretches._parts(1, COUNT) == PARTS
    assert stretches._parts(13, 24) == PARTS[1:2]


def test_others_take_part_and_are_gone_afterwards(connection, monkeypatch):
    hired = hires(monkeypatch)
    found = followed(connection, others=2)
    assert (found[0].behind, found[-1].end.seq) == (chain.START, COUNT)
    assert [each.end for each in found[:-1]] == [each.behind for each in found[1:]]
    assert len({seq: kept for each in found for seq, kept in each.hashes.items()}) == 1
    assert [helper.process.is_alive() for helper in hired] == [False, False]


@pytest.mark.parametrize(("others", "worth"), [(0, COUNT), (1, COUNT + 1)])
def test_nobody_is_started_for_a_short_trail_or_on_one_processor(connection, monkeypatch, others, worth):
    monkeypatch.setattr(stretches, "WORTH", worth)
    hired = hires(monkeypatch)
    assert followed(connection, others)[-1].end.seq == COUNT
    assert hired == []


def test_one_that_is_killed_is_an_error(connection, monkeypatch):
    hires(monkeypatch, begin=lambda helper: helper.process.kill())
    with pytest.raises(AuditError, match="ended early"):
        followed(connection)


def test_one_that_fails_is_an_error(connection, monkeypatch):
    url = connection.engine.url
    elsewhere = url.set(database=f"{url.database}-gone")
    hires(monkeypatch, url=elsewhere.render_as_string(hide_password=False))
    with pytest.raises(AuditError, match="ended early"):
        followed(connection)


def test_one_that_nobody_listens_to_any_more_ends(connection):
    """As when whoever started it was killed."""
    url = connection.engine.url.render_as_string(hide_password=False)
    helper = stretches._Helper(url, PARTS, (), AUDIT_KEYS)
    helper._pipe.close()
    helper.process.join(SECONDS)
    assert helper.process.exitcode == 1


def test_no_key_stands_on_its_command_line_or_in_its_environment(connection, monkeypatch):
    told = []

    def look(helper):
        assert helper._pipe.poll(SECONDS)  # it has got what it was given, and says something
        place = Path(f"/proc/{helper.process.pid}")
        told.append((place / "cmdline").read_bytes() + (place / "environ").read_bytes())

    hires(monkeypatch, begin=look)
    followed(connection)
    (seen,) = told
    assert b"python" in seen
    for secret in (*AUDIT_KEYS.macs.values(), AUDIT_KEYS.seed):
        assert secret not in seen
        assert secret.hex().encode() not in seen


def test_what_one_says_of_other_lines_than_these_does_not_count(connection, monkeypatch):
    """A stretch that is behind another line is tested again here."""
    said = stretches.Tested(chain.Link(12, bytes(32)), chain.Link(24, bytes(32)), {})
    monkeypatch.setattr(stretches._Helper, "said_of", lambda _self, part: said if part == PARTS[1] else None)
    assert followed(connection)[-1].end.seq == COUNT
    assert said not in followed(connection)
