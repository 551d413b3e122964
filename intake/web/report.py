"""The small forms of the privacy lead's report, and what a line of the trail reads like."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, ValidationError
from wtforms.fields import DateField
from wtforms.validators import Optional

from intake.clinical import acts
from intake.clinical.acts import KINDS, WORDS
from intake.clinical.chart_numbers import chart_number, ids
from intake.store import report
from intake.store.lines import AuditEvent
from intake.store.patients import Patient
from intake.store.people import User
from intake.store.report import Asked
from intake.web.inputs import ROLES, PageForm, Plain, line, options
from intake.web.say import translated

LONGEST_NUMBER = 18
OTHERS = {"invitation": _l("The patient"), "system": _l("Fernleaf itself")}
OUTCOMES = {
    "found": _l("found"),
    "nothing": _l("nobody found"),
    "denied": _l("refused"),
    "not-now": _l("too late, or too early"),
    "failed": _l("failed"),
    "refused": _l("refused"),
    "good": _l("it holds"),
    "broken": _l("a line is broken"),
    "head": _l("the end does not fit"),
    "checkpoint": _l("a checkpoint does not agree"),
}
ROLE_NAMES = dict(ROLES)
HARMLESS = frozenset({"done", "good", "found", "nothing"})
PARTS = {
    "desk": _l("contact"),
    "care": _l("care"),
    "sensitive": _l("private part"),
    "safety": _l("safety at home"),
}


class Sought(FlaskForm):
    """Which lines to show. It stands in the address, so it holds no name of a patient."""

    who = SelectField(_l("Who"), default="")
    kind = SelectField(_l("What they did"), choices=options([("", _l("Anything")), *KINDS]), default="")
    since = DateField(_l("From"), [Optional()])
    until = DateField(_l("Up to and including"), [Optional()])
    before = HiddenField()

    class Meta(Plain):
        """It only asks."""

        csrf = False

    @staticmethod
    def validate_before(_form: Any, field: Any) -> None:
        """The number of a line."""
        if field.data and not (field.data.isascii() and field.data.isdecimal() and len(field.data) <= LONGEST_NUMBER):
            raise ValidationError(_("Please start again at the newest lines."))

    def validate_until(self, field: Any) -> None:
        """A stretch of time that has a length."""
        if field.data and self.since.data and field.data < self.since.data:
            raise ValidationError(_("The last day is before the first one. Please check both."))

    def asked(self, zone: ZoneInfo, patient: Patient | None) -> Asked:
        """What to look for; days are the clinic's."""
        return Asked(
            actor_id=uuid.UUID(self.who.data) if self.who.data else None,
            patient_id=patient.id if patient else None,
            actions=tuple(WORDS[self.kind.data]) if self.kind.data else None,
            since=_midnight(self.since.data, zone, 0),
            until=_midnight(self.until.data, zone, 1),
        )

    @property
    def number(self) -> int | None:
        """Only lines before this one."""
        return int(self.before.data) if self.before.data else None

    def again(self) -> dict[str, str]:
        """The same question as parts of an address, without the place in the list."""
        return {name: value for name in ("who", "kind", "since", "until") if (value := request.args.get(name))}


def _midnight(day: Any, zone: ZoneInfo, later: int) -> datetime | None:
    return datetime.combine(day + timedelta(days=later), time(), zone) if day else None


def sought(staff: Iterable[User]) -> Sought:
    """The form as the address fills it in."""
    form = Sought(formdata=request.args)
    form.who.choices = options([("", _l("Anybody")), *((str(user.id), user.name) for user in staff)])
    return form


class Whose(PageForm):
    """One patient: name and birth date, or the number of the chart."""

    name = line(_l("Name"), needed=False, hint=_l("First and last name, as whole words."))
    birth_date = DateField(_l("Date of birth"), [Optional()])
    number = line(_l("Or the chart number"), 40, needed=False, hint=_l("Like 3F2A-91C0. It stands in this list."))

    def validate(self, extra_validators: Any = None) -> bool:
        """Either both identifiers or a number."""
        if not super().validate(extra_validators):
            return False
        if self.number.data and ids(self.number.data) is None:
            self.number.errors = [_("A chart number has eight digits or letters from A to F.")]
        elif not self.number.data and not (self.name.data and self.birth_date.data):
            self.name.errors = [_("Please give the name and the date of birth, or the chart number.")]
        return not self.errors


@dataclass(frozen=True, slots=True)
class Row:
    """A line as it is shown."""

    at: datetime
    who: str
    roles: str
    what: str
    outcome: str
    grave: bool
    parts: str
    patient: Patient | None

    @property
    def number(self) -> str:
        """The chart's number."""
        return chart_number(self.patient.id) if self.patient else ""


def rows(session: Any, lines: list[AuditEvent]) -> list[Row]:
    """The lines with the names of today."""
    people, patients = report.people(session, lines), report.patients(session, lines)
    return [row(line, people, patients) for line in lines]


def row(line: AuditEvent, people: Mapping[uuid.UUID, User], patients: Mapping[uuid.UUID, Patient]) -> Row:
    """A line with the names of today."""
    user = people.get(line.actor_id) if line.actor_id else None
    return Row(
        at=line.at,
        who=user.name if user else str(OTHERS.get(line.actor_kind, line.actor_kind)),
        roles=", ".join(str(ROLE_NAMES.get(role, role)) for role in line.role.split()),
        what=translated(acts.words(line.action)),
        outcome="" if line.outcome == "done" else str(OUTCOMES.get(line.outcome, line.outcome)),
        grave=line.outcome not in HARMLESS,
        parts=named(line.categories.split()),
        patient=patients.get(line.patient_id) if line.patient_id else None,
    )


def named(tiers: Iterable[str]) -> str:
    """Parts of a record as one says them."""
    return ", ".join(str(PARTS.get(tier, tier)) for tier in tiers)
