"""Small forms of the staff pages (WTForms): sign-in, people, patients, visits, settings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo, available_timezones

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from intake.clinical.retention import SHORTEST_YEARS
from intake.forms.plain import UNWRITABLE
from intake.web.typed import only

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
PHONE = re.compile(r"[0-9+()\-. ]{3,40}")
METHODS = ("mobile", "home", "text", "email", "post")
METHOD_NAMES = {
    "mobile": _l("Mobile phone"),
    "home": _l("Home phone"),
    "text": _l("Text message"),
    "email": _l("E-mail"),
    "post": _l("Letter"),
}
SAFE = (
    ("safe", _l("Private and safe")),
    ("appointments-only", _l("Only for appointment times")),
    ("not-safe", _l("Not safe: never use it")),
    ("unknown", _l("Not asked yet: do not use it")),
)
VISIT_KINDS = (
    ("initial-evaluation", _l("First evaluation")),
    ("follow-up", _l("Follow-up")),
    ("telehealth", _l("Video visit")),
)
ROLES = (
    ("therapist", _l("Therapist")),
    ("assistant", _l("Assistant")),
    ("front-desk", _l("Front desk")),
    ("admin", _l("Administrator")),
    ("privacy-lead", _l("Privacy lead")),
)
FARTHEST_VISIT = 5  # years, either way
PAPERS = (("letter", _l("US Letter")), ("a4", _l("A4")))


def options(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    """(code, text) pairs as a field offers them."""
    return [SelectChoice(code, text) for code, text in pairs]


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


class SignIn(PageForm):
    """Who are you."""

    email = line(_l("E-mail"), 254, render_kw={"autocomplete": "username"})
    password = PasswordField(
        _l("Password"), [InputRequired(_l("Please fill this in."))], render_kw={"autocomplete": "current-password"}
    )


class NewPassword(PageForm):
    """A password to choose."""

    password = PasswordField(
        _l("Password"),
        [InputRequired(_l("Please fill this in."))],
        description=_l("At least 15 characters. A few words you will remember make a good one. You can paste it."),
        render_kw={"autocomplete": "new-password"},
    )


class Again(PageForm):
    """One's own password once more; the address the page came with is for password managers."""

    buttons = ("email",)
    password = PasswordField(
        _l("Your password"),
        [InputRequired(_l("Please fill this in."))],
        render_kw={"autocomplete": "current-password"},
    )


class AppCode(PageForm):
    """Six digits of an authenticator app."""

    code = line(
        _l("Code from your app"),
        20,
        hint=_l("Six digits. A new code appears every 30 seconds."),
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"},
    )


class PaperCode(PageForm):
    """One of ten codes on paper."""

    code = line(
        _l("Recovery code"),
        60,
        hint=_l("As printed, like 7KQ2-9MXP-4TRW-8ZAB. Capitals and dashes do not matter."),
        render_kw={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"},
    )


class OwnersKey(PageForm):
    """The code the owner of the clinic keeps on paper."""

    code = line(
        _l("Owner's key"),
        60,
        hint=_l("Six groups of four, from the paper the owner keeps. It works once; you get a new one."),
        render_kw={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"},
    )


class KeyName(PageForm):
    """What somebody calls a passkey of theirs."""

    buttons = ("credential",)
    name = line(_l("Name of the passkey"), 60, hint=_l("So that you know it again, for example: my phone."))


class SetUp(NewPassword):
    """The clinic and its first administrator."""

    clinic_name = line(_l("Name of the clinic"))
    clinic_phone = line(_l("Phone number patients call"), 40)
    time_zone = StringField(_l("Time zone"), [DataRequired()], default="America/New_York")
    name = line(_l("Your name"))
    email = line(_l("Your e-mail"), 254, render_kw={"autocomplete": "username"})

    validate_email = staticmethod(an_email)
    validate_clinic_phone = staticmethod(a_phone)

    def validate_time_zone(self, field: Any) -> None:
        """A zone the machine knows."""
        _known_zone(field)


def _known_zone(field: Any) -> None:
    if field.data not in available_timezones():
        raise ValidationError(_l("Please choose a time zone, like America/Chicago."))


class Settings(PageForm):
    """What the clinic prints and which numbers it gives out."""

    name = line(_l("Name of the clinic"))
    phone = line(_l("Phone number patients call"), 40)
    address = line(_l("Address"), 400, needed=False)
    time_zone = StringField(_l("Time zone"), [DataRequired()])
    paper = SelectField(_l("Paper"), choices=options(PAPERS))
    invitation_days = IntegerField(_l("Days an invitation works"), [InputRequired(), NumberRange(1, 60)])
    retention_years = IntegerField(
        _l("Years a record is kept after the last visit"), [InputRequired(), NumberRange(SHORTEST_YEARS, 100)]
    )
    second_code = BooleanField(_l("Ask for a second code, which you give by phone or in person"))
    leave_to = line(
        _l("Where the quick exit leads"), 400, hint=_l("A neutral site, such as the weather. It starts with https://")
    )
    emergency = line(_l("Emergency number"), 40)
    crisis = line(_l("Crisis line"), 40)
    maternal = line(_l("Maternal mental health line"), 40, needed=False)
    numbers_checked_on = DateField(_l("Numbers last checked on"), [DataRequired(_l("Please fill this in."))])
    version = IntegerField(validators=[InputRequired()])

    validate_phone = staticmethod(a_phone)
    validate_emergency = staticmethod(a_phone)
    validate_crisis = staticmethod(a_phone)
    validate_maternal = staticmethod(a_phone)

    def validate_time_zone(self, field: Any) -> None:
        """A zone the machine knows."""
        _known_zone(field)

    def validate_leave_to(self, field: Any) -> None:
        """An address the quick exit can lead to."""
        if not re.fullmatch(r"https://[^\s\"'<>]+", field.data or ""):
            raise ValidationError(_l("Please give an address that starts with https://"))


class Place(PageForm):
    """A place where people are seen."""

    name = line(_l("Name"))
    address = line(_l("Address"), 400, needed=False)


class Person(PageForm):
    """Somebody who will sign in: what they are called, and which roles they have."""

    name = line(_l("Name"))
    email: Any = line(_l("E-mail"), 254)
    credentials = line(_l("Credentials"), 100, needed=False, hint=_l("Printed after the name, for example PT, DPT"))
    roles = SelectMultipleField(
        _l("Roles"),
        [InputRequired(_l("Please choose at least one."))],
        choices=options(ROLES),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    version = IntegerField(validators=[Optional()])

    validate_email = staticmethod(an_email)


class Hats(Person):
    """What may be changed later."""

    email = None


class NameSearch(PageForm):
    """Part of a name; nothing for everybody."""

    q = line(_l("Name"), 100, needed=False)


class PatientDetails(PageForm):
    """Who a patient is and how she may be reached; each way of contact says whether it is safe."""

    buttons = ("another",)
    legal_name = line(_l("Legal name"))
    name_used = line(_l("Name to call them"), needed=False, hint=_l("If it differs. It is used everywhere."))
    birth_date = DateField(_l("Date of birth"), [DataRequired(_l("Please give the date of birth."))])
    version = IntegerField(validators=[Optional()])


for _method in METHODS:
    setattr(PatientDetails, _method, line(METHOD_NAMES[_method], 254, needed=False))
    setattr(PatientDetails, f"{_method}_safe", SelectField(_l("Is it safe?"), choices=options(SAFE), default="unknown"))
    if _method in {"mobile", "home", "text"}:
        setattr(PatientDetails, f"validate_{_method}", staticmethod(a_phone))


class VisitDetails(PageForm):
    """When, with whom, where, and what kind."""

    starts_at = DateTimeLocalField(
        _l("When"),
        [DataRequired(_l("Please give the day and the time."))],
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )
    therapist = SelectField(_l("With"), [DataRequired(_l("Please choose a therapist."))])
    location = SelectField(_l("Where"), [DataRequired(_l("Please choose a place."))])
    kind = SelectField(_l("Kind of visit"), choices=options(VISIT_KINDS))

    def validate_starts_at(self, field: Any) -> None:
        """A day visits are made for: the calendar itself ends."""
        if abs(field.data.year - datetime.now(UTC).year) > FARTHEST_VISIT:
            raise ValidationError(_l("This day is too far away. Please check it."))

    def moment(self, zone: ZoneInfo) -> Any:
        """The start with the clinic's time zone."""
        return self.starts_at.data.replace(tzinfo=zone)


class Outcome(PageForm):
    """What came of a worklist entry."""

    outcome = TextAreaField(
        _l("What came of it"),
        [DataRequired(_l("Please write what came of it.")), Length(max=2000), writable],
        filters=[settled],
    )
    version = IntegerField(validators=[InputRequired()])


class Added(PageForm):
    """What to add to a signed note, and the password that signs it."""

    text: Any = TextAreaField(
        _l("Addendum"),
        [DataRequired(_l("Please write what you want to add.")), Length(max=8000), writable],
        filters=[settled],
    )
    password = PasswordField(
        _l("Your password"),
        [InputRequired(_l("Please type your password to sign."))],
        render_kw={"autocomplete": "current-password"},
    )


class Cosignature(Added):
    """The password, once more."""

    text = None


class Signature(Cosignature):
    """The password for a text; `draft` is the hash of what stood on the page."""

    draft = HiddenField()


class Issue(PageForm):
    """On which paper."""

    paper = SelectField(_l("Paper"), choices=options(PAPERS))
    sure = BooleanField(_l("I have read the preview"))
