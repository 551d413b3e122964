"""Forms with which administrators set up the clinic and its people."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional, ValidationError

from intake.clinical.coding import codes
from intake.clinical.coding import files as coding
from intake.clinical.retention import SHORTEST_YEARS
from intake.forms import files
from intake.forms.faults import Fault
from intake.web.inputs import PAPERS, ROLES, PageForm, a_phone, an_email, hats, known_zone, line, on_paper, options

BILLING = (
    ("cms", _l("Medicare: all timed minutes of the day together (8-minute rule)")),
    ("ama", _l("AMA: each code by itself (midpoint rule)")),
)


class OwnersKey(PageForm):
    """The code the owner of the clinic keeps on paper."""

    code = on_paper(
        _l("Owner's key"),
        _l("Six groups of four, from the paper the owner keeps. You get a new one in its place."),
    )


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
    recall = BooleanField(_l("Show patients what they said last time when a follow-up asks if it is still right"))
    second_code = BooleanField(_l("Ask for a second code, which you give by phone or in person"))
    ask_at_home = BooleanField(
        _l("Ask about safety at home too, on the patient's own device"),
        description=_l(
            "Offered once for a visit, to adults who say that they are alone on a device nobody else checks and fill "
            "in the form by themselves. What is open when you switch this off can still be finished."
        ),
    )
    leave_to = line(
        _l("Where the quick exit leads"), 400, hint=_l("A neutral site, such as the weather. It starts with https://")
    )
    emergency = line(_l("Emergency number"), 40)
    crisis = line(_l("Crisis line"), 40)
    maternal = line(_l("Maternal mental health line"), 40, needed=False)
    violence = line(_l("Line for violence at home"), 40)
    numbers_checked_on = DateField(_l("Numbers last checked on"), [DataRequired(_l("Please fill this in."))])
    version = IntegerField(validators=[InputRequired()])

    validate_phone = staticmethod(a_phone)
    validate_time_zone = staticmethod(known_zone)
    validate_emergency = staticmethod(a_phone)
    validate_crisis = staticmethod(a_phone)
    validate_maternal = staticmethod(a_phone)
    validate_violence = staticmethod(a_phone)

    def validate_leave_to(self, field: Any) -> None:
        """An address the quick exit can lead to."""
        if not re.fullmatch(r"https://[^\s\"'<>]+", field.data or ""):
            raise ValidationError(_l("Please give an address that starts with https://"))


class SafetyLead(PageForm):
    """Who looks after safety at home: one therapist, or nobody."""

    lead = SelectField(_l("Therapist"))
    version = IntegerField(validators=[InputRequired()])


class Place(PageForm):
    """A place where people are seen."""

    name = line(_l("Name"))
    address = line(_l("Address"), 400, needed=False)


class FormFile(PageForm):
    """A form of the clinic: its file, or its text."""

    file = FileField(_l("Form file"), description=_l("A file in TOML, saved as UTF-8."))
    text = TextAreaField(
        _l("Or its text"), [Optional()], render_kw={"rows": "20", "spellcheck": "false", "autocapitalize": "none"}
    )

    def given(self) -> str | Fault:
        """The text of the file, else what was pasted; or what is wrong with it."""
        if self.file.data:
            return files.decoded(self.file.data.read(files.LARGEST + 1), "")
        return files.plain(self.text.data or "")

    def validate_text(self, field: Any) -> None:
        """Something to look at."""
        if not (field.data or "").strip() and not self.file.data:
            raise ValidationError(_l("Choose a file, or paste the text of one."))


class PackFile(FormFile):
    """A text pack, and what stands beside it."""

    file = FileField(_l("Pack file"), description=_l("TOML, or a Questionnaire of FHIR R4 in JSON; saved as UTF-8."))
    measure = SelectField(_l("Measure"))
    holder = line(
        _l("Who holds the permission"), 300, needed=False,
        hint=_l("The clinic and the license or letter, as it can be shown to whoever asks. A pack can say it itself."),
    )  # fmt: skip
    until = DateField(
        _l("Until when"), [Optional()], description=_l("The last day. Leave it empty when the permission has no end.")
    )


class Person(PageForm):
    """Somebody who will sign in: what they are called, and which roles they have."""

    name = line(_l("Name"))
    email: Any = line(_l("E-mail"), 254)
    credentials = line(_l("Credentials"), 100, needed=False, hint=_l("Printed after the name, for example PT, DPT"))
    roles = hats(_l("Roles"), ROLES, InputRequired(_l("Please choose at least one.")))
    version = IntegerField(validators=[Optional()])

    validate_email = staticmethod(an_email)


class Hats(Person):
    """What may be changed later."""

    email = None


class Procedure(PageForm):
    """A procedure the clinic bills, in its own words."""

    code = line(_l("Code"), 10, hint=_l("Five characters, such as 97110."))
    label = line(_l("Your own label"), 100, hint=_l("Not the official descriptor, which belongs to its owner."))
    timed = BooleanField(_l("Timed: its minutes count toward units"))
    fee = line(_l("Fee for one unit, if you keep fees here"), 12, needed=False, hint=_l("For example, 45.00"))
    since = DateField(_l("From which day of service"), [Optional()], description=_l("Blank: from today on."))

    def validate_code(self, field: Any) -> None:
        """A code of five characters."""
        if codes.procedure(field.data or "") != (field.data or "").upper():
            raise ValidationError(_l("This is not a procedure code. It has five characters, such as 97110."))

    def validate_fee(self, field: Any) -> None:
        """An amount of money."""
        if field.data and coding.cents(field.data) is None:
            raise ValidationError(_l("Please write an amount, such as 45.00."))


class Payer(PageForm):
    """Who pays, and how minutes become units for them."""

    payer = line(_l("Payer"), 100)
    rule = SelectField(_l("How minutes become units"), choices=options(BILLING))
    starts = DateField(_l("From which day of service"), [Optional()], description=_l("Blank: from today on."))
