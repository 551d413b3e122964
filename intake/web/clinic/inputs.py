"""Forms for patients, visits, the worklist, signatures and documents."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    PasswordField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from intake.clinical.additions import GROUNDS, READERS, SOURCES
from intake.clinical.certification import Act
from intake.clinical.handwritten import (
    NOT_TYPED_HERE,
    SIGNED,
    WRITERS,
    WRONG_PLACE,
    reason_not_to_date,
    reason_not_to_move,
)
from intake.clinical.printing import REASONS
from intake.store.people import User
from intake.web import clock
from intake.web.inputs import PAPERS, PageForm, a_phone, line, options, settled, writable
from intake.web.say import translated

LONGEST_AGO = 730  # days
PLAN_ACTS = (
    (Act.SENT, _l("The plan was sent")),
    (Act.RETURNED, _l("The plan came back signed")),
    (Act.ORDER, _l("A signed and dated order is on file")),
    (Act.VERBAL, _l("An order by word of mouth")),
)
PLAN_WAYS = (
    ("fax", _l("Fax")),
    ("portal", _l("Portal")),
    ("mail", _l("Mail")),
    ("by-hand", _l("By hand")),
    ("phone", _l("Phone")),
)
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
FARTHEST_VISIT = 5  # years, either way


class NameSearch(PageForm):
    """Part of a name; nothing for everybody."""

    q = line(_l("Name"), 100, needed=False)


class ChartSearch(PageForm):
    """Words to look for in one chart."""

    words = StringField(
        _l("Words to look for in this chart"),
        [
            DataRequired(_l("Please type what to look for.")),
            Length(min=2, max=100, message=_l("Please type 2 to 100 letters.")),
            writable,
        ],
        filters=[settled],
    )


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


def a_moment(field: Any) -> None:
    """A day and time that there was where the clinic is: clocks that go forward leave out an hour."""
    zone = clock.zone()
    if field.data.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) != field.data:
        raise ValidationError(_l("The clocks went forward that day, and there is no such time. Please check it."))


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
        a_moment(field)

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


class Done(PageForm):
    """What was done after somebody was asked alone; `version` is the number of the last entry that was read."""

    text = TextAreaField(
        _l("Add what was done"),
        [DataRequired(_l("Please write what was done.")), Length(max=8000), writable],
        filters=[settled],
    )
    version = IntegerField(validators=[InputRequired()])


class Given(PageForm):
    """To whom a worklist entry is given."""

    to = SelectField(_l("Give to"), [DataRequired(_l("Please choose who it is for."))])


def given(others: Iterable[User]) -> Given:
    """The form with everybody it can be given to."""
    form = Given()
    form.to.choices = options([("", _l("Choose somebody")), *((str(user.id), user.name) for user in others)])
    return form


class Contact(PageForm):
    """What kind of note, and when the contact took place."""

    kind = SelectField(_l("Kind of note"), [DataRequired(_l("Please choose what kind of note it is."))])
    at = DateTimeLocalField(
        _l("When it took place"),
        [DataRequired(_l("Please give the day and the time."))],
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )

    @staticmethod
    def validate_at(_form: Any, field: Any) -> None:
        """Not to come, and not so long ago that it must be a slip."""
        if abs(field.data.year - datetime.now(UTC).year) > FARTHEST_VISIT:
            raise ValidationError(_l("This day is too far away. Please check it."))
        a_moment(field)
        if field.data.replace(tzinfo=clock.zone()) > clock.now():
            raise ValidationError(_l("This moment is still to come. Please give when the contact took place."))


def _readers() -> SelectField:
    """For whom it is: to be chosen each time, since neither is a safe guess."""
    return SelectField(
        _l("Who reads it"),
        [DataRequired(_l("Please choose who reads it."))],
        choices=options([("", _l("Please choose")), *READERS]),
        description=_l(
            "What has to be known before the next treatment is for everybody. "
            "What is about intimacy, trauma, relationship or mental health is for the therapists alone."
        ),
    )


class Added(PageForm):
    """What to add to a signed note, and the password that signs it."""

    text: Any = TextAreaField(
        _l("Addendum"),
        [DataRequired(_l("Please write what you want to add.")), Length(max=8000), writable],
        filters=[settled],
    )
    readers: Any = _readers()
    password = PasswordField(
        _l("Your password"),
        [InputRequired(_l("Please type your password to sign."))],
        render_kw={"autocomplete": "current-password"},
    )


class Late(Added):
    """What belongs to the visit and was not written down then, why it comes now, and from what."""

    text = TextAreaField(
        _l("What was not written down then"),
        [DataRequired(_l("Please write what you want to add.")), Length(max=8000), writable],
        filters=[settled],
    )
    reason = line(_l("Why it is late"), 500)
    source = SelectField(
        _l("What it is written from"),
        [DataRequired(_l("Please choose what it is written from."))],
        choices=options([("", _l("Please choose")), *SOURCES]),
    )


class Changed(PageForm):
    """What was wrong under a question of a note, and what it says now."""

    question = SelectField(_l("Where"), [DataRequired(_l("Please choose what is corrected."))])
    old = TextAreaField(
        _l("The words that are wrong"),
        [Optional(), Length(max=8000), writable],
        filters=[settled],
        description=_l("Copy them as they stand. Leave this blank to replace all of it."),
    )
    new = TextAreaField(
        _l("What it says now"),
        [DataRequired(_l("Please write what it says now.")), Length(max=8000), writable],
        filters=[settled],
    )
    reason = line(_l("Why it is corrected"), 500)
    password = PasswordField(
        _l("Your password"),
        [InputRequired(_l("Please type your password to sign."))],
        render_kw={"autocomplete": "current-password"},
    )


class Accepted(Changed):
    """The change a patient asked for."""

    reason = line(_l("What speaks for it"), 500)
    readers = _readers()


class Denied(PageForm):
    """On what ground a patient's wish is denied, in words for her too."""

    ground = SelectField(
        _l("Ground"),
        [DataRequired(_l("Please choose on what ground it is denied."))],
        choices=options([("", _l("Please choose")), *GROUNDS]),
    )
    reason = TextAreaField(
        _l("Why, in plain words"),
        [DataRequired(_l("Please give the reason.")), Length(max=4000), writable],
        filters=[settled],
    )
    readers = _readers()
    password = PasswordField(
        _l("Your password"),
        [InputRequired(_l("Please type your password to sign."))],
        render_kw={"autocomplete": "current-password"},
    )


class Disagreed(Added):
    """What a patient says to a denial."""

    text = TextAreaField(
        _l("The patient\u2019s statement, word for word"),
        [DataRequired(_l("Please write what you want to add.")), Length(max=8000), writable],
        filters=[settled],
    )


class Wish(PageForm):
    """What a patient asks to have changed, and when that was received."""

    text = TextAreaField(
        _l("What the patient asks to have changed, in their words"),
        [DataRequired(_l("Please write what is asked.")), Length(max=8000), writable],
        filters=[settled],
    )
    received_on = DateField(
        _l("Received on"), [DataRequired(_l("Please give the day on which the request was received."))]
    )
    readers = _readers()

    @staticmethod
    def validate_received_on(_form: Any, field: Any) -> None:
        """A day that is past, and not ages ago."""
        if field.data > clock.today():
            text = _l("This day is still to come. Please give the day on which the request was received.")
            raise ValidationError(text)
        if clock.today().year - field.data.year > FARTHEST_VISIT:
            raise ValidationError(_l("This day is too far away. Please check it."))


class Extended(PageForm):
    """Why it takes longer, as it was written to the patient."""

    reason = TextAreaField(
        _l("Why it takes longer, as you wrote it to the patient"),
        [DataRequired(_l("Please give the reason.")), Length(max=4000), writable],
        filters=[settled],
    )


class Cosignature(Added):
    """The password, once more."""

    text = readers = None


class Signature(Cosignature):
    """The password for a text; `draft` is the hash of what stood on the page."""

    draft = HiddenField()


class Issue(PageForm):
    """On which paper."""

    paper = SelectField(_l("Paper"), choices=options(PAPERS))
    sure = BooleanField(_l("I have read the preview"))


class AskAgain(PageForm):
    """Which part is asked again, and for which visit."""

    section = SelectField(_l("Part"), [DataRequired(_l("Please choose a part."))])
    visit = SelectField(_l("For which visit"), [DataRequired(_l("Please choose a visit."))])


class PaperInHand(PageForm):
    """Which form on paper is typed in, of what day, and who wrote it."""

    form = SelectField(
        _l("Which form"),
        [DataRequired(_l("Please choose a form."))],
        description=_l("Its name and version stand at the foot of each sheet."),
    )
    filled_on = DateField(
        _l("When it was filled in"),
        [DataRequired(_l("Please give the date that stands on the paper."))],
        description=_l("The date on the first sheet. Ask the patient when there is none."),
    )
    source = SelectField(
        _l("Who wrote on the paper"),
        [DataRequired(_l("Please choose who wrote it."))],
        choices=options([("", _l("Please choose")), *WRITERS]),
    )
    in_hand = BooleanField(
        _l("The paper is in front of me, and it is this patient\u2019s"),
        [DataRequired(_l("Please look at the name and the date of birth on the paper, then tick this."))],
    )

    @staticmethod
    def validate_filled_on(_form: Any, field: Any) -> None:
        """A day on which it can have been filled in."""
        if reason := reason_not_to_date(field.data, clock.today()):
            raise ValidationError(translated(reason))


class TypedIn(PageForm):
    """That the paper says no more; where much of it is blank, that every sheet was looked at."""

    is_mostly_blank = False
    looked = BooleanField(_l("More than half is blank. I looked at every sheet, and this is all that is written"))

    @staticmethod
    def validate_looked(form: Any, field: Any) -> None:
        """What is blank may be a sheet that was passed over."""
        if form.is_mostly_blank and not field.data:
            raise ValidationError(_l("Please look at every sheet once more, then tick this."))


class SignedPaper(TypedIn):
    """The same where the paper holds agreements: whether it is signed, by whom and when."""

    signed = SelectField(
        _l("Is the paper signed?"),
        [DataRequired(_l("Please say whether the paper is signed."))],
        choices=options([("", _l("Please choose")), *SIGNED]),
    )
    signer = line(_l("The name under the agreements, as it is written there"), needed=False)
    signed_on = DateField(_l("The date beside the signature"), [Optional()])

    def validate(self, extra_validators: Any = None) -> bool:
        """A signature has a name and a day."""
        fits, is_signed = super().validate(extra_validators), self.signed.data == "yes"
        if is_signed and not self.signer.data:
            self.signer.errors = [_l("Please write the name that stands there.")]
        if is_signed and not self.signed_on.data:
            self.signed_on.errors = [_l("Please give the date that stands there.")]
        elif is_signed and (reason := reason_not_to_date(self.signed_on.data, clock.today())):
            self.signed_on.errors = [translated(reason)]
        return fits and not self.errors


class Corrected(TypedIn):
    """Why it is put right."""

    why = line(_l("Why is it corrected? One line"))


class SignedCorrection(SignedPaper, Corrected):
    """The same where the paper holds agreements."""


class Misfiled(PageForm):
    """Whose sheet it is, where it goes, and how that came."""

    what = SelectField(
        _l("Whose sheet is it?"),
        [DataRequired(_l("Please choose whose sheet it is."))],
        choices=options([("", _l("Please choose")), *WRONG_PLACE]),
    )
    visit = SelectField(_l("Move it to a visit of this patient"), [Optional()])
    text = line(_l("How do you know? One line"))

    @staticmethod
    def validate_visit(form: Any, field: Any) -> None:
        """Nothing of somebody else comes to a visit of this patient."""
        if reason := reason_not_to_move(form.what.data, field.data):
            raise ValidationError(translated(reason))


class ThrownAway(PageForm):
    """Whose sheet it is that was being typed in, and how that came."""

    what = SelectField(
        _l("Whose sheet is it?"),
        [DataRequired(_l("Please choose whose sheet it is."))],
        choices=options([("", _l("Please choose")), *NOT_TYPED_HERE]),
    )
    text = line(_l("How do you know? One line"))


class PrintSensitive(PageForm):
    """Why sensitive answers are put on paper, and on which."""

    reason = SelectField(_l("Why they are printed"), choices=options([("", _l("Choose a reason")), *REASONS]))
    text = TextAreaField(
        _l("For whom, and what for, in a sentence"),
        [DataRequired(_l("Please write for whom and what for.")), Length(max=2000), writable],
        filters=[settled],
    )
    paper = SelectField(_l("Paper"), choices=options(PAPERS))

    @staticmethod
    def validate_reason(_form: Any, field: Any) -> None:
        """A reason has to be chosen."""
        if not field.data:
            raise ValidationError(_l("Please choose a reason."))


class CodeSearch(PageForm):
    """A code or words of its title."""

    words = line(_l("Code or words"), 100, needed=False)


class PlanAct(PageForm):
    """What happened to a plan of care, on which day, with whom and how."""

    act = SelectField(_l("What happened"), choices=options(PLAN_ACTS))
    on = DateField(_l("On which day"), [DataRequired(_l("Please fill this in."))])
    who = StringField(
        _l("The other provider"), [Length(max=120), writable], filters=[settled],
        description=_l("Who ordered or certifies it."),
    )  # fmt: skip
    way = SelectField(_l("How"), choices=options((("", _l("Not said")), *PLAN_WAYS)))

    def validate_on(self, field: Any) -> None:
        """A day that has been, and not long before this clinic."""
        if field.data > clock.today():
            raise ValidationError(_l("That day is still to come. Write the day on which it happened."))
        if (clock.today() - field.data).days > LONGEST_AGO:
            raise ValidationError(_l("That day is more than two years ago. Check the year."))

    def validate_who(self, field: Any) -> None:
        """An order and a plan that was sent need the provider: the two are held against each other."""
        if self.act.data in {Act.SENT, Act.ORDER} and not field.data:
            raise ValidationError(_l("Please write who it is: the plan has to go to whoever ordered it."))


class Untrue(PageForm):
    """Which numbers that were asked alone count no more, and why; `version` is that of the last entry that was read."""

    measurement = StringField()
    why = line(_l("Why are they taken out? One line"))
    version = IntegerField(validators=[InputRequired()])


class WhyOut(PageForm):
    """Why numbers that were typed in count no more."""

    text = line(_l("Why are they taken out? One line"))
