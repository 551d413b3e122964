"""The week's exercises, each with a box to tick for every day, and the habits beside them."""

from __future__ import annotations

from reportlab.platypus import Flowable

from intake.pdf.blocks import Columns
from intake.pdf.flow import bullets, heading, labelled, numbered, text, together
from intake.pdf.language import Language
from intake.pdf.marks import Picture, TickBox
from intake.pdf.model import CarePlan, PlanExercise
from intake.pdf.styles import DETAIL, DOSE, SMALL, SUBHEADING

FIGURE_WIDTH = 150.0


def exercises(plan: CarePlan, _: Language) -> list[Flowable]:
    """Every exercise as a block of its own; the heading stays with the first."""
    title = heading(_("Your plan for this week"))
    if not plan.exercises:
        return together([title, text(_("No exercises this week. Rest is part of the plan."))])
    first, *rest = (_exercise(place, exercise, _) for place, exercise in enumerate(plan.exercises, 1))
    return [*together([title, *first]), *(block for content in rest for block in together(content))]


def _exercise(place: int, exercise: PlanExercise, _: Language) -> list[Flowable]:
    name = heading(f"{place}. {exercise.name}", SUBHEADING)
    return [name, *_dose(exercise), *_how(exercise, _), *_details(exercise, _), _week(_)]


def _dose(exercise: PlanExercise) -> list[Flowable]:
    """How much, large enough to read from where you lie, and in which position."""
    if not exercise.dose_words.strip() and not exercise.position.strip():
        return []
    return [labelled(exercise.dose_words, exercise.position and f" · {exercise.position}", DOSE)]


def _how(exercise: PlanExercise, _: Language) -> list[Flowable]:
    """The steps, with the picture and the cue on their left where there is a picture."""
    steps = numbered(exercise.steps)
    cue: list[Flowable] = [labelled(_("Think:"), exercise.cue, SMALL)] if exercise.cue.strip() else []
    if exercise.figure is None:
        return [*steps, *cue]
    return [Columns([[Picture(exercise.figure, FIGURE_WIDTH), *cue], steps], (0.36, 0.64))]


def _details(exercise: PlanExercise, _: Language) -> list[Flowable]:
    lines = (
        (_("Why:"), exercise.why),
        (_("Too hard?"), exercise.regress_rule),
        (_("Ready for more?"), exercise.progress_rule),
        (_("Take care:"), exercise.stop_rule),
    )
    return [labelled(label, words, DETAIL) for label, words in lines if words.strip()]


def _week(_: Language) -> Columns:
    days = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
    label: list[Flowable] = [labelled(_("Tick each day you do it"), "", SMALL)]
    boxes: list[list[Flowable]] = [[text(day, SMALL), TickBox()] for day in days]
    return Columns([label, *boxes], (0.3, *[0.1] * 7), gap=4)


def habits(plan: CarePlan, _: Language) -> list[Flowable]:
    """One to three small things for every day."""
    items = bullets(plan.habits)
    return together([heading(_("Small habits")), *items]) if items else []
