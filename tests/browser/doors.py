"""The ways in: an invitation's link or code for patients; e-mail, password and an app's code for the clinic."""

from __future__ import annotations

from datetime import date, timedelta

from playwright.sync_api import Page, expect
from sqlalchemy import select

from intake.store.people import User
from intake.store.sessions import Login
from tests.browser.served import Clinic
from tests.builders import PASSWORD, code

FORM = "/f"
BORN = date(1993, 4, 27)


def invited(clinic: Clinic, **details: object) -> str:
    """The code of a new invitation for a new patient, who was BORN then."""
    with clinic.records() as make:
        invitation = make.invitation(make.visit(make.patient(**{"birth_date": BORN, **details})))
        return make.codes[invitation.id]


def give_birth_date(page: Page, born: date = BORN) -> None:
    """Type the birth date into its three boxes and go on."""
    for part in ("Month", "Day", "Year"):
        page.get_by_label(part, exact=True).fill(str(getattr(born, part.lower())))
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_label("Access code")).to_have_count(0)


def come_in(page: Page, code: str) -> None:
    """Type the code and the birth date."""
    page.goto(FORM)
    page.get_by_label("Access code").fill(code)
    give_birth_date(page)


def sign_in(page: Page, email: str) -> None:
    """Sign in with the password everybody of the clinic has here, and the code their apps show."""
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    _press(page, "Sign in")
    page.get_by_label("Code from your app").fill(code())
    _press(page, "Go on")
    expect(page.get_by_role("heading", name="One more step")).to_have_count(0)


def _press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def age(clinic: Clinic, email: str, **changes: timedelta) -> None:
    """Let the open sessions of somebody be older."""
    with clinic.records() as make:
        user = make.session.scalars(select(User).where(User.email == email)).one()
        for login in make.session.scalars(select(Login).where(Login.user_id == user.id, Login.ended_at.is_(None))):
            for name, ago in changes.items():
                setattr(login, name, make.now - ago)
        make.session.commit()
