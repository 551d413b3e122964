"""The small forms about who may see what: the care team, opening a chart in an emergency, looking at that later."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, RadioField, SelectField, TextAreaField
from wtforms.fields import DateField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from intake.clinical.emergency import OUTCOMES, REASONS
from intake.security.policy import Role
from intake.store.people import User
from intake.web.inputs import PageForm, line, options, settled, writable

ROLE_NAMES = {Role.THERAPIST: _l("Therapist"), Role.ASSISTANT: _l("Assistant")}


class Joining(PageForm):
    """Who joins a care team, in which role: one menu of both, so that no impossible pair can be chosen."""

    member = SelectField(_l("Who joins"), validate_choice=True)

    def chosen(self) -> tuple[uuid.UUID, Role]:
        """The person's id and the role."""
        person, _colon, role = self.member.data.partition(":")
        return uuid.UUID(person), Role(role)


def joining(staff: Iterable[User], me: User, **more: Any) -> Joining:
    """The form with everybody who can be on a team, except whoever asks."""
    form = Joining(**more)
    form.member.choices = options(
        (f"{user.id}:{role}", f"{user.name} ({ROLE_NAMES[role]})")
        for user in staff
        if user.is_active and user.id != me.id
        for role in ROLE_NAMES
        if role in user.roles
    )
    return form


class TwoIdentifiers(PageForm):
    """Name and birth date: neither alone finds anybody."""

    name = line(_l("Name"), hint=_l("First and last name, as whole words."))
    birth_date = DateField(_l("Date of birth"), [DataRequired(_l("Please give the date of birth."))])


class Opening(TwoIdentifiers):
    """Why the chart is opened, and whether the private part is needed."""

    patient = RadioField(_l("Whose chart"), [InputRequired(_l("Please choose the chart."))])
    reason = SelectField(_l("Why you need it now"), choices=options([("", _l("Choose a reason")), *REASONS]))
    text = TextAreaField(
        _l("What happened, in a sentence or two"),
        [DataRequired(_l("Please write what happened.")), Length(max=2000), writable],
        filters=[settled],
    )
    sensitive = BooleanField(_l("I also need the private part: intimacy, trauma, relationship, mental health"))

    @staticmethod
    def validate_reason(_form: Any, field: Any) -> None:
        """A reason has to be chosen."""
        if not field.data:
            raise ValidationError(_l("Please choose a reason."))


class Review(PageForm):
    """What the privacy lead makes of an emergency."""

    outcome = SelectField(_l("What you make of it"), choices=options(OUTCOMES))
    note = TextAreaField(_l("Note"), [Optional(), Length(max=2000), writable], filters=[settled])
    version = IntegerField(validators=[InputRequired()])
