"""A care plan on paper: what it says, what it keeps to itself, and how it looks."""

from __future__ import annotations

import warnings
from dataclasses import fields, replace
from datetime import date

import pytest

from intake.pdf import care_plan
from intake.pdf.language import Language
from intake.pdf.model import Activity, CarePlan, Clinic, Goal, PlanExercise, PlanTopic
from intake.pdf.styles import MARGIN, SMALLEST

EMPTY = CarePlan(Clinic(), "", "", None, date(2026, 6, 14), "")
HEADINGS = (
    "Your plan",
    "What we found",
    "What matters to you",
    "Your plan for this week",
    "Small habits",
    "What to expect, and when to ease off",
    "When to get help now Get medical care",
    "Your next visit",
)
ALONE = (*HEADINGS, "When to get help now", "Long slow breaths")
SIGNS = (
    "soaks a pad in 1 hour",
    "Chest pain, or trouble breathing",
    "faint or have a seizure",
    "A bad headache, or changed eyesight",
    "A fever of 100.4 °F (38 °C) or more",
    "smells bad",
    "A wound that is hot or opens",
    "A leg that is swollen and hurts",
    "Very bad belly pain",
    "Swelling of your face or hands",
    "Thoughts of harming yourself or anyone else",
    "You see or hear things that others do not",
    "You cannot pee",
    "You feel numb between your legs",
)
HOSTILE = {
    "markup": "<b>bold</b> </para> <img src='http://x.example/y.png'/> & <a href='x'>y</a> {name} %s",
    "a word of 1,500 letters": "w" * 1_500,
    "control characters": "before\0\x07\x1bafter",
    "reordering": "a\u202egnp.exe\u2066b",
    "scripts the fonts lack": "ไทย हि",
    "scripts of other fonts": "مرحبا 😀 שלום",
    "many lines": "\n".join(f"line {number}" for number in range(60)),
}


def inside_the_frame(printed) -> bool:
    width, height = printed.size
    return all(
        glyph.left >= MARGIN - 2
        and glyph.right <= width - MARGIN + 2
        and glyph.bottom >= MARGIN / 2 - 4
        and glyph.top <= height - MARGIN / 2
        for glyph in printed.glyphs()
    )


def full_of(words: str, figure) -> CarePlan:
    """A plan in which every place for words holds these."""
    exercise = PlanExercise(words, words, (words, words), words, words, words, words, figure, words, words)
    return CarePlan(
        clinic=Clinic(*[words] * len(fields(Clinic))),
        name_used=words,
        initials=words,
        birth_date=date(2026, 5, 3),
        issued_on=date(2026, 6, 14),
        therapist=words,
        credentials=words,
        findings=(words,),
        matters=words,
        activities=(Activity(words, 1, 9),),
        goals=(Goal(words, words, words, words, date(2026, 8, 1)),),
        exercises=(exercise,),
        habits=(words,),
        topics=(PlanTopic(words, (words,), (words,)),),
        next_visit=words,
        measured_by=words,
        plan_id=words,
    )


@pytest.fixture
def printed(plan, look):
    return look(care_plan.render(plan))


def test_the_sections_come_in_order(printed):
    places = [printed.text.index(words) for words in HEADINGS]
    assert places == sorted(places)


def test_the_first_page_says_whose_plan_it_is_and_that_nobody_is_watching(printed):
    first = printed.pages[0]
    assert "For Sample Person" in first
    assert "Made on June 14, 2026 with Robin Example, PT, DPT" in first
    assert "(555) 010-0100" in first
    assert "We are not here day and night." in first


def test_her_own_words_stand_in_quotes_with_her_activities_rated(printed):
    assert "“I want to laugh without thinking about it.”" in printed.text
    assert "Laughing with friends Start 3 Now 5" in printed.text
    assert "Carrying the car seat up the stairs Start 2" in printed.text
    assert "Sleeping on my side Not rated yet" in printed.text


def test_a_goal_tells_how_and_by_when(printed):
    assert "Start: 2 of 7 days · Aim: 6 of 7 days · By August 1, 2026" in printed.text


def test_each_exercise_has_its_dose_steps_and_a_week_to_tick(printed):
    assert printed.text.count("10 breaths, 2 times a day · Lying on your back") == 4
    assert printed.text.count("4. Breathe out slowly for 6 seconds.") == 4
    assert printed.text.count("Tick each day you do it Mon Tue Wed Thu Fri Sat Sun") == 4


def test_four_exercises_fit_on_four_pages_and_handouts_start_on_a_new_one(plan, look):
    assert len(look(care_plan.render(replace(plan, topics=()))).pages) == 4
    with_handouts = look(care_plan.render(plan)).pages
    assert with_handouts[4].startswith("Bladder training")
    assert "Take care" in with_handouts[4]


def test_the_traffic_light_can_be_read_without_color(printed):
    for words in (
        "Green: go on. Pain is 0 to 2",
        "Yellow: ease off. Pain is 3 or 4",
        "Red: stop. Pain is 5 or more",
    ):
        assert words in printed.text


def test_every_page_says_which_of_how_many_it_is_and_whose(printed):
    count = len(printed.pages)
    for number, page in enumerate(printed.pages, 1):
        assert page.endswith(f"SP · June 14, 2026 · Plan 7F3A Page {number} of {count}")
        assert "Sample Person" not in page or number == 1


@pytest.mark.parametrize("sentences", [0, 4, 8, 11, 14, 18, 23, 30])
def test_wherever_it_falls_the_help_box_is_whole_and_no_heading_stands_alone(plan, look, sentences):
    pages = look(care_plan.render(replace(plan, findings=("One sentence.",) * sentences))).pages
    [box] = [page for page in pages if "When to get help now Get medical care" in page]
    assert all(sign in box for sign in SIGNS)
    assert "Emergency: 911" in box
    assert "988" in box
    assert "1-833-852-6262" in box
    for page in pages:
        assert not page.partition(" SP · June")[0].endswith(ALONE)


def test_the_sentence_to_say_carries_the_birth_date(printed):
    assert "Say: “I gave birth on May 3, 2026.”" in printed.text


def test_without_a_birth_date_there_is_still_something_to_say(plan, look):
    printed = look(care_plan.render(replace(plan, birth_date=None)))
    assert "Say: “I was pregnant in the last year.”" in printed.text
    assert "I gave birth" not in printed.text


def test_an_empty_plan_still_has_the_help_box(look):
    printed = look(care_plan.render(EMPTY))
    assert all(sign in printed.text for sign in SIGNS)
    assert "call your local emergency number" in printed.text
    assert "None" not in printed.text
    assert inside_the_frame(printed)


@pytest.mark.parametrize(("paper", "size"), [("letter", (612, 792)), ("a4", (595.3, 841.9))])
def test_it_prints_on_either_paper(plan, look, paper, size):
    printed = look(care_plan.render(plan, paper=paper))
    assert printed.size == pytest.approx(size, abs=0.1)
    assert inside_the_frame(printed)
    assert len(printed.pages) == 5


def test_nothing_is_smaller_than_twelve_points(printed):
    assert min(glyph.size for glyph in printed.glyphs()) >= SMALLEST


def test_every_font_is_ours_and_embedded(printed):
    assert printed.fonts
    assert all(printed.fonts.values())
    assert all("SourceSansPro" in name for name in printed.fonts)
    assert b"/Helvetica" not in printed.content


def test_the_same_plan_gives_the_same_bytes(plan):
    assert care_plan.render(plan) == care_plan.render(plan)


def test_the_title_in_a_window_or_a_print_queue_is_neutral(printed):
    assert printed.reader.metadata.title == "Plan"
    assert not printed.reader.metadata.author


def test_bookmarks_lead_to_the_sections_on_their_pages(printed):
    outline = {}
    rest = list(printed.reader.outline)
    while rest:
        entry = rest.pop()
        if isinstance(entry, list):
            rest.extend(entry)
        else:
            outline[entry.title] = printed.reader.get_destination_page_number(entry)
    assert outline["Your plan"] == 0
    assert "When to get help now Get medical care" in printed.pages[outline["When to get help now"]]
    assert outline["4. Long slow breaths"] == 2


def test_a_screen_reader_finds_headings_paragraphs_and_pictures_in_order(printed):
    root = printed.reader.trailer["/Root"]
    parts = [part.get_object() for part in root["/StructTreeRoot"]["/K"]["/K"]]
    roles = [str(part["/S"]) for part in parts]
    assert root["/Lang"] == "en-US"
    assert root["/MarkInfo"]["/Marked"]
    assert roles[0] == "/H1"
    assert {"/H2", "/H3", "/P"} < set(roles)
    assert [part["/Alt"] for part in parts if part["/S"] == "/Figure"] == ["A person lies down."] * 4


def test_every_marked_part_of_a_page_is_in_the_tree(printed):
    numbers = printed.reader.trailer["/Root"]["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    for index, page in enumerate(printed.reader.pages):
        assert page["/StructParents"] == numbers[2 * index] == index
        marked = page.get_contents().get_data().count(b"/MCID")
        assert marked == len(numbers[2 * index + 1]) > 0


@pytest.mark.dear
@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE.keys())
def test_whatever_is_typed_prints_inside_the_frame(words, look, figure):
    printed = look(care_plan.render(full_of(words, figure)))
    assert inside_the_frame(printed)
    assert all(sign in printed.text for sign in SIGNS)


def test_markup_and_strange_scripts_are_seen_and_not_obeyed(look, plan):
    matters = f"{HOSTILE['markup']} {HOSTILE['scripts the fonts lack']}"
    printed = look(care_plan.render(replace(plan, matters=matters)))
    assert "<b>bold</b> </para> <img src='http://x.example/y.png'/> & <a href='x'>y</a> {name} %s" in printed.text
    assert "[?][?][?] [?][?]" in printed.text


@pytest.mark.parametrize("goal", ["\n".join(f"line {n}" for n in range(300)), "w" * 10_000])
def test_a_goal_of_any_length_is_printed_to_its_end(plan, look, goal):
    printed = look(care_plan.render(replace(plan, goals=(Goal(f"{goal} the end"),))))
    assert "the end" in printed.text
    assert printed.text.count("line") + printed.text.count("w") >= max(goal.count("line"), goal.count("w"))
    assert inside_the_frame(printed)


def test_it_can_be_printed_in_another_language(plan, look):
    language = Language("es-US", lambda message: f"¿{message}", lambda day: f"{day:%d/%m/%Y}")
    printed = look(care_plan.render(plan, language=language))
    assert "¿What we found" in printed.text
    assert "¿I gave birth on 03/05/2026." in printed.text
    assert f"¿Page 1 of {len(printed.pages)}" in printed.text
    assert printed.reader.trailer["/Root"]["/Lang"] == "es-US"


def test_printing_raises_no_warnings(plan):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert care_plan.render(plan).startswith(b"%PDF")
