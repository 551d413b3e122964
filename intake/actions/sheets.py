"""From records to the plain data that documents print."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from intake.clinical import plan as planning
from intake.clinical.triage import latest_birth
from intake.clinical.values import value
from intake.library.figures.poses import figures
from intake.library.model import Exercise, Position, dose_words
from intake.library.reader import exercises, topics
from intake.pdf import model

if TYPE_CHECKING:
    from intake.forms.conditions import Answer, Answers
    from intake.store.people import Clinic
    from intake.store.plans import Plan

POSITIONS = {
    Position.LYING: "Lying on your back",
    Position.SIDE: "Lying on your side",
    Position.SIT: "Sitting",
    Position.ALL_FOURS: "On hands and knees",
    Position.STAND: "Standing",
    Position.TASK: "In daily life",
}


def care_plan(plan: Plan, answers: Answers, intake: Answers, clinic: Clinic, *, issued_on: date) -> model.CarePlan:
    """What the care plan prints: nothing above the care tier, whatever the answers hold."""
    return model.CarePlan(
        clinic=_clinic(clinic),
        name_used=plan.patient.name,
        initials=plan.patient.initials,
        birth_date=_birth(intake, plan, issued_on),
        issued_on=issued_on,
        therapist=plan.author.name,
        credentials=plan.author.credentials,
        findings=_lines(answers, "cp_findings"),
        matters=value(answers, "cp_matters") or "",
        activities=tuple(_activity(entry) for entry in value(intake, "fn_psfs") or []),
        goals=tuple(_goal(entry) for entry in value(answers, "cp_goals") or []),
        exercises=tuple(
            _exercise(entry, exercises()[value(entry, "cp_exercise")])
            for entry in value(answers, "cp_exercises") or []
            if value(entry, "cp_exercise") in exercises()
        ),
        habits=_lines(answers, "cp_habits"),
        topics=_topics(value(answers, "cp_topics") or [], "care"),
        next_visit=value(answers, "cp_next_visit") or "",
        measured_by=value(answers, "cp_measured_by") or "",
        plan_id=str(plan.id)[:8],
    )


def private_pages(
    plan: Plan, answers: Answers, intake: Answers, clinic: Clinic, *, issued_on: date
) -> model.PrivatePages | None:
    """The handouts that are a file of their own, or None unless the patient asked to have them on paper."""
    chosen = value(answers, "cp_private_topics") or []
    if not chosen or value(answers, "cp_private_wanted") != "yes":
        return None
    return model.PrivatePages(
        clinic=_clinic(clinic),
        initials=plan.patient.initials,
        birth_date=_birth(intake, plan, issued_on),
        issued_on=issued_on,
        topics=_topics(chosen, "sensitive"),
        plan_id=str(plan.id)[:8],
    )


def _clinic(clinic: Clinic) -> model.Clinic:
    return model.Clinic(
        name=clinic.name,
        phone=clinic.phone,
        address=clinic.address,
        emergency=clinic.emergency,
        crisis=clinic.crisis,
        maternal=clinic.maternal,
    )


def _birth(intake: Answers, plan: Plan, today: date) -> date | None:
    latest = latest_birth(intake, today, plan.patient.birth_date)
    return latest.first if latest is not None and latest.exact else None


def _lines(answers: Answers, name: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in (value(answers, name) or "").splitlines() if line.strip())


def _activity(entry: Mapping[str, Answer]) -> model.Activity:
    return model.Activity(name=value(entry, "fn_activity_name") or "", baseline=value(entry, "fn_rating"))


def _goal(entry: Mapping[str, Answer]) -> model.Goal:
    due = value(entry, "cp_goal_due")
    parts: dict[str, Any] = {
        part: value(entry, f"cp_goal_{part}") or "" for part in ("text", "measure", "baseline", "target")
    }
    return model.Goal(**parts, due=date.fromisoformat(due) if due else None)


def _exercise(entry: Mapping[str, Answer], exercise: Exercise) -> model.PlanExercise:
    note = value(entry, "cp_exercise_note")
    return model.PlanExercise(
        name=exercise.name,
        position=POSITIONS[exercise.position],
        steps=(*exercise.steps, note) if note else exercise.steps,
        cue=exercise.cue,
        why=exercise.why,
        dose_words=dose_words(planning.dose(entry, exercise)),
        stop_rule=exercise.stop_rule,
        figure=figures().get(exercise.figure),
        progress_rule=exercise.progress_rule,
        regress_rule=exercise.regress_rule,
    )


def _topics(chosen: list[str], tier: str) -> tuple[model.PlanTopic, ...]:
    return tuple(
        model.PlanTopic(title=topic.title, points=topic.points, limits=topic.limits)
        for name in chosen
        if (topic := topics().get(name)) is not None and topic.tier == tier
    )
