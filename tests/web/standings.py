"""One patient and everybody who can stand to her in some way, her records in every state, and words planted in them.

A planted word says which tier it belongs to, so that a page tells by itself whose words it shows.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from intake.actions import emergencies, flags, invitations, safety_entries
from intake.forms import disclosure, reader
from intake.forms.conditions import visible_answers
from intake.forms.model import Form, Kind
from intake.store import careteam, responses
from intake.store.flags import Flag
from intake.store.limits import Tally
from tests.browsing import Browser
from tests.builders import NOTE, PASSWORD, PLAN, Builders, filled
from tests.web.matrix import Actor, Record
from tests.web.world import World

PRIVATE = {"cp_private_topics": {"value": ["return-to-sex"]}, "cp_private_wanted": {"value": "yes"}}
# Our forms ask about violence in the room only; these stand for such questions (tests/raised.py).
VIOLENCE = frozenset({"ti_triggers", "hi_mood"})


@dataclass
class Clinic:
    """Who there is, what there is, the access codes by invitation, and {tier: words that stand in some record}."""

    actors: list[Actor]
    records: Mapping[str, list[Record]]
    codes: Mapping[str, str]
    patient: Any
    planted: dict[str, set[str]]
    violent: Flag
    session: Session

    def forget_tries(self) -> None:
        """Nobody has asked too often: the clock stands, so nobody could print for long."""
        self.session.rollback()
        self.session.execute(delete(Tally))
        self.session.commit()

    def actor(self, name: str) -> Actor:
        """The one of that name."""
        return next(actor for actor in self.actors if actor.name == name)


@dataclass
class Planting:
    """Makes words of a tier that stand nowhere else, and knows which of them a reader can find."""

    found: dict[str, set[str]] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(100))

    def word(self, tier: str) -> str:
        """A word that is its tier's alone."""
        made = f"quux{tier}{next(self.numbers)}quux"
        self.found.setdefault(tier, set()).add(made)
        return made

    def answers(self, form: Form, given: Mapping[str, Any]) -> dict[str, Any]:
        """The given answers and a word in every question of words that is asked then."""
        known, whole = disclosure.tiers(form), dict(given)
        asked = [q for q in form.questions() if q.kind in {Kind.STRING, Kind.TEXT} and q.id not in given]
        for question in asked:
            tried = {**whole, question.id: {"value": "x"}}
            if question.max_length >= LONGEST and question.id in visible_answers(form, tried):
                whole[question.id] = {"value": self.word(str(known[question.id]))}
        return whole


RULES = ("S1", "S2", "S3", "S4", "S5", "S6")
LONGEST = len("quuxsensitive100quux")


def clinic_of(
    session: Session, make: Builders, world: World, clock: Any, new_client: Callable[[], Browser],
    sign_in: Callable[..., Browser], enter: Callable[..., Browser],
) -> Clinic:  # fmt: skip
    """Everybody who may stand to a patient in some way, and her records in every state. The clock moves an hour on."""
    patient, visit, planting = world.invitation.patient, world.invitation.visit, Planting()
    author, form, intake = world.therapist, reader.latest("evaluation"), responses.intake_of(session, visit.id)
    make.answer(intake, planting.answers(reader.latest("intake"), responses.answers(session, intake.id)))
    aide, former_aide, left, former = make.member(patient), make.member(patient), make.therapist(), make.therapist()
    hers = [make.note(make.visit(patient, author), aide, answers=filled(form, NOTE)) for _each in range(3)]
    for note in hers[1:]:
        make.sign(note)
    make.cosign(hers[2], by=author)
    of_left = [make.note(make.visit(patient, left)), make.note(make.visit(patient, left), signed=True)]
    told = make.note(make.visit(patient, author), signed=True, answers=planting.answers(form, filled(form, NOTE)))
    make.add(told, planting.word("sensitive"))
    words = planting.answers(reader.latest("care-plan"), {**PLAN, **PRIVATE})
    plans = [make.plan(of_left[1]), make.plan(told, words, issued=True)]
    make.visit(patient, former)
    off = {left.id, former.id, former_aide.id}
    for member in careteam.members(session, patient.id, make.now):
        member.until = make.now if member.user_id in off else None
    make.emergency(patient, expired := make.therapist())
    clock.shift(timedelta(minutes=61))
    opened = make.emergency(patient, world.opener)
    opened.text = planting.word("emergency")
    wide = make.emergency(patient, make.therapist(), sensitive=True)
    ended = make.emergency(patient, make.therapist())
    emergencies.end(session, ended, by=ended.user, now=make.now)
    violent, closed = (raised(session, because, make.now) for because in (sorted(VIOLENCE)[1:], ["rf_bleed"]))
    session.commit()
    flags.close(session, closed, planting.word("sign"), over=closed.version, by=author, now=make.now)
    safety_entries.write(session, patient, planting.word("alone"), over=0, by=author, now=make.now)
    back, device = make.alone({"ipv_hurt": {"value": "yes"}}, visit), make.handover(make.visit(patient, author))
    home = make.at_home(make.visit(patient, author))
    cancelled, revoked = make.visit(patient, author), make.invitation(visit)
    cancelled.cancelled_at = make.now
    invitations.revoke(session, revoked, by=author, now=make.now)
    session.commit()
    people = SimpleNamespace(**locals())
    made = Clinic(
        actors=[
            arrived(actor, sign_in, enter, world, make.tokens[device.id])
            for actor in everybody(people, world, make, new_client)
        ],
        records=everything_of(people, world),
        codes={str(each.id): make.codes[each.id] for each in (world.invitation, revoked)},
        patient=patient,
        planted=planting.found,
        violent=violent,
        session=session,
    )
    session.rollback()
    return made


def raised(session: Session, because: list[str], now: datetime) -> Flag:
    """One more sign beside those that stand."""
    held = session.scalars(select(Flag)).all()
    made = Flag(patient_id=held[0].patient_id, response_id=held[0].response_id, opened_at=now)
    made.rule = next(rule for rule in RULES if rule not in {flag.rule for flag in held})
    made.severity, made.because, made.owner_id = "DISCUSS", because, held[0].owner_id
    made.seen_at, made.seen_by_id = now, held[0].owner_id  # looking at it again changes nothing
    session.add(made)
    session.flush()
    return made


def everybody(found, world, make, new_client):
    """Each role with each relation to the patient."""

    def actor(name, user, hats=None, **more):
        return Actor(name, new_client(), user, frozenset(user.roles) if hats is None and user else hats, **more)

    yield actor("author", found.author, on_team=True)
    yield actor("colleague", make.member(found.patient, make.therapist(), "therapist"), on_team=True)
    yield actor("former therapist", found.former)
    yield actor("author who left the team", found.left)
    yield actor("therapist elsewhere", world.outsider)
    yield actor("in an emergency", world.opener, emergency="care")
    yield actor("in an emergency, private part too", found.wide.user, emergency="sensitive")
    yield actor("emergency over", found.expired)
    yield actor("emergency ended", found.ended.user)
    yield actor("assistant who wrote", found.aide, on_team=True)
    yield actor("assistant", world.assistant, on_team=True)
    yield actor("former assistant", found.former_aide)
    yield actor("assistant elsewhere", make.assistant())
    yield actor("front desk", world.desk)
    yield actor("admin", world.admin)
    yield actor("privacy lead", world.privacy)
    yield actor("desk and privacy lead", make.user("front-desk", "privacy-lead"))
    yield actor("admin and therapist elsewhere", make.user("admin", "therapist"))
    yield actor("assistant and desk", make.member(found.patient, make.user("assistant", "front-desk")), on_team=True)
    yield actor("without a role", make.user())
    yield Actor("nobody", new_client())
    yield Actor("switched off", new_client(), make.therapist(is_active=False))
    yield Actor("locked", new_client(), make.member(found.patient, make.therapist(), "therapist"))
    yield Actor("half way in", new_client(), make.member(found.patient, make.therapist(), "therapist"))
    yield Actor("patient", new_client())
    yield actor("safety lead", world.lead, leads=True)
    yield Actor("handed a device", new_client())


def arrived(actor, sign_in, enter, world, device=""):
    """The same with their browser where they stand."""
    browser = actor.browser
    if actor.name == "patient":
        enter(world.invitation, browser)
    elif actor.name == "handed a device":
        with browser.session_transaction() as cookie:
            cookie["kiosk"] = device
        browser.get("/here")
    elif actor.name == "half way in":
        browser.submit("/sign-in", {"email": actor.user.email, "password": PASSWORD})
    elif actor.user is not None:
        sign_in(actor.user, browser)
    browser.get("/f")
    if actor.name == "locked":
        browser.post("/lock/now", data={"csrf_token": browser.token})
    with browser.session_transaction() as cookie:
        actor.cookie = dict(cookie)
    return actor


def everything_of(found, world):
    """{kind: the records}: the patient's in every state, and those of the people of the clinic."""
    about = {"patient": found.patient.id}

    def note(name, row, state, **more):
        return Record("note", name, row.id, **about, state=state, author=row.author_id, **more)

    def plan(name, row_id, state, author):
        return Record("plan", name, row_id, **about, state=state, author=author)

    author = found.author
    mine = {kind: world.ids[f"{kind}_id"] for kind in ("login", "passkey", "page")}
    return {
        "patient": [Record("patient", "patient", found.patient.id, **about)],
        "visit": [
            Record("visit", name, row.id, **about)
            for name, row in (("visit", found.visit), ("cancelled visit", found.cancelled))
        ],
        "invitation": [
            Record("invitation", name, row.id, **about)
            for name, row in (("invitation", world.invitation), ("withdrawn invitation", found.revoked))
        ],
        "transcript": [Record("transcript", "paper form", world.ids["transcript_id"], **about)],
        "measurement": [Record("measurement", "measurement", world.ids["measurement_id"], **about)],
        "diary": [Record("diary", "diary", world.ids["diary_id"], **about)],
        "response": [Record("response", "intake", world.ids["response_id"], **about)],
        "flag": [
            Record("flag", "sign", world.ids["flag_id"], **about, tier="care", state="open", owner=author.id),
            Record("flag", "sign of violence", found.violent.id, **about, tier="safety", state="open", owner=author.id),
            Record("flag", "closed sign", found.closed.id, **about, tier="care", state="closed", owner=author.id),
        ],
        "note": [
            Record("note", "draft", world.ids["note_id"], **about, state="draft", author=author.id),
            Record("note", "signed note", world.ids["signed_note"], **about, state="signed", author=author.id),
            note("note that was added to", found.told, "signed"),
            note("draft of one who left", found.of_left[0], "draft"),
            note("signed note of one who left", found.of_left[1], "signed"),
            note("assistant's draft", found.hers[0], "draft"),
            note("assistant's note that waits", found.hers[1], "awaiting-cosignature"),
            note("co-signed note", found.hers[2], "signed", cosigners=frozenset({author.id})),
        ],
        "plan": [
            plan("draft plan", world.ids["plan_id"], "draft", author.id),
            plan("plan handed over", world.ids["issued_plan"], "issued", author.id),
            plan("plan in words", found.plans[1].id, "issued", author.id),
            plan("draft plan of one who left", found.plans[0].id, "draft", found.left.id),
        ],
        "document": [
            Record("document", f"{each.tier} document", each.id, **about, tier=each.tier)
            for each in found.plans[1].documents
        ],
        "handover": [
            Record("handover", "device that is out", found.device.id, **about),
            Record("handover", "device that came back", found.back.id, **about),
            Record("handover", "form that is open at home", found.home.id, **about),
        ],
        "membership": [Record("membership", "membership", world.ids["membership_id"], **about)],
        "emergency": [
            Record("emergency", name, row.id, **about, owner=row.user_id)
            for name, row in (
                ("emergency", found.opened),
                ("wide emergency", found.wide),
                ("ended emergency", found.ended),
            )
        ],
        "event": [Record("event", "act on a plan of care", world.ids["event_id"], **about)],
        "code": [Record("code", "payer", world.ids["code_id"])],
        "mail": [Record("mail", "mail", world.ids["mail_id"])],
        "form": [Record("form", "form of the clinic", world.ids["form_id"])],
        "user": [Record("user", "person", world.ids["user_id"])],
        "reset": [Record("reset", "reset", world.ids["reset_id"])],
        **{kind: [Record(kind, f"author's {kind}", row_id, owner=author.id)] for kind, row_id in mine.items()},
    }
