"""Forms with which somebody signs in and looks after their factors."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import (
    PasswordField,
    StringField,
)
from wtforms.validators import DataRequired, InputRequired

from intake.security.policy import Role
from intake.web.inputs import ROLES, PageForm, a_phone, an_email, hats, known_zone, line, on_paper


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


class ByLink(NewPassword):
    """A password to choose with a link that works once. The script takes the code from the fragment of the address."""

    link = line(
        _l("Code of your link"),
        400,
        hint=_l("What stands after the # in your link. You can also paste the whole link."),
        render_kw={
            "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "data-code": "link",
        },
    )  # fmt: skip

    @property
    def token(self) -> str:
        """What the link carries."""
        return str(self.link.data or "").rpartition("#")[2]


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

    code = on_paper(
        _l("Recovery code"),
        _l("As printed, like 7KQ2-9MXP-4TRW-8ZAB. Capitals and dashes do not matter."),
    )


class KeyName(PageForm):
    """What somebody calls a passkey of theirs."""

    buttons = ("credential",)
    name = line(_l("Name of the passkey"), 60, hint=_l("So that you know it again, for example: my phone."))


class SetUp(ByLink):
    """The clinic and its first administrator."""

    clinic_name = line(_l("Name of the clinic"))
    clinic_phone = line(_l("Phone number patients call"), 40)
    time_zone = StringField(_l("Time zone"), [DataRequired()], default="America/New_York")
    name = line(_l("Your name"))
    email = line(_l("Your e-mail"), 254, render_kw={"autocomplete": "username"})
    roles = hats(
        _l("What else do you do here?"),
        [(role, name) for role, name in ROLES if role != Role.ADMIN],
        hint=_l("For whoever works alone or does several things. Later you cannot give yourself a role."),
    )

    validate_email = staticmethod(an_email)
    validate_time_zone = staticmethod(known_zone)
    validate_clinic_phone = staticmethod(a_phone)
