"""What a page needs to know, as plain data: no records, no request, no clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from intake.forms.paper import PaperPart
from intake.library.figures.shapes import Figure


@dataclass(frozen=True, slots=True)
class Clinic:
    """Who to call. `emergency`, `crisis` and `maternal` are the numbers of the country the clinic is in."""

    name: str = ""
    phone: str = ""
    address: str = ""
    emergency: str = ""
    crisis: str = ""
    maternal: str = ""


@dataclass(frozen=True, slots=True)
class Goal:
    """One aim in the person's own words, how we tell, from where to where, and by when."""

    text: str
    measure: str = ""
    baseline: str = ""
    target: str = ""
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Activity:
    """Something that is hard to do: 0 cannot do it, 10 as before. None: not rated."""

    name: str
    baseline: int | None = None
    now: int | None = None


@dataclass(frozen=True, slots=True)
class PlanExercise:
    """One exercise as prescribed. `dose_words` is the finished line: "5 slow breaths, 3 times a day"."""

    name: str
    position: str = ""
    steps: tuple[str, ...] = ()
    cue: str = ""
    why: str = ""
    dose_words: str = ""
    stop_rule: str = ""
    figure: Figure | None = None
    progress_rule: str = ""
    regress_rule: str = ""


@dataclass(frozen=True, slots=True)
class PlanTopic:
    """A handout: what to know, and where its limits are."""

    title: str
    points: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CarePlan:
    """Everything a care plan prints.

    `birth_date` is the baby's, for the sentence to say on the phone; None prints one without a date.
    `plan_id` is a short text to find the document by.
    """

    clinic: Clinic
    name_used: str
    initials: str
    birth_date: date | None
    issued_on: date
    therapist: str
    credentials: str = ""
    findings: tuple[str, ...] = ()
    matters: str = ""
    activities: tuple[Activity, ...] = ()
    goals: tuple[Goal, ...] = ()
    exercises: tuple[PlanExercise, ...] = ()
    habits: tuple[str, ...] = ()
    topics: tuple[PlanTopic, ...] = ()
    next_visit: str = ""
    measured_by: str = ""
    plan_id: str = ""


@dataclass(frozen=True, slots=True)
class PrivatePages:
    """Handouts the patient asked to have on paper: a file of their own, with a title that says nothing."""

    clinic: Clinic
    initials: str
    birth_date: date | None
    issued_on: date
    topics: tuple[PlanTopic, ...]
    plan_id: str = ""


@dataclass(frozen=True, slots=True)
class InvitationSlip:
    """A note to carry home: where to start, which code, until when. `when` is the visit, in words."""

    clinic_name: str
    clinic_phone: str
    link: str
    code: str
    expires_on: date
    when: str = ""


@dataclass(frozen=True, slots=True)
class AnsweredItem:
    """One line of an entry: a question, its answer, and what the answer says no to."""

    question: str
    words: str
    denied: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConfirmedItem:
    """An earlier answer that was called right: question and answer in the words of then, the day, what it denies."""

    question: str
    lines: tuple[str, ...]
    on: date
    denied: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnsweredRow:
    """A question in the wording of its time and the answer. `mark` says how it was answered: a status, or "quoted".

    A group has `entries` in the place of lines; `denied` are the options that "None of these" says no to, and
    `confirmed` what "Still right" says yes to: `unseen` where the patient was not shown it.
    """

    question: str
    lines: tuple[str, ...]
    mark: str = "given"
    entries: tuple[tuple[AnsweredItem, ...], ...] = ()
    denied: tuple[str, ...] = ()
    confirmed: tuple[ConfirmedItem, ...] = ()
    unseen: bool = False


@dataclass(frozen=True, slots=True)
class AnsweredPart:
    """A section with what was answered in it."""

    title: str
    rows: tuple[AnsweredRow, ...]


@dataclass(frozen=True, slots=True)
class AnswersRecord:
    """The answers of one form, for the record. `state` says in words when it was handed in, `who` is a code (me …)."""

    clinic_name: str
    name: str
    birth_date: date
    visit_on: date
    title: str
    version: int
    state: str
    who: str
    in_person: tuple[str, ...]
    parts: tuple[AnsweredPart, ...]
    holds_sensitive: bool = False


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """A place on a chart, from 0 at the left or bottom to 1 at the right or top; `hollow`: not counted item by item."""

    x: float
    y: float
    hollow: bool = False


@dataclass(frozen=True, slots=True)
class ChartRun:
    """Points that a line joins."""

    points: tuple[ChartPoint, ...]


@dataclass(frozen=True, slots=True)
class ChartMark:
    """A height from which on a change counts, and what it is; `dotted` for the error of measuring."""

    y: float
    dotted: bool
    words: str


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One measurement: its day, its total (empty where there is none), and everything there is to say about it."""

    on: date
    total: str
    words: str


@dataclass(frozen=True, slots=True)
class MeasureTrend:
    """One measure over time. `words` say what the chart shows; without `runs` there is no chart."""

    label: str
    words: str
    low: str
    high: str
    runs: tuple[ChartRun, ...]
    marks: tuple[ChartMark, ...]
    rows: tuple[MeasureRow, ...]


@dataclass(frozen=True, slots=True)
class MeasureRecord:
    """The measures of one patient, for the record."""

    clinic_name: str
    name: str
    birth_date: date
    printed_on: date
    trends: tuple[MeasureTrend, ...]


@dataclass(frozen=True, slots=True)
class BilledCode:
    """One code of a bill with its words; of a procedure minutes, units, charge and modifier, as they are written."""

    code: str
    title: str
    minutes: str = ""
    units: str = ""
    charge: str = ""
    modifier: str = ""


@dataclass(frozen=True, slots=True)
class BilledFact:
    """A label and what stands behind it."""

    label: str
    words: str


@dataclass(frozen=True, slots=True)
class Superbill:
    """What a signed visit is billed with. `facts` say of the visit what a payer asks, `sums` stand below it all.

    `corrections` are those of the remarks that say what was corrected since.
    """

    clinic_name: str
    clinic_lines: tuple[str, ...]
    name: str
    birth_date: date
    visit_on: date
    facts: tuple[BilledFact, ...]
    diagnoses: tuple[BilledCode, ...]
    procedures: tuple[BilledCode, ...]
    sums: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    corrections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PaperForm:
    """A form to fill in by hand; nothing in it is about anybody."""

    clinic: Clinic
    title: str
    version: int
    parts: tuple[PaperPart, ...]
    has_agreements: bool = False


@dataclass(frozen=True, slots=True)
class ChartAddition:
    """What was signed after a note: what it is, its words where they may be printed, and who signed when."""

    title: str
    words: str
    signed: str


@dataclass(frozen=True, slots=True)
class ChartNote:
    """A signed note as it was signed: `told` says of which visit, `remarks` what stands above it, `signed` by whom."""

    title: str
    told: str
    remarks: tuple[str, ...]
    parts: tuple[AnsweredPart, ...]
    signed: str
    additions: tuple[ChartAddition, ...] = ()


@dataclass(frozen=True, slots=True)
class ChartRecord:
    """The chart, or one part of a long one, for the record. `remarks` say what the copy holds and leaves out."""

    clinic_name: str
    name: str
    birth_date: date
    number: str
    printed_on: date
    part: int
    parts: int
    remarks: tuple[str, ...]
    cautions: tuple[AnsweredPart, ...]
    visits: tuple[str, ...]
    notes: tuple[ChartNote, ...]
    holds_sensitive: bool = False
