"""How somebody gets an account, and what others may change about it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from intake.actions.refusals import EndedError, NotReadyError, RefusedError, StaleError
from intake.security import passwords, tokens
from intake.security.passwords import Cost
from intake.security.policy import TREATING, Role
from intake.store import audit, people, sessions, signing_keys
from intake.store.asked import as_asked
from intake.store.people import Clinic, OneTimeLink, User
from intake.store.sessions import Login

SETUP_MINUTES, INVITED_DAYS = 30, 3
FIRST_ADMIN, PASSWORD = "first-admin", "password"


def end(session: Session, login: Login, *, by: object, now: datetime) -> None:
    """End a session of staff or of a patient."""
    audit.ending(session, lambda: sessions.end(login, now, "signed-out"), "account.signed-out", actor=by, now=now)


def offer_setup(session: Session, secret: bytes, *, now: datetime) -> str:
    """The token of a link that creates the first administrator within 30 minutes."""
    token = tokens.new_token()
    session.add(_link(secret, token, FIRST_ADMIN, None, now + timedelta(minutes=SETUP_MINUTES)))
    audit.record(session, "clinic.setup-offered", now=now)
    session.commit()
    return token


def set_up(
    session: Session,
    link: OneTimeLink,
    *,
    clinic: Clinic,
    name: str,
    email: str,
    password: str,
    roles: Sequence[str] = (),
    cost: Cost,
    now: datetime,
) -> User:
    """Create the clinic and its first administrator; the link is spent.

    `roles` are what else they do: there is no patient yet, and later they cannot give themselves any.
    """
    if not people.is_empty(session):
        message = "This clinic is set up already. Please sign in."
        raise RefusedError(message)
    _check(password, name, email, clinic.name)
    user = User(email=email.lower(), name=name, roles=[], created_at=now)
    user.password_hash = passwords.hash_password(password, cost)
    link.used_at = now
    session.add_all([clinic, user])
    session.flush()
    _wear(session, user, [Role.ADMIN, *roles], by=user, now=now)
    audit.record(session, "clinic.set-up", actor=user, now=now)
    session.commit()
    return user


def add_person(
    session: Session,
    *,
    name: str,
    email: str,
    credentials: str,
    roles: Sequence[str],
    secret: bytes,
    by: User,
    now: datetime,
) -> tuple[User, str]:
    """A new colleague without a password, and the token of the link to choose one."""
    if people.user_by_email(session, email):
        message = "Somebody with this e-mail address is here already."
        raise RefusedError(message)
    user = User(id=uuid.uuid4(), email=email.lower(), name=name, credentials=credentials, roles=[], created_at=now)
    session.add(user)
    session.flush()
    _wear(session, user, roles, by=by, now=now)
    token = _offer_password(session, user, secret, now)
    audit.record(session, "person.added", actor=by, subject=user, now=now)
    session.commit()
    return user, token


def offer_password(session: Session, user: User, *, secret: bytes, by: User | None, now: datetime) -> str:
    """The token of a link with which somebody chooses a new password within three days."""
    token = _offer_password(session, user, secret, now)
    audit.record(session, "person.password-offered", actor=by, subject=user, now=now)
    session.commit()
    return token


def choose_password(session: Session, link: OneTimeLink, password: str, *, cost: Cost, now: datetime) -> User:
    """Set the password of the person the link was made for; the link is spent and their sessions end."""
    user = as_asked(session.get_one(User, link.user_id), id=link.user_id)
    clinic = people.clinic(session)
    _check(password, user.name, user.email, clinic.name if clinic else "")
    user.password_hash = passwords.hash_password(password, cost)
    signing_keys.retire(session, user, now)  # the forgotten one locked them; the next signature makes a new one
    people.spend_links(session, user, now)
    sessions.end_all(session, user, now, "password")
    audit.record(session, "account.password-chosen", actor=user, now=now)
    session.commit()
    return user


def change_person(
    session: Session,
    user: User,
    *,
    name: str,
    credentials: str,
    roles: Sequence[str],
    over: int,
    by: User,
    now: datetime,
) -> None:
    """Keep somebody's name, credentials and roles over version `over`.

    Nobody takes the administrator's hat off themselves, and nobody puts another one on themselves: it takes a second
    person to open charts to an administrator.
    """
    if user.version != over:
        raise StaleError
    if user.id == by.id and "admin" not in roles:
        message = "You cannot take this role from yourself. Ask another administrator."
        raise RefusedError(message)
    if user.id == by.id and not set(roles) <= set(user.roles):
        message = "You cannot give yourself a role. Ask another administrator, or whoever runs the server."
        raise RefusedError(message)
    user.name, user.credentials = name, credentials
    _wear(session, user, roles, by=by, now=now)
    audit.record(session, "person.changed", actor=by, subject=user, now=now)
    session.commit()


def give_role(session: Session, user: User, role: Role, *, now: datetime) -> None:
    """One role more, by whoever runs the server: for the only administrator, who has nobody to ask."""
    if role in user.roles:
        message = "This person has this role already."
        raise RefusedError(message)
    _wear(session, user, [*user.roles, role], by=None, now=now)
    audit.record(session, "person.changed", subject=user, now=now, reason=role)
    session.commit()


def _wear(session: Session, user: User, roles: Sequence[str], *, by: User | None, now: datetime) -> None:
    """Put these hats on somebody. An administrator who can be let into charts from now on is told to the trail."""
    before, user.roles = {*user.roles}, list(roles)
    is_told = before >= {Role.ADMIN} and before & TREATING
    if Role.ADMIN in roles and (sight := TREATING.intersection(roles)) and not is_told:
        audit.record(session, "alert.admin-treats", actor=by, subject=user, now=now, reason=" ".join(sorted(sight)))


def set_active(session: Session, user: User, *, active: bool, by: User, now: datetime) -> None:
    """Let somebody in, or keep them out from the next request on. Nobody locks out themselves."""
    if user.id == by.id and not active:
        message = "You cannot switch off your own account. Ask another administrator."
        raise RefusedError(message)
    user.is_active = active
    if not active:
        sessions.end_all(session, user, now, "disabled")
    audit.record(session, "person.enabled" if active else "person.disabled", actor=by, subject=user, now=now)
    session.commit()


def _offer_password(session: Session, user: User, secret: bytes, now: datetime) -> str:
    token = tokens.new_token()
    session.add(_link(secret, token, PASSWORD, user.id, now + timedelta(days=INVITED_DAYS)))
    return token


def _link(secret: bytes, token: str, purpose: str, user_id: uuid.UUID | None, expires_at: datetime) -> OneTimeLink:
    token_hash = tokens.keyed_hash(secret, purpose, token)
    return OneTimeLink(purpose=purpose, user_id=user_id, token_hash=token_hash, expires_at=expires_at)


def change_password(session: Session, user: User, password: str, *, cost: Cost, keep: Login, now: datetime) -> None:
    """Set a new password for whoever has just proved who they are; every session but `keep` ends."""
    clinic = people.clinic(session)
    _check(password, user.name, user.email, clinic.name if clinic else "")
    encoded = passwords.hash_password(password, cost)
    if not sessions.hold(session, user, keep):
        raise EndedError
    user.password_hash = encoded
    signing_keys.retire(session, user, now)  # the old password locks it; the next signature makes a new one
    people.spend_links(session, user, now)
    sessions.end_all(session, user, now, "password", but=keep)
    audit.record(session, "account.password-changed", actor=user, now=now)
    session.commit()


def _check(password: str, name: str, email: str, clinic: str) -> None:
    if reasons := passwords.reasons_not_to_accept(password, name, email.partition("@")[0], clinic=clinic):
        raise NotReadyError(reasons)
