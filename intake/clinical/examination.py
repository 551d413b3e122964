"""What the findings of an examination contradict, lack, or should be looked at again for.

`problems` stop signing: what cannot be true, and numbers of which nobody could tell how they were measured. `warnings`
are shown beside a finding while the note is written, and hold nobody up. Both read answers to questions that are asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from intake.clinical import grades, normal, perfect, popq
from intake.clinical.values import number, value
from intake.forms.conditions import Answers, in_first_unit
from intake.forms.measured import numbers
from intake.forms.model import Form, Question
from intake.forms.problems import N_

Found = Iterator[tuple[str, str]]
Problems = Iterator[tuple[str, str, Mapping[str, object]]]

NO_POSITION = N_("Record the position in which the findings of this part were made.")
NO_METHOD = N_("Record the method or tool with which the findings of this part were made.")
BOTH = N_("\u201c%(row)s\u201d has its values and also says that it was not tested. Keep one of the two.")
BEYOND_RANGE = N_("\u201c%(row)s\u201d is more than the movement allows: %(most)s° at most.")
UPSIDE_DOWN = N_("The diastolic pressure cannot be as high as the systolic one.")
PEAK_BELOW = N_("The peak cannot be below the average.")
OVER_160 = N_(
    "160/110 or more after a birth is an emergency: repeat it within 15 minutes, and if it stays, emergency care now. "
    "No exertion."
)
OVER_140 = N_(
    "140/90 or more: the maternity provider hears of it today. No exertion and no straining until cleared. "
    "Headache, spots before the eyes or pain under the ribs: emergency care now."
)
FEVER = N_("A temperature of 38.0 °C (100.4 °F) or more after a birth: the maternity provider hears of it today.")
BLADDER_FULL = N_("The POP-Q is measured with an empty bladder. Repeat it, or say so in the remarks.")
TWO_BODIES = N_("The perineal body and pb of the POP-Q are the same distance, and differ here. Please check both.")
SIDES_DIFFER = N_("The grades by side say otherwise. Please check both.")
ABSENT_YET_GRADED = N_("The contraction is recorded as absent, and its power as more than 0. Please check both.")
NO_PAIN_YET_RATED = N_("Positions of the cotton-swab test are rated above 0. Please check both.")
RESIDUAL = N_("150 mL or more: some protocols repeat the measurement and tell the referring provider.")
BALLOONING = N_("Above 25 cm² on Valsalva: ballooning.")

# Tables of tests in which any of these values says that the row was tested.
THE_TEST = {"lp_aslr": {"lp_aslr_plain"}, "lp_slr": {"lp_slr_degrees", "lp_slr_result"}}
HIP_MOST = {"flexion": 140, "extension": 30, "external-rotation": 60, "internal-rotation": 60, "abduction": 60}
SEVERE, RAISED = (160, 110), (140, 90)
FEVER_FROM = Decimal("100.4")
RESIDUAL_FROM = 150
BALLOONING_ABOVE = 25


def problems(form: Form, shown: Answers) -> Problems:
    """(field, text, values) for what keeps a note from being signed."""
    yield from ((name, text, {}) for rule in (_how, _line) for name, text in rule(form, shown))
    yield from impossible(form, shown)


def impossible(form: Form, shown: Answers) -> Problems:
    """Those of the problems that are findings which cannot be true."""
    yield from ((name, text, {}) for rule in (_pressure, _emg) for name, text in rule(form, shown))
    yield from _rows(form, shown)
    yield from _hips(form, shown)
    yield from normal.contradicted(form, shown)


def warnings(form: Form, answers: Answers) -> dict[str, str]:
    """{question: text}: at most one a question."""
    found: dict[str, str] = {}
    for rule in (_blood_pressure, _temperature, _popq, _strength, _vestibule, _devices):
        for name, text in rule(form, answers):
            if name in form.by_id:
                found.setdefault(name, text)
    return found


# ---------------------------------------------------------------- what stops signing


def _how(form: Form, shown: Answers) -> Found:
    """Numbers whose page is told its position or method by a question that was left open."""
    for section in form.sections:
        for page in section.pages:
            if not any(value(shown, question.id) is not None for question in numbers(page)):
                continue
            for name, text in ((page.position_from, NO_POSITION), (page.method_from, NO_METHOD)):
                if name and value(shown, name) is None:
                    yield name, text


def _rows(form: Form, shown: Answers) -> Problems:
    for name, answer in shown.items():
        question = form.by_id[name]
        for row in question.rows if question.columns else ():
            if _says_both(question, (answer.get("value") or {}).get(row.code, {})):
                yield f"{name}.{row.code}", BOTH, {"row": row.text}


def _says_both(question: Question, cells: Mapping[str, Any]) -> bool:
    """Whether a row holds a reason for not testing, and all its values: those of the first column's kind.

    Where one value is the test itself, it is enough.
    """
    reasons = {column.id for column in question.columns if column.id.endswith("_nt")}
    if question.id in THE_TEST:
        return not reasons.isdisjoint(cells) and not THE_TEST[question.id].isdisjoint(cells)
    kind = question.columns[0].kind
    values = {column.id for column in question.columns if column.kind is kind} - reasons
    return not reasons.isdisjoint(cells) and values <= cells.keys()


def _hips(form: Form, shown: Answers) -> Problems:
    for row in form.by_id["hp_rom"].rows if "hp_rom" in shown else ():
        cells = (value(shown, "hp_rom") or {}).get(row.code, {})
        for side in ("hp_rom_left", "hp_rom_right"):
            if side in cells and Decimal(cells[side]["number"]) > HIP_MOST[row.code]:
                yield f"hp_rom.{row.code}.{side}", BEYOND_RANGE, {"row": row.text, "most": HIP_MOST[row.code]}


def _pressure(_form: Form, shown: Answers) -> Found:
    systolic, diastolic = number(shown, "vi_bp_systolic"), number(shown, "vi_bp_diastolic")
    if systolic is not None and diastolic is not None and diastolic >= systolic:
        yield "vi_bp_diastolic", UPSIDE_DOWN


def _emg(_form: Form, shown: Answers) -> Found:
    average, peak = number(shown, "bf_work"), number(shown, "bf_peak")
    if average is not None and peak is not None and peak < average:
        yield "bf_peak", PEAK_BELOW


def _line(_form: Form, shown: Answers) -> Found:
    """A line that could be read was spread over its fields when it was saved: one that still stands could not."""
    if value(shown, "perfect_line"):
        yield "perfect_line", perfect.UNREADABLE


# ---------------------------------------------------------------- what is looked at again


def _blood_pressure(_form: Form, shown: Answers) -> Found:
    readings = (number(shown, "vi_bp_systolic"), number(shown, "vi_bp_diastolic"))
    names = ("vi_bp_systolic", "vi_bp_diastolic")
    for bounds, text in ((SEVERE, OVER_160), (RAISED, OVER_140)):
        for name, reading, bound in zip(names, readings, bounds, strict=True):
            if reading is not None and reading >= bound:
                yield name, text
                return


def _temperature(form: Form, shown: Answers) -> Found:
    given = value(shown, "vi_temperature")
    if given and in_first_unit(form.by_id["vi_temperature"], given) >= FEVER_FROM:
        yield "vi_temperature", FEVER


def _popq(_form: Form, shown: Answers) -> Found:
    points = {name: number(shown, f"popq_{name.lower()}") for name in popq.NAMES}
    yield from ((f"popq_{each.point.lower()}", each.text) for each in popq.warnings(points))
    if value(shown, "popq_bladder_empty") == "no":
        yield "popq_bladder_empty", BLADDER_FULL
    body = number(shown, "pe_body_length")
    if body is not None and points["pb"] is not None and body != points["pb"]:
        yield "popq_pb", TWO_BODIES


def _strength(_form: Form, shown: Answers) -> Found:
    by_side = value(shown, "in_oxford") or {}
    graded = grades.weaker(*(by_side.get(side, {}).get("in_oxford_grade") for side in ("left", "right")))
    said = value(shown, "in_symmetry")
    if graded and said and said.removesuffix("-weaker") != graded:
        yield "in_symmetry", SIDES_DIFFER
    power = number(shown, "perfect_p")
    if value(shown, "in_contraction") == "absent" and power:
        yield "in_contraction", ABSENT_YET_GRADED


def _vestibule(_form: Form, shown: Answers) -> Found:
    if not any((value(shown, "pe_qtip") or {}).values()):
        return
    if value(shown, "pe_qtip_pattern") == "none":
        yield "pe_qtip_pattern", NO_PAIN_YET_RATED
    if value(shown, "pe_qtip_zone") == ["none"]:
        yield "pe_qtip_zone", NO_PAIN_YET_RATED


def _devices(_form: Form, shown: Answers) -> Found:
    reached: tuple[tuple[str, Callable[[Decimal], bool], str], ...] = (
        ("us_residual", lambda amount: amount >= RESIDUAL_FROM, RESIDUAL),
        ("bf_hiatus", lambda area: area > BALLOONING_ABOVE, BALLOONING),
    )
    for name, is_so, text in reached:
        reading = number(shown, name)
        if reading is not None and is_so(reading):
            yield name, text
