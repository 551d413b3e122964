"""The small forms about when the clinic works, who is told of what, and a stretch of time to look at."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, SelectField
from wtforms.fields import DateField, TimeField
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional, ValidationError

from intake.clinical.alerts import LONGEST_MINUTES
from intake.store.people import Clinic, User, kept_week
from intake.web import clock
from intake.web.inputs import PageForm, Plain, line, options

DAYS = (
    ("monday", _l("Monday")),
    ("tuesday", _l("Tuesday")),
    ("wednesday", _l("Wednesday")),
    ("thursday", _l("Thursday")),
    ("friday", _l("Friday")),
    ("saturday", _l("Saturday")),
    ("sunday", _l("Sunday")),
)
PLACES = (_l("First"), _l("Second"), _l("Third"), _l("Fourth"), _l("Fifth"), _l("Sixth"))
YEARS = 10  # either way, that a stretch of time may lie from today


class Alerts(PageForm):
    """Hours, times and people. Every field of a day is empty where the clinic is closed."""

    emergency_minutes = IntegerField(
        _l("Minutes for an emergency"),
        [InputRequired(), NumberRange(1, LONGEST_MINUTES)],
        description=_l("Counted day and night."),
    )
    same_day_minutes = IntegerField(
        _l("Minutes for the same day"),
        [InputRequired(), NumberRange(1, LONGEST_MINUTES)],
        description=_l("Counted in working time only."),
    )
    staff_mail = BooleanField(_l("Send reminders by e-mail"))
    mail_name = line(
        _l("Name that mail comes from"), 60, hint=_l("Choose one that says nothing about the kind of clinic.")
    )
    version = IntegerField(validators=[InputRequired()])

    @classmethod
    def sent(cls, therapists: Iterable[User], **more: Any) -> Alerts:
        """The form with the people who can be chosen."""
        form = cls(**more)
        chosen = options([("", _l("nobody")), *((str(user.id), user.name) for user in therapists)])
        for number in range(len(PLACES)):
            form[f"person_{number}"].choices = chosen
        return form

    @classmethod
    def of(cls, clinic: Clinic, therapists: Iterable[User], **more: Any) -> Alerts:
        """The form as the clinic stands. Who cannot be chosen any more leaves an empty place."""
        people = list(therapists)
        known = {str(user.id) for user in people}
        on_call = [each for each in clinic.on_call if each in known]
        kept = {f"person_{number}": each for number, each in enumerate(on_call[: len(PLACES)])}
        for (name, _title), opening in zip(DAYS, clinic.opening, strict=True):
            start, end = opening or (None, None)
            kept |= {
                f"{name}_from": start and time.fromisoformat(start),
                f"{name}_until": end and time.fromisoformat(end),
            }
        return cls.sent(people, obj=clinic, data=kept, **more)

    @property
    def days(self) -> list[tuple[Any, Any, Any]]:
        """(title, from, until) of each day."""
        return [(title, self[f"{name}_from"], self[f"{name}_until"]) for name, title in DAYS]

    @property
    def people(self) -> list[Any]:
        """The fields of the list, in its order."""
        return [self[f"person_{number}"] for number in range(len(PLACES))]

    def validate(self, extra_validators: Any = None) -> bool:
        """Each day has both times, in their order, or none."""
        fits = super().validate(extra_validators)
        for title, start, end in self.days:
            if bool(start.data) != bool(end.data):
                (end if start.data else start).errors = [_("Please give both times of %(day)s, or none.", day=title)]
                fits = False
            elif start.data and start.data >= end.data:
                end.errors = [_("Please give a time after the first one.")]
                fits = False
        return fits

    def settings(self) -> dict[str, object]:
        """What to keep of the clinic."""
        week = [(start.data, end.data) if start.data else None for _title, start, end in self.days]
        people = list(dict.fromkeys(field.data for field in self.people if field.data))
        plain = {name: self[name].data for name in ("emergency_minutes", "same_day_minutes", "staff_mail", "mail_name")}
        return {**plain, "opening": kept_week(week), "on_call": people}


for _name, _title in DAYS:
    setattr(Alerts, f"{_name}_from", TimeField(_l("From"), [Optional()]))
    setattr(Alerts, f"{_name}_until", TimeField(_l("Until"), [Optional()]))
for _number, _place in enumerate(PLACES):
    setattr(Alerts, f"person_{_number}", SelectField(_place, default=""))


class WorkingDay(PageForm):
    """A day that is taken out of the list of holidays."""

    day = DateField(validators=[DataRequired()])


class Holiday(WorkingDay):
    """A day on which the clinic is closed."""

    day = DateField(_l("Day"), [DataRequired(_l("Please give the day."))])
    name = line(_l("What it is"), 60, hint=_l("For example Thanksgiving"))


class Stretch(FlaskForm):
    """From when to when. It stands in the address, so it holds nobody's name."""

    since = DateField(_l("From"), [Optional()])
    until = DateField(_l("Up to and including"), [Optional()])

    class Meta(Plain):
        """It only asks."""

        csrf = False

    def validate_until(self, field: Any) -> None:
        """A stretch of time that has a length."""
        _near(field.data)
        if field.data and self.since.data and field.data < self.since.data:
            raise ValidationError(_("The last day is before the first one. Please check both."))

    @staticmethod
    def validate_since(_form: Any, field: Any) -> None:
        """A day somebody can mean."""
        _near(field.data)


def _near(day: date | None) -> None:
    """ValidationError for a day nobody can mean: the calendar itself ends."""
    if day and abs(day.year - clock.today().year) > YEARS:
        raise ValidationError(_("This day is too far away. Please check it."))


def asked(since: date, until: date) -> Stretch:
    """The form as the address fills it in."""
    return Stretch(formdata=request.args, since=since, until=until)
