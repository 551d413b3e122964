"""What a care plan starts from, and why one cannot be handed over yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from intake.clinical import popq
from intake.clinical.additions import Change, replaces, stands, text_of
from intake.clinical.values import number, value
from intake.forms.conditions import Answer, Answers
from intake.forms.model import Form, Question
from intake.forms.needs import missing
from intake.forms.problems import N_, Problem
from intake.forms.words import entry as entry_words
from intake.forms.words import say
from intake.library.model import Dose, Exercise, dose_problems
from intake.library.reader import exercises

DOSE_FIELDS = {
    "cp_sets": "sets",
    "cp_reps": "reps",
    "cp_hold_s": "hold_s",
    "cp_rest_s": "rest_s",
    "cp_freq_day": "freq_day",
    "cp_days_week": "days_week",
    "cp_duration_wk": "duration_wk",
}
MOST_FINDINGS = 5
OWN_WORDS, LONGEST_WORDS = "cp_matters", 600  # the question of a plan that starts with her own words
# {question of a plan: how the questions of a note begin that it is proposed from}.
PROPOSED_FROM: Mapping[str, tuple[str, ...]] = {
    "cp_findings": ("im_factors", "perfect_p", "popq_"),
    "cp_goals": ("goal",),
}
# {part of a goal of a note: the part of a plan's goal that it is proposed for}.
GOAL_PARTS: Mapping[str, str] = {
    "goal_text": "cp_goal_text",
    "goal_measure": "cp_goal_measure",
    "goal_baseline": "cp_goal_baseline",
    "goal_target": "cp_goal_target",
    "goal_due": "cp_goal_due",
}
PLAIN_FACTORS = {
    "underactive": "Your pelvic floor muscles are not yet as strong as they can be.",
    "overactive": "Your pelvic floor muscles hold on tight and need help to let go.",
    "coordination": "Your pelvic floor muscles work, but not yet at the right moment.",
    "pain": "Some spots are sore when they are touched or used.",
    "scar": "Your scar is still tight or tender.",
    "support": "The tissues that hold your organs up have stretched.",
    "load": "Your body does more each day than it is ready for yet.",
}
POWER_SENTENCES = {
    0: "We did not feel your pelvic floor muscles tighten yet.",
    1: "Your pelvic floor muscles flicker when you try to tighten them.",
    2: "Your pelvic floor muscles tighten a little.",
    3: "Your pelvic floor muscles tighten and lift.",
    4: "Your pelvic floor muscles lift well.",
    5: "Your pelvic floor muscles are strong.",
}
SUPPORT_SENTENCES = {
    "0": "Your organs sit well up inside.",
    "I": "Your organs sit well up inside.",
    "II": "{what} of the vagina comes down close to the opening. This is common after a birth.",
    "III": "{what} of the vagina comes down past the opening.",
    "IV": "{what} of the vagina comes down past the opening.",
}
PLAIN_COMPARTMENTS: Mapping[tuple[str, ...], str] = {
    ("anterior",): "The front wall",
    ("posterior",): "The back wall",
    ("apical",): "The top",
}


def proposal(note: Answers, intake: Answers) -> dict[str, dict[str, Answer]]:
    """{section: answers} a new plan starts with: findings in plain words, her own words, and the note's goals."""
    findings: dict[str, Answer] = {}
    if sentences := plain_findings(note):
        findings["cp_findings"] = {"value": "\n".join(sentences)}
    if matters := own_words(intake):
        findings[OWN_WORDS] = {"value": matters}
    goals = [_goal(entry) for entry in value(note, "goal") or []][:4]
    return {"findings": findings, "goals": {"cp_goals": {"value": goals}} if goals else {}}


def own_words(intake: Answers) -> str:
    """What she said about what matters most to her, as far as a plan holds it."""
    return (value(intake, "fn_goal_top") or "")[:LONGEST_WORDS]


def plain_findings(note: Answers) -> tuple[str, ...]:
    """At most five sentences a patient can read, from the findings of a signed note. For the therapist to edit."""
    chosen = [code for code in value(note, "im_factors") or [] if isinstance(code, str)]  # not something else, in words
    sentences = [PLAIN_FACTORS[code] for code in chosen if code in PLAIN_FACTORS]
    if (power := number(note, "perfect_p")) is not None:
        sentences.insert(0, POWER_SENTENCES[int(power)])
    if stage_words := _support(note):
        sentences.append(stage_words)
    return tuple(sentences[:MOST_FINDINGS])


def _support(note: Answers) -> str:
    points = {name: number(note, f"popq_{name.lower()}") for name in popq.NAMES if name not in {"gh", "pb"}}
    stage = popq.stage(**points, cervix=False if value(note, "popq_cervix") == "no" else None)
    what = PLAIN_COMPARTMENTS.get(stage.leading, "More than one part")
    return SUPPORT_SENTENCES.get(stage.number or "", "").format(what=what)


def _goal(entry: Mapping[str, Answer]) -> dict[str, Answer]:
    limits = {"cp_goal_baseline": 80, "cp_goal_target": 80}
    return {
        theirs: {"value": " ".join(entry[ours]["value"].split())[: limits.get(theirs, 200)]}
        for ours, theirs in GOAL_PARTS.items()
        if "value" in entry.get(ours, {})
    }


def goes_on(change: Change, there: tuple[Form, Answers], form: Form, plan: Answers) -> bool:
    """Whether the goals of a plan still say what was corrected in the goals of the note that they are from."""
    if change.question != "goal" or "goal" not in there[1]:
        return False
    asked, group = there[0].by_id["goal"], form.by_id["cp_goals"]
    goals, now = value(there[1], "goal") or [], value(plan, "cp_goals") or []
    whole = replaces(text_of(asked, there[1]["goal"]), change)
    wrong = [each for each in goals if whole or stands(entry_words(asked, _proposed(each)), change)]
    as_it_was = {entry_words(group, _goal(each)) for each in wrong} & {entry_words(group, each) for each in now}
    was = [_goal(each) for each in goals]
    return bool(as_it_was) or any(_says(part, was, change) and _says(part, now, change) for part in group.questions)


def _says(part: Question, goals: Iterable[Mapping[str, Answer]], change: Change) -> bool:
    return any(stands(say(part, goal[part.id]), change) for goal in goals if "value" in goal.get(part.id, {}))


def _proposed(entry: Mapping[str, Answer]) -> dict[str, Answer]:
    """What a plan is proposed of a goal."""
    return {name: entry[name] for name in GOAL_PARTS if name in entry}


def with_usual_dose(entry: Mapping[str, Answer]) -> dict[str, Answer]:
    """An exercise entry with the library's dose where the therapist left it empty."""
    exercise = exercises().get(value(entry, "cp_exercise") or "")
    if exercise is None:
        return dict(entry)
    usual = {name: {"value": {"number": str(getattr(exercise, part))}} for name, part in DOSE_FIELDS.items()}
    return {
        "cp_exercise": entry["cp_exercise"],
        **usual,
        **{name: said for name, said in entry.items() if "value" in said},
    }


def dose(entry: Mapping[str, Answer], exercise: Exercise) -> Dose:
    """The dose as prescribed; the pain limit is the library's."""
    parts: dict[str, Any] = {
        part: int(found) if (found := number(entry, name)) is not None else getattr(exercise, part)
        for name, part in DOSE_FIELDS.items()
    }
    return Dose(**parts, pain_limit_nprs=exercise.pain_limit_nprs)


def reasons_not_to_issue(form: Form, answers: Answers) -> tuple[Problem, ...]:
    """Every reason a plan cannot be handed over; empty when it can."""
    reasons = list(missing(form, answers))
    findings = value(answers, "cp_findings") or ""
    if len([line for line in findings.splitlines() if line.strip()]) > MOST_FINDINGS:
        reasons.append(Problem("cp_findings", N_("Please keep the findings to 5 sentences, one a line.")))
    chosen = [value(entry, "cp_exercise") for entry in value(answers, "cp_exercises") or []]
    for index, entry in enumerate(value(answers, "cp_exercises") or []):
        name = f"cp_exercises.{index}.cp_exercise"
        if chosen[index] and chosen[index] in chosen[:index]:
            reasons.append(Problem(name, N_("This exercise is in the plan twice.")))
        if chosen[index] in exercises():
            wrong = dose_problems(dose(entry, exercises()[chosen[index]]))
            reasons.extend(Problem(name, text) for text in wrong)
    if value(answers, "cp_private_topics") and value(answers, "cp_private_wanted") is None:
        reasons.append(Problem("cp_private_wanted", N_("Please say whether the private handouts are wanted on paper.")))
    return tuple(reasons)
