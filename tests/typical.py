"""A typical patient, and what her answers cost: she says what she is asked and passes by what she may leave out.

Eleven weeks ago she gave birth through the vagina and tore to the second degree. She feeds at the breast, leaks when
she coughs or lifts, is sore at the perineum, must not touch latex, and misses two things. Of what is optional she says
only what is about that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from intake.cli.demo.answers import Typed
from intake.cli.demo.people import day
from intake.forms import conditions, entry, together
from intake.forms.model import Form, Kind, Page, Question, Section

WEEKS = 11


def own(today: date) -> Typed:
    """What she has to say, by the names of the fields."""
    return {
        "pre_private": "yes",
        "pre_who": "me",
        "rf_harm_self": "no",
        "rf_harm_baby": "no",
        "rf_unreal": "no",
        "id_contact_methods": ["mobile", "text"],
        "id_safe_to_contact.mobile": "safe",
        "id_safe_to_contact.text": "safe",
        "id_voicemail_ok": "name-and-number",
        "id_portal_shared": "no",
        "id_emerg_name": "Pat Placeholder",
        "id_emerg_relation": "Sister",
        "id_emerg_phone": "555 0177",
        "id_emerg_say_clinic": "no",
        "ob_preg_now": "no",
        "ob_births.count": "1",
        **day("ob_births.0.birth_date", today - timedelta(weeks=WEEKS)),
        "ob_births.0.birth_mode": "vaginal",
        "ob_births.0.birth_tear": "second",
        "ob_births.0.birth_repair": "healed",
        "ob_births.0.birth_outcome": "living",
        "ob_more": "no",
        "feed_mode": "breast",
        "med_any": "no",
        "alg_any": "yes",
        "alg_known": ["latex"],
        "mh_infection_now": ["none"],
        "mh_smoke": "never",
        "mh_alcohol": "never",
        "mh_drugs": "never",
        "contra_could": "yes",
        "contra_method": ["condom"],
        "bl_day_voids": "9",
        "bl_nocturia": "1",
        "bl_urgency": "monthly",
        "bl_leak_any": "yes",
        "bl_leak_when": ["cough", "lift"],
        "bl_leak_freq": "few-weekly",
        "bl_leak_amt": "small",
        "bl_bother": "6",
        "bo_freq": "7",
        "bo_bristol": ["type-4"],
        "bo_urgency": "yes",
        "pn_any": "yes",
        "pn_neuro": ["none"],
        "pn_pelvis_map": ["perineum"],
        "pn_sites.count": "1",
        "pn_sites.0.pn_where": "perineum",
        "pn_sites.0.pn_average": "3",
        "sc_type": ["perineal"],
        "sc_closed": "yes",
        "ss_basics": ["none"],
        "fn_goal_top": "Run with the stroller again.",
        "fn_psfs.count": "2",
        "fn_psfs.0.fn_activity_name": "Run for 20 minutes",
        "fn_psfs.0.fn_rating": "2",
        "fn_psfs.1.fn_activity_name": "Lift the car seat",
        "fn_psfs.1.fn_rating": "4",
        "cons_treat": "agree",
        "cons_npp": "acknowledge",
        "cons_internal_info": "read",
        "cons_minor": "self",
        "cons_finance": "agree",
        "cons_ecomm_text": "yes",
    }


# ---------------------------------------------------------------- what it costs her

A_TAP, A_TEXT, A_WORD = 4, 15, 60 / 240  # seconds; a page is read once, at the pace of plain print
WRITTEN = frozenset({Kind.STRING, Kind.TEXT})


def seconds(form: Form, section: Section, answers: Mapping[str, Any], said: Typed) -> float:
    """How long the section takes her: a tap each for what she chooses and for going on, a text for what she writes.

    What is on her pages is read too, down to the options; what is folded away is not.
    """
    pages = [page for part, _number, page in conditions.pages_shown(form, answers) if part is section]
    shown = conditions.visible(form, answers)
    return sum(_on_page(page, [q for q in page.questions if q.id in shown and not q.fold], said) for page in pages)


def _on_page(page: Page, asked: list[Question], said: Typed) -> float:
    words = " ".join((page.title, page.intro, *(text for question in asked for text in _words(question))))
    return A_TAP + A_WORD * len(words.split()) + sum(_time(question, said) for question in asked)


def _words(question: Question) -> Iterator[str]:
    yield from (question.text, question.hint, question.body)
    yield from (each.text for each in (*question.options, *question.rows, *question.columns))
    for child in question.questions:
        if not child.fold:
            yield from _words(child)


def _time(question: Question, said: Typed) -> float:
    """What she gives the question: a box is a tap, save one that takes words."""
    kinds = {child.id: child.kind for child in question.questions}
    mine = {name: value for name, value in said.items() if name.partition(".")[0] == question.id}
    words = [name for name in mine if kinds.get(name.rpartition(".")[2], question.kind) in WRITTEN]
    taps = sum(len(value) if isinstance(value, list) else 1 for name, value in mine.items() if name not in words)
    return A_TEXT * len(words) + A_TAP * taps


def answers(form: Form, today: date) -> dict[str, Any]:
    """Her answers, as they are kept once the form is in; one tap for each page that she has nothing to say to."""
    kept: dict[str, Any] = {}
    said = own(today)
    for section in form.sections:
        for page in section.pages:
            if not any(question.id in conditions.visible(form, kept) for question in page.questions):
                continue
            fields = {
                name: value if isinstance(value, list) else [value]
                for name, value in said.items()
                if name.partition(".")[0] in {question.id for question in page.questions}
            }
            found = entry.read(page.questions, fields, saved={}, today=today, write_only=True)
            assert not found.problems, found.problems
            if page.none and not fields:
                found.answers |= together.answered(form, page, kept, found)
            kept |= found.answers
    return kept
