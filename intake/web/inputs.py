"""What the small forms of the staff pages (WTForms) are made of; each audience has its own."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar
from zoneinfo import available_timezones

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    SelectMultipleField,
    StringField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from intake.forms.plain import UNWRITABLE
from intake.security.policy import Role
from intake.web.typed import only

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
PHONE = re.compile(r"[0-9+()\-. ]{3,40}")
ROLES = (
    (Role.THERAPIST, _l("Therapist")),
    (Role.ASSISTANT, _l("Assistant")),
    (Role.FRONT_DESK, _l("Front desk")),
    (Role.ADMIN, _l("Administrator")),
    (Role.PRIVACY_LEAD, _l("Privacy lead")),
)
PAPERS = (("letter", _l("US Letter")), ("a4", _l("A4")))


def options(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    """(code, text) pairs as a field offers them."""
    return [SelectChoice(code, text) for code, text in pairs]


def hats(label: Any, roles: Iterable[tuple[str, Any]], *rules: Any, hint: Any = "") -> SelectMultipleField:
    """Roles to tick."""
    box = CheckboxInput()
    return SelectMultipleField(
        label, rules, choices=options(roles), widget=ListWidget(prefix_label=False), option_widget=box, description=hint
    )


def settled(value: Any) -> Any:
    """Text in NFC without blanks at its ends."""
    return unicodedata.normalize("NFC", value).strip() if isinstance(value, str) else value


def writable(_form: FlaskForm, field: Any) -> None:
    """Refuse control characters and those that turn text round."""
    if isinstance(field.data, str) and UNWRITABLE.search(field.data):
        raise ValidationError(_l("This text holds hidden characters that cannot be kept. Please type it again."))


def line(label: Any, longest: int = 200, *, needed: bool = True, hint: Any = "", **more: Any) -> StringField:
    """A line of text."""
    rules: list[Any] = [DataRequired(_l("Please fill this in."))] if needed else [Optional()]
    return StringField(label, [*rules, Length(max=longest), writable], filters=[settled], description=hint, **more)


def on_paper(label: Any, hint: Any) -> StringField:
    """A code that is typed from paper: its capitals come by themselves, and nothing corrects it."""
    return line(
        label, 60, hint=hint,
        render_kw={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"},
    )  # fmt: skip


def an_email(_form: FlaskForm, field: Any) -> None:
    """Something that can be an e-mail address."""
    if not EMAIL.fullmatch(field.data or ""):
        raise ValidationError(_l("Please write an e-mail address, like name@example.org."))


def a_phone(_form: FlaskForm, field: Any) -> None:
    """Something that can be dialed."""
    if field.data and not PHONE.fullmatch(field.data):
        raise ValidationError(_l("Please write a phone number with digits, spaces, + ( ) and - only."))


class Said:
    """What WTForms says by itself, in our words."""

    OURS: ClassVar[Mapping[str, Any]] = {
        "Not a valid date value.": _l("Please choose a day that exists."),
        "Not a valid datetime value.": _l("Please choose a day and a time that exist."),
        "Not a valid time value.": _l("Please write a time, like 08:30."),
        "Not a valid integer value.": _l("Please write a whole number."),
        "Not a valid choice.": _l("Please choose one of these."),
    }

    def gettext(self, text: str) -> str:
        """One text."""
        return str(self.OURS.get(text, text))

    @staticmethod
    def ngettext(one: str, several: str, number: int) -> str:
        """One text or the other."""
        return one if number == 1 else several


class Plain(FlaskForm.Meta):
    """Forms whose messages are ours."""

    def get_translations(self, _form: Any) -> Said:
        """Where a field looks for the words of a message."""
        return Said()


class PageForm(FlaskForm):
    """A form that takes the fields of its page, each once; `buttons` are the names of its other buttons."""

    Meta = Plain
    buttons: tuple[str, ...] = ()

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether everything fits; MalformedError for what no page of ours would send."""
        several = [field.name for field in self if isinstance(field, SelectMultipleField)]
        only(*self._fields, *self.buttons, several=several)
        return bool(super().validate(extra_validators))


def known_zone(_form: FlaskForm, field: Any) -> None:
    """A time zone the machine knows."""
    if field.data not in available_timezones():
        raise ValidationError(_l("Please choose a time zone, like America/Chicago."))
