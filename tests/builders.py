"""Plain functions that put fictional people and their records into a database, by way of the actions."""

from __future__ import annotations

import itertools
import secrets
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from intake.actions import (
    accounts,
    amendment_requests,
    careteams,
    emergencies,
    handovers,
    invitations,
    notes,
    patients,
    plans,
    signatures,
    transcripts,
)
from intake.actions import clinicforms as form_acts
from intake.actions import clinics as clinic_acts
from intake.actions import measures as measure_acts
from intake.clinical import additions
from intake.clinical import signed as record
from intake.clinical.measures.reading import Given
from intake.clinical.plan import with_usual_dose
from intake.forms import conditions, reader
from intake.forms.bodymap import regions
from intake.forms.model import Form, Kind, Need, Question
from intake.forms.needs import missing
from intake.security import box, chain, passwords, signing, tokens, totp
from intake.security.devices import UNKNOWN
from intake.security.keys import KeyRing
from intake.security.passwords import Cost
from intake.security.policy import Role
from intake.security.signing import Instance
from intake.store import careteam, clinicforms, people, proofs, responses, sessions
from intake.store.amendment_requests import AmendmentRequest
from intake.store.careteam import BY_VISIT
from intake.store.clinicforms import ClinicForm
from intake.store.emergencies import BreakGlass
from intake.store.factors import RecoveryCode, TotpSeed
from intake.store.flags import Flag
from intake.store.handovers import Handover
from intake.store.notes import Note
from intake.store.patients import Patient
from intake.store.people import Clinic, Location, User
from intake.store.plans import Plan
from intake.store.responses import Response
from intake.store.sessions import Login
from intake.store.signatures import Signature
from intake.store.visits import Invitation, Visit
from intake.web.identity import SESSION_TOKEN

KEYS = KeyRing.from_secret(b"a fixed key that only the tests use!")
SECRET = KEYS.derive("tokens")
AUDIT_KEYS = chain.keys_of(KEYS.derive("audit"))
COST = Cost(passes=1, memory=8).peppered(KEYS.derive("pepper"))
INSTANCE = Instance.of(KEYS.derive(signing.PURPOSE))
NEW_YORK = ZoneInfo("America/New_York")
PASSWORD = "seven green kettles hum"
SEED = b"twenty bytes of seed"
PASSWORD_HASH = passwords.hash_password(PASSWORD, COST)
GOAL = {
    "goal_text": {"value": "Walk for 30 minutes with a dry pad"},
    "goal_measure": {"value": "pad"},
    "goal_baseline": {"value": "10 minutes"},
    "goal_target": {"value": "30 minutes"},
    "goal_due": {"value": "2099-06-01"},
}
NOTE = {"goal": {"value": [GOAL]}}
PLAN = {
    "cp_findings": {"value": "Your pelvic floor muscles tighten and lift."},
    "cp_exercises": {
        "value": [with_usual_dose({"cp_exercise": {"value": name}}) for name in ("belly-breathing", "floor-lift-lying")]
    },
}


def code(now: datetime | None = None, later: int = 0) -> str:
    """What everybody's authenticator app shows, or will show `later` steps on."""
    return totp.code(SEED, totp.step(now or datetime.now(UTC)) + later)


def wrong_code(seed: bytes = SEED) -> str:
    """What no authenticator app on the seed shows now, nor a few minutes earlier or later."""
    here = totp.step(datetime.now(UTC))
    shown = {totp.code(seed, here + by) for by in range(-10, 11)}
    return next(each for number in itertools.count() if (each := f"{number:06}") not in shown)


def plausible(question: Question) -> Any:
    """The value of an answer that says as little as possible: no, none, the first choice, the lowest number."""
    match question.kind:
        case Kind.YES_NO:
            return "no"
        case Kind.CHOICE | Kind.CONSENT:
            return _quiet(question)
        case Kind.CHOICES:
            return [_quiet(question)]
        case Kind.NUMBER:
            number = {"number": str(question.minimum if question.minimum is not None else 1)}
            return number | ({"unit": question.units[0].code} if question.units else {})
        case Kind.DATE:
            return "2026-03-01"
        case Kind.SCALE:
            return int(question.minimum or 0)
        case Kind.GRID:
            cell = {column.id: plausible(column) for column in question.columns} or next(iter(question.options)).code
            return {row.code: cell for row in question.rows}
        case Kind.MAP:
            first = regions(question.map)[0].code
            return {first: 1} if question.rated else [first]
        case _:
            return "About 30 minutes a day"


def _quiet(question: Question) -> str:
    alone = [option.code for option in question.options if option.exclusive or option.code in {"none", "no", "never"}]
    return (alone or [option.code for option in question.options])[0]


def filled(form: Form, given: Mapping[str, Any]) -> dict[str, Any]:
    """The given answers, and the plainest one to every other question that insists."""
    answers = dict(given)
    if "dn_done" in form.by_id:  # signing asks for it, the form does not
        answers.setdefault("pr_total", {"value": {"number": "45", "unit": "min"}})
    for _round in range(100):
        problems = missing(form, answers)
        if not problems:
            return answers
        for problem in problems:
            root = problem.field.partition(".")[0]
            question = form.by_id[root]
            if question.kind is Kind.GROUP:
                counted = conditions.visible_answers(form, answers)
                answers[root] = {
                    "value": [_entry(question, counted, form) for _ in range(question.minimum_entries or 1)]
                }
            else:
                answers[root] = {"value": plausible(question)}
    message = f"the form {form.id} cannot be filled: {missing(form, answers)}"
    raise AssertionError(message)


def _entry(group: Question, counted: Mapping[str, Any], form: Form) -> dict[str, Any]:
    entry: dict[str, Any] = {}
    for child in group.questions:
        if child.need is not Need.OPTIONAL and child.id in conditions.entry_visible(group, entry, counted, form):
            entry[child.id] = {"value": plausible(child)}
    return entry


class Builders:
    """make.user(), make.note() … Each fills in what it is not given, and commits."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.codes: dict[uuid.UUID, str] = {}
        self.second_codes: dict[uuid.UUID, str] = {}
        self.tokens: dict[uuid.UUID, str] = {}
        self._numbers = itertools.count(1)
        self._office: dict[str, User] = {}

    @property
    def now(self) -> datetime:
        """This moment, which `clock` can move."""
        return datetime.now(UTC)

    @property
    def today(self) -> date:
        """The day where the clinic is, which is not always that of `now`."""
        return self.now.astimezone(NEW_YORK).date()

    def clinic(self, **settings: Any) -> Clinic:
        """The clinic; made once."""
        if (there := people.clinic(self.session)) is not None:
            return there
        plain = {"name": "Fernbank Clinic (fictional)", "phone": "555-0100", "time_zone": NEW_YORK.key}
        clinic = Clinic(**{**plain, "numbers_checked_on": self.now.date(), **settings})
        return self._keep(clinic)

    def location(self, name: str = "") -> Location:
        """A place."""
        name = name or f"Room {next(self._numbers)}"
        return clinic_acts.add_location(self.session, name, "1 Invented Street", by=self.office("admin"), now=self.now)

    def user(self, *roles: str, **details: Any) -> User:
        """Somebody of the clinic, with PASSWORD and an authenticator app on SEED (none with `app=False`)."""
        self.clinic()
        app = details.pop("app", True)
        number = next(self._numbers)
        plain = {
            "email": f"person{number}@example.org",
            "name": f"Pat Example {number}",
            "created_at": self.now - timedelta(days=30),
        }
        user = User(**{"roles": list(roles), "password_hash": PASSWORD_HASH, **plain, **details})
        user.id = uuid.uuid4()
        return self._keep(user, *([self._seed(user)] if app else []))

    def _seed(self, user: User) -> TotpSeed:
        row = TotpSeed(id=uuid.uuid4(), user_id=user.id, created_at=self.now, confirmed_at=self.now)
        row.seed = proofs.locked(SEED, row, box.key_of(SECRET))
        return row

    def login(self, user: User, device: str = UNKNOWN) -> str:
        """The token of a session with both factors."""
        token = tokens.new_token()
        hashed = tokens.keyed_hash(SECRET, SESSION_TOKEN, token)
        sessions.admit(self.session, Login(user_id=user.id), user, hashed, device, self.now)
        self.session.commit()
        return token

    def on_paper(self, user: User, hashes: Sequence[str]) -> None:
        """Recovery codes of somebody's, by their hashes."""
        self._keep(*(RecoveryCode(user_id=user.id, code_hash=each, created_at=self.now) for each in hashes))

    def therapist(self, **details: Any) -> User:
        """A therapist who treats nobody yet."""
        return self.user("therapist", **{"credentials": "PT, DPT", **details})

    def front_desk(self, **details: Any) -> User:
        """Somebody of the front desk."""
        return self.user("front-desk", **details)

    def admin(self, **details: Any) -> User:
        """An administrator."""
        return self.user("admin", **details)

    def office(self, role: str) -> User:
        """Who did what a test does not say by whom; made once."""
        if role not in self._office:
            self._office[role] = self.user(role)
        return self._office[role]

    def assistant(self, **details: Any) -> User:
        """An assistant who is on no team yet."""
        return self.user("assistant", **{"credentials": "PTA", **details})

    def privacy_lead(self, **details: Any) -> User:
        """Who looks after privacy."""
        return self.user("privacy-lead", **details)

    def safety_lead(self, **details: Any) -> User:
        """The therapist the clinic named to look after safety."""
        lead, clinic = self.therapist(**details), self.clinic()
        clinic_acts.name_safety_lead(
            self.session, clinic, lead, over=clinic.version, by=self.office("admin"), now=self.now
        )
        return lead

    def member(self, patient: Patient, user: User | None = None, role: str = "assistant") -> User:
        """Somebody the front desk put on a patient's team."""
        user = user or self.user(role)
        careteams.add(self.session, patient, user, Role(role), by=self.office("front-desk"), now=self.now)
        return user

    def emergency(self, patient: Patient, user: User | None = None, *, sensitive: bool = False) -> BreakGlass:
        """A chart that a therapist who is not on the team opened just now."""
        return emergencies.open_chart(
            self.session, patient.id, reason="acute", text="She called from the hospital.", sensitive=sensitive,
            by=user or self.therapist(), now=self.now,
        )  # fmt: skip

    def patient(self, **details: Any) -> Patient:
        """A patient without a visit."""
        number = next(self._numbers)
        contacts = [{"method": "mobile", "value": "555-0123", "safe": "safe"}]
        plain = {"legal_name": f"Rowan Invented {number}", "name_used": "", "birth_date": date(1993, 4, 27)}
        by = details.pop("by", None) or self.office("front-desk")
        return patients.create(self.session, **{"contacts": contacts, **plain, **details}, by=by, now=self.now)

    def visit(self, patient: Patient | None = None, therapist: User | None = None, **details: Any) -> Visit:
        """A first evaluation tomorrow. It puts the therapist on the care team."""
        therapist = therapist or self.therapist()
        plain = {"location": details.pop("location", None) or self.location(), "kind": "initial-evaluation"}
        plain["starts_at"] = self.now + timedelta(days=1)
        visit = patients.schedule(
            self.session,
            patient or self.patient(),
            therapist=therapist,
            **{**plain, **details},
            by=therapist,
            now=self.now,
        )
        # As if the front desk had planned it.
        careteam.join(self.session, visit.patient_id, therapist.id, "therapist", reason=BY_VISIT, now=self.now)
        self.session.commit()
        return visit

    def invitation(self, visit: Visit | None = None, days: int = 14) -> Invitation:
        """An invitation that was sent; `codes` has its access code."""
        visit = visit or self.visit()
        second = self.clinic().second_code
        sent = invitations.send(
            self.session, visit, days=days, with_second=second, secret=SECRET, by=visit.therapist, now=self.now
        )
        self.codes[sent.invitation.id], self.second_codes[sent.invitation.id] = sent.code, sent.second
        return sent.invitation

    def intake(
        self, visit: Visit | None = None, answers: Mapping[str, Any] | None = None, *, submitted: bool = False
    ) -> Response:
        """An intake that was opened and holds these answers; handed in with the required ones filled in."""
        form, invitation = reader.latest("intake"), self.invitation(visit)
        claim = invitations.claim(SECRET, self.codes[invitation.id], "", invitation.patient.birth_date)
        invitations.enter(self.session, claim, token_hash=secrets.token_hex(16), now=self.now)
        response = responses.intake_of(self.session, invitation.visit_id)
        assert response is not None
        self.answer(response, filled(form, answers or {}) if submitted else answers or {})
        if submitted:
            from intake.actions import intakes

            intakes.submit(
                self.session,
                response,
                form,
                signer="Rowan Invented",
                by=invitation,
                today=self.now.date(),
                now=self.now,
            )
        return response

    def transcript(
        self, visit: Visit | None = None, by: User | None = None, answers: Mapping[str, Any] | None = None, **more: Any
    ) -> Response:
        """A paper form that is being typed in, with what is typed so far; `finished` with its agreements signed."""
        visit = visit or self.visit()
        by, finished = by or visit.therapist, more.pop("finished", False)
        plain = {"filled_on": self.now.date() - timedelta(days=3), "idle": timedelta(minutes=10)}
        response = transcripts.start(
            self.session, visit, more.pop("form", "intake"), more.pop("source", "paper"), **{**plain, **more},
            by=by, now=self.now,
        )  # fmt: skip
        if answers or finished:
            self.answer(response, answers or {"fn_goal_top": {"value": "To lift"}})
        if finished:
            signature = transcripts.Signature("Rowan Invented", self.now.date() - timedelta(days=3))
            transcripts.finish(
                self.session, response, ceiling="safety", signature=signature, by=by, today=self.now.date(),
                now=self.now,
            )  # fmt: skip
        return response

    def measure(
        self, measure: str, *items: int | None, visit: Visit | None = None, by: User | None = None, **more: Any
    ) -> Response:
        """Numbers of a measure that staff typed in: its items in order, or a `total`."""
        visit = visit or self.visit()
        given = Given({str(place): number for place, number in enumerate(items, 1)}, more.pop("total", None))
        plain = {"source": "paper", "on": self.now.date(), "by": by or visit.therapist, "now": self.now, **more}
        return measure_acts.enter(self.session, visit, measure, given, today=self.now.date(), **plain)

    def handover(self, visit: Visit | None = None, by: User | None = None) -> Handover:
        """A device that was handed over for a visit; `tokens` has what its cookie holds."""
        visit, token = visit or self.visit(), tokens.new_token()
        hashed = tokens.keyed_hash(SECRET, SESSION_TOKEN, token)
        by, form = by or visit.therapist, reader.latest("safety")
        made = handovers.start(self.session, visit, form, hashed, login=None, by=by, now=self.now)
        self.tokens[made.id] = token
        return made

    def at_home(self, visit: Visit | None = None, *, is_alone: bool = True) -> Handover:
        """The same form opened by its patient in her own sitting, with an invitation of that visit."""
        invitation, token = self.invitation(visit), tokens.new_token()
        hashed = tokens.keyed_hash(SECRET, SESSION_TOKEN, token)
        made = handovers.ask_at_home(
            self.session, invitation.visit, reader.latest("safety"), hashed,
            is_alone=is_alone, by=invitation, now=self.now,
        )  # fmt: skip
        self.tokens[made.id] = token
        return made

    def alone(self, answers: Mapping[str, Any], visit: Visit | None = None, by: User | None = None) -> Handover:
        """A device that came back with these answers of the form that is answered alone."""
        made = self.handover(visit, by)
        self.answer(made.response, answers)
        handovers.finish(self.session, made, by=None, now=self.now)
        return made

    def answer(self, response: Response, answers: Mapping[str, Any]) -> None:
        """Save answers, {question: {"value": …}}, as the latest of their sections; an intake's with the last link."""
        sent = response.visit.invitations if response.number else []
        link = {"by": str(sent[-1].id)} if sent else {}
        form = reader.load(response.form, response.form_version)
        stored = responses.sections(self.session, response.id)
        for section in {form.section_of[name].id for name in answers}:
            mine, version, _at = stored[section]
            given = {name: {**a, **link} for name, a in answers.items() if form.section_of[name].id == section}
            assert responses.save_section(
                self.session, response.id, section, {**mine, **given}, over=version, now=self.now
            )
        self.session.commit()

    def flag(self, intake: Response | None = None, rule: str = "S9", severity: str = "SAME_DAY", **more: Any) -> Flag:
        """A warning sign on the worklist, of the visit's therapist unless told otherwise; nobody was mailed yet."""
        intake = intake or self.intake()
        plain = {"because": ["rf_calf"], "opened_at": self.now, "owner_id": intake.visit.therapist_id}
        made = Flag(patient_id=intake.patient_id, response_id=intake.id, rule=rule, severity=severity)
        for name, value in {**plain, **more}.items():
            setattr(made, name, value)
        return self._keep(made)

    def note(
        self,
        visit: Visit | None = None,
        author: User | None = None,
        answers: Mapping[str, Any] | None = None,
        *,
        signed: bool = False,
        kind: str = "",
        form: str = "",
        ahead: bool = False,
    ) -> Note:
        """A therapist's evaluation or an assistant's daily note; signed with the required answers filled in.

        A visit that is still to come begins now, unless the note is written `ahead` of it.
        """
        visit = visit or self.visit(therapist=author)
        if visit.starts_at > self.now and not ahead:
            visit.starts_at = self.now
            self.session.commit()
        author = author or visit.therapist
        usual = "evaluation" if Role.THERAPIST in author.roles else "daily-note"
        asked = clinicforms.newest(self.session, kind or form or usual)
        intake = responses.intake_of(self.session, visit.id)
        intake_form = reader.load(intake.form, intake.form_version) if intake else None
        ceiling = "safety" if Role.THERAPIST in author.roles else "care"
        note = notes.start(self.session, visit, asked, intake_form, ceiling=ceiling, by=author, now=self.now)
        given = {**NOTE, **(answers or {})} if signed else answers or {}
        before = responses.answers(self.session, note.response_id)
        self.answer(note.response, filled(asked, {**before, **given}) if signed else given)
        if signed:
            self.sign(note, by=author)
        return note

    def clinic_form(self, text: str, *, publish: bool = True, by: User | None = None) -> ClinicForm:
        """A form the clinic made, published or still a draft."""
        by = by or self.office("admin")
        row = form_acts.add(self.session, text, by=by, now=self.now)
        if publish:
            form_acts.publish(self.session, row, seen=row.sha256, by=by, now=self.now)
        return row

    def draft(self, note: Note) -> str:
        """The hash of a draft as its author reads it before signing."""
        form = reader.load(note.response.form, note.response.form_version)
        return record.draft_hash(signatures.read(note, form, responses.answers(self.session, note.response_id)))

    def sign(self, note: Note, **more: Any) -> Signature:
        """Sign a draft as its author does."""
        form = reader.load(note.response.form, note.response.form_version)
        plain = {"password": PASSWORD, "draft": self.draft(note), "cost": COST, "instance": INSTANCE}
        plain |= {"by": note.author, "now": self.now}
        return signatures.sign(self.session, note, form, **{**plain, **more})

    def add(self, note: Note, text: str = "She called: all is well.", **more: Any) -> Signature:
        """Add to a signed note."""
        plain = {"password": PASSWORD, "cost": COST, "instance": INSTANCE, "by": note.author, "now": self.now}
        said = more.pop("addition", None) or additions.addendum(text, more.pop("readers", additions.THERAPISTS))
        return signatures.add(self.session, note, said, **{**plain, **more})

    def wish(self, note: Note | None = None, words: str = "I never said that.", **more: Any) -> AmendmentRequest:
        """A patient asks to have a signed note changed; received today unless told otherwise."""
        note = note or self.note(signed=True)
        today = self.now.date()
        plain = {"received_on": today, "readers": additions.THERAPISTS}
        plain |= {"by": note.author, "today": today, "now": self.now}
        return amendment_requests.receive(self.session, note, words, **{**plain, **more})

    def cosign(self, note: Note, **more: Any) -> list[Signature]:
        """Co-sign what an assistant signed."""
        plain = {"password": PASSWORD, "cost": COST, "instance": INSTANCE, "by": note.visit.therapist, "now": self.now}
        self.session.expire(note, ["signatures"])
        return signatures.cosign(self.session, note, **{"read": record.waiting_hash(note.signatures), **plain, **more})

    def plan(
        self,
        note: Note | None = None,
        answers: Mapping[str, Any] | None = None,
        *,
        issued: bool = False,
        by: User | None = None,
    ) -> Plan:
        """A draft plan from a signed note, of its author; issued with the required answers filled in."""
        clinic, form = self.clinic(), reader.latest("care-plan")
        note = note or self.note(signed=True)
        by = by or note.author
        plan = plans.start(self.session, note, form, by=by, now=self.now)
        before = responses.answers(self.session, plan.response_id)
        given = {**PLAN, **before, **(answers or {})}
        self.answer(plan.response, filled(form, given) if issued else {**(answers or {})})
        if issued:
            today = self.now.date()
            plans.issue(self.session, plan, form, clinic, paper="letter", by=by, today=today, now=self.now)
        return plan

    def link(self, user: User) -> str:
        """The token of a fresh link to choose a password."""
        return accounts.offer_password(self.session, user, secret=SECRET, by=user, now=self.now)

    def _keep(self, row: Any, *more: Any) -> Any:
        self.session.add(row)
        self.session.flush()
        self.session.add_all(more)
        self.session.commit()
        return row
