"""Every code in the trail has words, and an accounting keeps apart what left the clinic and what stayed inside."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from intake.clinical import acts
from intake.clinical.acts import KIND_OF, KINDS, WORDS, Kind
from intake.security.limits import LIMITS, Beyond
from intake.security.policy import TIERS
from intake.web.guard import LOGGED_READS

NOW = datetime(2026, 9, 15, 16, 0, tzinfo=UTC)
INTAKE = Path(acts.__file__).parents[1]
# Made of a beginning and something that is known only later.
BUILT = {
    *(f"read.{permission}" for permission in LOGGED_READS),
    *(f"alert.{bucket}" for bucket, limit in LIMITS.items() if limit.beyond is not Beyond.REFUSED),
    *(f"flag.{answer}" for answer in ("read", "mistake")),
}
# Handed to `record` under a name, by functions of these modules.
NAMED = {"clock.regression", "audit.verified", "demo.loaded", "account.password-accepted"}


def codes(source):
    """The constants handed to a function called record, line, _line, _told … as the name of an act."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            for value in node.args[:2] if "record" in name or name in {"_told", "_line", "_note"} else ():
                if isinstance(value, ast.Constant) and isinstance(value.value, str) and "." in value.value:
                    yield value.value


def recorded():
    return {code for path in INTAKE.rglob("*.py") for code in codes(path.read_text(encoding="utf-8"))}


def test_every_act_of_the_program_has_words():
    found = recorded()
    assert len(found) > 60
    assert (found | BUILT | NAMED) - set(KIND_OF) == set()


def test_an_act_without_words_would_be_noticed_and_shows_as_its_code():
    planted = 'audit.record(session, "record.handed-over", now=now)'
    assert set(codes(planted)) - set(KIND_OF) == {"record.handed-over"}
    assert acts.words("record.handed-over") == "record.handed-over"


def test_every_kind_has_a_name_and_no_code_stands_in_two():
    assert [kind for kind, _name in KINDS] == list(Kind)
    assert sum(len(codes) for codes in WORDS.values()) == len(KIND_OF)
    assert acts.words("read.read-chart") == "Opened the chart"


@dataclass(frozen=True)
class Line:
    action: str
    actor_id: str = "ada"
    outcome: str = "done"
    actor_kind: str = "user"
    categories: str = ""
    at: datetime = NOW


def account(*lines):
    return acts.accounting(lines, TIERS)


@pytest.mark.parametrize(
    ("action", "place"),
    [("read.export-note", "disclosed"), ("plan.issued", "given"), ("read.read-document", "given"),
     ("emergency.opened", "emergencies")],
)  # fmt: skip
def test_each_act_stands_in_its_list_and_in_no_other(action, place):
    found = account(Line(action))
    assert {name for name in ("disclosed", "given", "emergencies", "inside") if getattr(found, name)} == {place}


def test_work_inside_is_summed_up_by_person_the_latest_first():
    later = NOW + timedelta(days=1)
    found = account(
        Line("read.read-chart", categories="sensitive care"), Line("note.signed", at=later),
        Line("read.read-note", "ben", categories="care"), Line("of.tomorrow", "cy", at=later + timedelta(days=1)),
    ).inside  # fmt: skip
    assert [(seen.actor_id, seen.times) for seen in found] == [("cy", 1), ("ada", 2), ("ben", 1)]
    assert (found[1].first, found[1].last, found[1].categories) == (NOW, later, ("care", "sensitive"))


REFUSED, HERS = Line("read.export-note", outcome="denied"), Line("invitation.opened", actor_kind="invitation")


@pytest.mark.parametrize("line", [REFUSED, HERS])
def test_what_showed_nothing_and_what_she_did_herself_is_left_out(line):
    assert account(line) == acts.Accounting([], [], [], [])


def test_six_years_are_never_a_day_short():
    assert NOW.replace(year=NOW.year - 6) >= NOW - acts.LOOKS_BACK
