"""Who may do what, said once more for the tests: what each route asks for, and who stands how to which record.

What is allowed is read from docs/policy.md, so the page people read, the policy and the pages are held against each
other. `Case` is one of them: somebody sends something to an address about a record in some state.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from tests.browsing import Browser
from tests.web.world import NOTHING, PART

PAGE = Path(__file__).parents[2] / "docs" / "policy.md"
VERBS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
ALLOWED, REFUSED, NOT_NOW, WAY_IN, NO_VERB, OPEN = "allowed", "refused", "not now", "way in", "no such verb", "open"
PUBLIC, ON_THE_WAY = "public", "on-the-way"
# endpoint, the permission it asks for, the kind of record it is about
ROUTES = """
home                            public           -
healthz                         public           -
patient.form.show               public           -
patient.form.send               public           -
patient.leave.go                public           -
patient.start.moved             public           -
kiosk.form.show                 public           -
kiosk.form.send                 public           -
kiosk.leave.go                  public           -
account.links.set_up            public           -
account.links.create            public           -
account.links.password          public           -
account.links.choose            public           -
account.sign_in.show            public           -
account.sign_in.enter           public           -
account.sign_in.options         public           -
account.sign_in.passkey         public           -
account.sign_in.leave           on-the-way       -
account.second.show             on-the-way       -
account.second.enter            on-the-way       -
account.second.options          on-the-way       -
account.second.passkey          on-the-way       -
account.second.lost             on-the-way       -
account.second.recover          on-the-way       -
account.enrol.show              on-the-way       -
account.lock.show               on-the-way       -
account.lock.unlock             on-the-way       -
account.lock.options            on-the-way       -
account.lock.passkey            on-the-way       -
account.lock.now                on-the-way       -
account.lock.state              on-the-way       -
account.passkeys.show           on-the-way       -
account.passkeys.options        on-the-way       -
account.passkeys.add            on-the-way       -
account.totp.show               on-the-way       -
account.totp.propose            on-the-way       -
account.totp.confirm            on-the-way       -
account.totp.remove             use-account      -
account.password.show           use-account      -
account.password.change         use-account      -
account.recovery.show           use-account      -
account.recovery.make           use-account      -
account.step_up.show            use-account      -
account.step_up.prove           use-account      -
account.step_up.options         use-account      -
account.step_up.passkey         use-account      -
account.overview.show           use-account      -
account.overview.end_others     use-account      -
account.overview.end            use-own          login
account.passkeys.edit           use-own          passkey
account.passkeys.rename         use-own          passkey
account.passkeys.remove         use-own          passkey
account.phrases.index           use-account      -
account.phrases.save            use-account      -
account.phrases.remove          use-account      -
account.kept.show               use-own          page
account.kept.discard            use-own          page
admin.people.index              manage-clinic    -
admin.people.create             manage-clinic    -
admin.people.show               manage-clinic    user
admin.people.save               manage-clinic    user
admin.people.password           manage-clinic    user
admin.people.switch             manage-clinic    user
admin.resets.show               manage-clinic    user
admin.resets.ask                manage-clinic    user
admin.resets.approve            manage-clinic    reset
admin.resets.approve_with_key   manage-clinic    reset
admin.resets.offer_key          manage-clinic    -
admin.resets.keep_key           manage-clinic    -
admin.resets.drop               manage-clinic    reset
admin.settings.show             manage-clinic    -
admin.settings.save             manage-clinic    -
admin.settings.add_place        manage-clinic    -
admin.settings.name_lead        manage-clinic    -
admin.alerts.show               manage-clinic    -
admin.alerts.save               manage-clinic    -
admin.alerts.add_holiday        manage-clinic    -
admin.alerts.remove_holiday     manage-clinic    -
admin.alerts.put_away           manage-clinic    mail
admin.alerts.try_again          manage-clinic    mail
admin.times.show                read-times       -
admin.forms.index               manage-clinic    -
admin.forms.new                 manage-clinic    -
admin.forms.create              manage-clinic    -
admin.forms.show                manage-clinic    form
admin.forms.publish             manage-clinic    form
admin.forms.retire              manage-clinic    form
admin.forms.discard             manage-clinic    form
admin.packs.index               manage-clinic    -
admin.packs.create              manage-clinic    -
admin.previews.show             manage-clinic    form
admin.previews.send             manage-clinic    form
admin.previews.ours             manage-clinic    -
admin.previews.send_ours        manage-clinic    -
admin.visit_forms.change        manage-clinic    -
admin.codes.index               manage-clinic    -
admin.codes.add                 manage-clinic    -
admin.codes.add_payer           manage-clinic    -
admin.codes.stop                manage-clinic    code
admin.phrases.index             manage-clinic    -
admin.phrases.save              manage-clinic    -
admin.phrases.remove            manage-clinic    -
clinic.today.index              see-day          -
clinic.patients.index           see-patients     -
clinic.patients.search          see-patients     -
clinic.patients.new             manage-patients  -
clinic.patients.create          manage-patients  -
clinic.patients.show            see-patient      patient
clinic.patients.change          manage-patients  patient
clinic.patients.save            manage-patients  patient
clinic.patients.schedule        manage-patients  patient
clinic.care_team.add            manage-team      patient
clinic.care_team.end            manage-team      membership
clinic.visits.show              invite           visit
clinic.visits.invite            invite           visit
clinic.visits.cancel            invite           visit
clinic.short_forms.ask          ask-form         visit
clinic.transcripts.choose       enter-paper      visit
clinic.transcripts.start        enter-paper      visit
clinic.transcripts.show         enter-paper      transcript
clinic.transcripts.save         enter-paper      transcript
clinic.transcripts.hand_back    enter-paper      transcript
clinic.transcripts.check        enter-paper      transcript
clinic.transcripts.finish       enter-paper      transcript
clinic.corrections.start        enter-paper      transcript
clinic.corrections.leave        enter-paper      transcript
clinic.discards.show            enter-paper      transcript
clinic.discards.create          enter-paper      transcript
clinic.misfilings.show          take-out-paper   transcript
clinic.misfilings.create        take-out-paper   transcript
clinic.visits.mail              invite           visit
clinic.visits.slip              invite           invitation
clinic.visits.revoke            invite           invitation
clinic.diaries.show             read-chart       diary
clinic.measures.index           read-chart       patient
clinic.measures.document        print-intake     patient
clinic.measures.new             enter-paper      patient
clinic.measures.enter           enter-paper      patient
clinic.measures.show            take-out-paper   measurement
clinic.measures.take_out        take-out-paper   measurement
clinic.worklist.index           see-worklist     -
clinic.worklist.show            act-on-flag      flag
clinic.worklist.acknowledge     act-on-flag      flag
clinic.worklist.close           act-on-flag      flag
clinic.worklist.give            hand-over-flag   flag
clinic.charts.show              read-chart       patient
clinic.searches.show            search-chart     patient
clinic.chart_prints.show        read-chart       patient
clinic.chart_prints.document    print-chart      patient
clinic.chart_prints.ask         print-sensitive  patient
clinic.chart_prints.create      print-sensitive  patient
clinic.courses.show             read-chart       patient
clinic.courses.record           follow-plan      patient
clinic.courses.take_back        follow-plan      event
clinic.codes.index              see-day          -
clinic.codes.search             see-day          -
clinic.answers.show             read-chart       response
clinic.answers.mark             review-intake    response
clinic.answers.ask              ask-again        response
clinic.answers.withdraw         ask-again        response
clinic.papers.show              see-day          -
clinic.printouts.document       print-intake     response
clinic.printouts.show           print-sensitive  response
clinic.printouts.create         print-sensitive  response
clinic.notes.start              start-note       visit
clinic.outside.new              start-note       patient
clinic.outside.create           start-note       patient
clinic.notes.show               read-note        note
clinic.notes.save               write-note       note
clinic.notes.review             sign-note        note
clinic.notes.sign               sign-note        note
clinic.signatures.options       sign-note        note
clinic.signatures.sign          sign-note        note
clinic.notes.add                add-to-note      note
clinic.notes.cosign             cosign-note      note
clinic.requests.index           see-worklist     -
clinic.requests.new             answer-request   note
clinic.requests.create          answer-request   note
clinic.requests.show            answer-request   wish
clinic.requests.extend          answer-request   wish
clinic.requests.accept          answer-request   wish
clinic.requests.deny            answer-request   wish
clinic.requests.disagree        answer-request   wish
clinic.errata.show              add-to-note      note
clinic.errata.create            add-to-note      note
clinic.errata.late              add-to-note      note
clinic.errata.add_late          add-to-note      note
clinic.superbills.show          bill-note        note
clinic.superbills.table         bill-note        note
clinic.superbills.document      bill-note        note
clinic.proofs.index             verify-note      -
clinic.proofs.download          export-note      note
clinic.plans.start              start-plan       note
clinic.plans.show               read-plan        plan
clinic.plans.save               write-plan       plan
clinic.plans.issue              issue-plan       plan
clinic.plans.preview            read-plan        plan
clinic.plans.document           read-document    document
clinic.handovers.start          hand-over        visit
clinic.handovers.end            hand-over        handover
clinic.alone.index              seek-safety      -
clinic.alone.search             seek-safety      -
clinic.alone.read               read-safety      patient
clinic.alone.write              record-safety    patient
clinic.alone.measure            record-safety    patient
clinic.alone.take_out           record-safety    patient
clinic.emergencies.index        open-emergency   -
clinic.emergencies.search       open-emergency   -
clinic.emergencies.open_chart   open-emergency   -
clinic.emergencies.end          end-emergency    emergency
privacy.emergencies.index       review-emergency -
privacy.emergencies.review      review-emergency emergency
privacy.trail.index             read-audit       -
privacy.trail.search            read-audit       -
privacy.trail.about             read-audit       patient
privacy.disclosures.show        read-audit       patient
privacy.disclosures.download    export-audit     patient
"""
ASKED = {name: (permission, kind) for name, permission, kind in (line.split() for line in ROUTES.strip().splitlines())}
# Permissions whose use leaves no line of its own: nobody's record is looked at.
UNLOGGED = {"seek-safety", "use-account", "use-own", "see-day", "open-emergency", "manage-clinic", "read-times"}
LISTS = {"see-patients", "see-worklist", "review-emergency", "read-audit"}


# ---------------------------------------------------------------- people and records


@dataclass
class Actor:
    """Somebody with a browser. Without `hats` they are not in: nobody, a patient, or somebody half way."""

    name: str
    browser: Browser
    user: Any = None
    hats: frozenset[str] | None = None
    on_team: bool = False
    leads: bool = False
    emergency: str = ""  # "care", or "sensitive" when the private part was asked for
    cookie: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.id = self.user.id if self.user is not None else None  # read once: a row asks the database again

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Record:
    """What an address is about. Without a patient it is about nobody's health."""

    kind: str
    name: str
    id: Any
    patient: Any = None
    state: str = ""
    tier: str = ""
    author: Any = None  # a user's id
    owner: Any = None
    cosigners: frozenset[Any] = frozenset()
    is_there: bool = True

    def __str__(self) -> str:
        return self.name


def absent(kind: str) -> Record:
    """A record that does not exist."""
    return Record(kind, f"no {kind}", NOTHING, patient=NOTHING if kind == "patient" else None, is_there=False)


# ---------------------------------------------------------------- what the page of the policy says


Holds = Callable[[Actor, Record], bool]


def hat(name: str) -> Holds:
    return lambda actor, _record: name in (actor.hats or ())


def _treats(actor: Actor, record: Record) -> bool:
    return hat("therapist")(actor, record) and actor.on_team and record.patient is not None


def _assists(actor: Actor, record: Record) -> bool:
    return hat("assistant")(actor, record) and actor.on_team and record.patient is not None


def _wrote(actor: Actor, record: Record) -> bool:
    return actor.id is not None and record.author == actor.id


def _opened(actor: Actor, record: Record) -> bool:
    return hat("therapist")(actor, record) and bool(actor.emergency) and record.patient is not None


def _owns(actor: Actor, record: Record) -> bool:
    return bool(actor.hats) and record.owner is not None and record.owner == actor.id


# What each line of the page means for somebody and a record. A line that is not here fails the tests.
MEANING: Mapping[str, Holds] = {
    "Anybody who signs in with a name and a password": lambda actor, _record: bool(actor.hats),
    "Whose passkey, session or kept page it is": _owns,
    "A therapist, whoever the patient": hat("therapist"),
    "An assistant, whoever the patient": hat("assistant"),
    "The front desk": hat("front-desk"),
    "An administrator of the clinic": hat("admin"),
    "The privacy lead": hat("privacy-lead"),
    "A therapist on the patient's care team today": _treats,
    "An assistant on the patient's care team today": _assists,
    "A therapist who opened the chart in an emergency, for 60 minutes": _opened,
    "A therapist who opened the chart in an emergency and asked for the sensitive part too": (
        lambda actor, record: _opened(actor, record) and actor.emergency == "sensitive"
    ),
    "The therapist the clinic named to look after safety at home, whoever the patient": (
        lambda actor, _record: hat("therapist")(actor, _record) and actor.leads
    ),
    "Any therapist, for a warning sign that does not speak of violence": (
        lambda actor, record: hat("therapist")(actor, record) and record.kind == "flag" and record.tier != "safety"
    ),
    "Who wrote it, while still a therapist, on the care team or not any more": (
        lambda actor, record: hat("therapist")(actor, record) and _wrote(actor, record)
    ),
    "Who wrote it, while a therapist on the patient's care team": (
        lambda actor, record: _treats(actor, record) and _wrote(actor, record)
    ),
    "Who wrote the note, while an assistant on the patient's care team": (
        lambda actor, record: _assists(actor, record) and _wrote(actor, record)
    ),
    "A therapist on the patient's care team today who co-signed the note": (
        lambda actor, record: _treats(actor, record) and actor.id in record.cosigners
    ),
    "Whose turn a warning sign is, while they may act on it": (
        lambda actor, record: (
            record.kind == "flag"
            and hat("therapist")(actor, record)
            and _owns(actor, record)
            and (record.tier != "safety" or actor.on_team)
        )
    ),
    "An administrator who is a therapist on the patient's care team today": (
        lambda actor, record: _treats(actor, record) and hat("admin")(actor, record)
    ),
    "Who opened the chart in this emergency": (
        lambda actor, record: hat("therapist")(actor, record) and record.kind == "emergency" and _owns(actor, record)
    ),
}


@dataclass(frozen=True)
class Said:
    """The tables of the page: {permission: who}, {permission: states}, {who: highest tier}, the tiers in order."""

    who: Mapping[str, tuple[str, ...]]
    states: Mapping[str, tuple[str, ...]]
    ceilings: Mapping[str, str]
    tiers: tuple[str, ...]


def said() -> Said:
    """What docs/policy.md says."""
    text = PAGE.read_text(encoding="utf-8")
    parts = {part.partition("\n")[0]: part for part in text.split("## ")[1:]}
    rows = {
        title: dict(re.findall(r"^\| `?([^`|]+?)`? \| (.+) \|$", part, re.MULTILINE)) for title, part in parts.items()
    }
    permissions, states, ceilings, _rules = (dict(itertools.islice(table.items(), 2, None)) for table in rows.values())
    tiers = re.search(r"has a tier: ([a-z< ]+)", text)
    assert tiers
    return Said(
        {name: tuple(who.split("; ")) for name, who in permissions.items()},
        {name: tuple(at.split(", ")) for name, at in states.items()},
        ceilings,
        tuple(tiers[1].strip().split(" < ")),
    )


# ---------------------------------------------------------------- cases


@dataclass(frozen=True)
class Case:
    """Somebody sends something to an address."""

    endpoint: str
    verb: str
    actor: Actor = field(hash=False)
    record: Record
    url: str
    verbs: frozenset[str]

    def __str__(self) -> str:
        return f"{self.verb} {self.endpoint} · {self.actor} · {self.record}"

    def expected(self, page: Said) -> str:
        """What the page of the policy says becomes of it."""
        permission, _kind = ASKED[self.endpoint]
        if self.verb not in self.verbs:
            return NO_VERB
        if self.verb == "OPTIONS" or permission in {PUBLIC, ON_THE_WAY}:
            return OPEN
        if self.actor.hats is None:
            return WAY_IN
        if not self.record.is_there or not self._let_through(page, permission):
            return REFUSED
        states = page.states.get(permission)
        if self.verb == "POST" and states and self.record.state and self.record.state not in states:
            return NOT_NOW
        return ALLOWED

    def _let_through(self, page: Said, permission: str) -> bool:
        if not any(MEANING[who](self.actor, self.record) for who in page.who[permission]):
            return False
        if self.record.kind != "document":
            return True
        most = [tier for who, tier in page.ceilings.items() if MEANING[who](self.actor, self.record)]
        return any(page.tiers.index(self.record.tier) <= page.tiers.index(tier) for tier in most)


def cases(app: Flask, actors: list[Actor], records: Mapping[str, list[Record]]) -> Iterator[Case]:
    """Every route with every verb, for everybody, about every record of its kind and one that does not exist."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]
    answered: dict[str, set[str]] = {}
    for rule in rules:
        answered.setdefault(rule.rule, set()).update(rule.methods or ())
    for rule in rules:
        _permission, kind = ASKED[rule.endpoint]
        about = [*records[kind], absent(kind)] if kind != "-" else [Record("-", "", None)]
        for verb, actor in itertools.product(VERBS, actors):
            takes = frozenset(rule.methods or ())
            if verb in answered[rule.rule] - takes:
                continue  # another route's
            for record in about if verb in takes and verb != "OPTIONS" else about[:1]:
                yield Case(rule.endpoint, verb, actor, record, address(rule, record), takes)


def address(rule: Rule, record: Record) -> str:
    """The route's address with the record's id in it."""
    values = {f"{record.kind}_id": record.id, "state": "on", "paper": "letter"}
    return PART.sub(lambda part: str(values[part[1]]), rule.rule)
