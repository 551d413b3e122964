"""Everything wrong with a form file is said at once: where it stands, what it is, how to mend it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from intake.clinical import plainness
from intake.forms import checking, folders, reader
from intake.forms.errors import FormError
from tests.forms.made import FEET, HEAD, NOTES, PAGE, SECTION, SORE, question, with_question

WHEN = 'when = [{{ question = "{0}", operator = "{1}", answer = {2} }}]'
OPTIONS = 'options = [{ code = "a", text = "A" }, { code = "b", text = "B" }]'
SCORED = 'options = [{ code = "a", text = "A", score = 1 }, { code = "b", text = "B" }]'
MANY = ", ".join(f'{{ code = "c{number}", text = "{number}" }}' for number in range(61))
INNER = '[[section.feet.pages.questions.questions]]\nid = "clinic_in"\nkind = "{0}"\ntext = "In?"\n'
PLACE = "feet, page 1, clinic_more"
HUGE = "0x" + "f" * 6000
# what it is: (the file, where the fault stands, words of the message)
BAD = {
    "no TOML": ("title = [", "", "this is not TOML"),
    "a key twice": (FEET.replace('title = "Feet"', 'title = "Feet"\ntitle = "Toes"'), "", "this is not TOML"),
    "NUL": (FEET + "\x00", "", "this is not TOML"),
    "a number of 5,000 digits": (FEET + "x = " + "9" * 5000, "", "this is not TOML"),
    "lists without end": ("x = " + "[" * 50_000, "", "lists stand in lists too deep"),
    "names in names without end": ("x" + ".x" * 90_000 + " = 1", "", "names stand in names too deep"),
    "the same in a heading": ('["x"' + ' . "x"' * 30_000 + "]", "", "names stand in names too deep"),
    **{
        f"a number that cannot be written out, as {key}": found
        for key, found in {
            "a title": (FEET.replace('"Your feet"', HUGE), "", "title is a huge number"),
            "a tier": (FEET.replace('tier = "care"', f"tier = {HUGE}"), "feet", "tier is a huge number"),
            "a section": (FEET.replace('["feet"]', f'["feet", {HUGE}]'), "", "a huge number cannot be the name"),
            "a text": (with_question().replace('"What else?"', HUGE), PLACE, "text is a huge number"),
            "an answer": (
                with_question(name="clinic_n", kind="number") + question(WHEN.format("clinic_n", ">", HUGE)),
                PLACE, "answer is too large",
            ),
            "a key nobody knows": (f"x = [[{{ y = {HUGE} }}]]\n{FEET}", "", "unknown key x"),
        }.items()
    },
    "an answer that nobody could give": (
        with_question(name="clinic_n", kind="number") + question(WHEN.format("clinic_n", ">", 2 * 10**9)),
        PLACE, "answer is too large. It is a number between",
    ),
    "larger than 200,000 bytes": (FEET + "#" * 200_000, "", "larger than 200000 bytes"),
    "nothing": ("", "", "id is missing"),
    "an unknown key at the top": ('colour = "red"\n' + FEET, "", "unknown key colour"),
    "an id that may be ours": (FEET.replace("clinic-feet", "feet"), "", "may be one of ours. Begin it with clinic-"),
    "an id of ours": (FEET.replace("clinic-feet", "intake"), "", "may be one of ours"),
    "an id that leads elsewhere": (FEET.replace("clinic-feet", "../feet"), "", "one word of small letters"),
    "an id that is too long": (FEET.replace("clinic-feet", "clinic-" + "x" * 60), "", "at most 60 long"),
    "a blank title": (FEET.replace("Your feet", "  "), "", "title is blank"),
    "a version that is no number": ('version = "2"\n' + FEET, "", "version is '2'. It is a whole number"),
    "an unknown audience": (FEET.replace('"patient"', '"partner"'), "", "It is one of: patient, clinician"),
    "a form for notes with an id too long to be late": (
        NOTES.replace("clinic-feet", "clinic-" + "x" * 50), "", "has at most 55 characters",
    ),
    "a form for notes with a question of ours": (
        NOTES + question(name="im_impression", kind="text"), "feet, page 1, im_impression", "may be an id of ours",
    ),
    "a form for notes that borrows from patients": (
        NOTES.replace('["feet"]', '["feet", "bladder"]\nborrows = { bladder = "intake/3" }'),
        "bladder", "lends nothing",
    ),
    "an unknown language": (FEET.replace("en-US", "English, please"), "", "language is 'English, please'"),
    "based on another": ("based_on = 1\n" + FEET, "", "based_on is for forms of many files"),
    "no list of sections": (FEET.replace('["feet"]', '"feet"'), "", "sections is not a list of names"),
    "a section named twice": (FEET.replace('["feet"]', '["feet", "feet"]'), "", "feet is named twice"),
    "a section that leads elsewhere": (FEET.replace('["feet"]', '["feet", "../../keys"]'), "", "cannot be the name"),
    "a section that is missing": (FEET.replace('["feet"]', '["feet", "toes"]'), "toes", "the section is missing"),
    "a section nobody names": (FEET + '[section.toes]\ntitle = "Toes"', "toes", "not named in `sections`"),
    "a section that is no table": (HEAD + '[section]\nfeet = "sore"', "feet", "the section is not a table"),
    "sections that are no tables": ("section = 1\n" + HEAD, "", "section is not a table"),
    "a section without a page": (HEAD + SECTION, "feet", "pages is missing"),
    "pages that are none": (HEAD + SECTION + "pages = 1", "feet", "pages is not a list of tables"),
    "a page that asks nothing": (FEET + PAGE, "feet, page 2", "the page asks nothing"),
    "a section that asks nothing": (
        HEAD + SECTION + PAGE + question(kind="display"), "feet", "the section asks nothing",
    ),
    "an unknown tier": (FEET.replace('"care"', '"secret"'), "feet", "It is one of: desk, care, sensitive, safety"),
    "the tier of safety at home": (FEET.replace('"care"', '"safety"'), "feet", 'tier "safety" is kept for our own'),
    "that tier in a question": (with_question('tier = "safety"'), PLACE, 'tier "safety" is kept for our own'),
    "minutes without end": (FEET.replace('tier = "care"', 'tier = "care"\nminutes = 600'), "feet", "from 1 to 60"),
    "a flag that is a word": (with_question('may_decline = "yes"'), PLACE, "It is true or false"),
    "an unknown kind": (with_question(kind="maybe"), PLACE, "kind is 'maybe'. It is one of: display, yes-no"),
    "an unknown need": (with_question('need = "must"'), PLACE, "need is 'must'. It is one of"),
    "a question without an id": (with_question().replace('id = "clinic_more"', ""), "", "id is missing"),
    "an id that is none": (with_question(name="clinic More"), "feet, page 1, clinic More", "is not an id"),
    "an id used twice": (with_question(name="clinic_sore"), "feet, page 1, clinic_sore", "is used twice"),
    "an id that may be ours later": (with_question(name="ft_sore"), "feet, page 1, ft_sore", "Begin ids of your own"),
    "a text of 10,000 letters": (with_question(text="x" * 10_000), PLACE, "text has 10000 letters. The most is 1000"),
    "no text": (with_question(text=""), PLACE, "it has no text"),
    "a text that turns round": (with_question(text="a\\u202eb"), PLACE, "text holds hidden characters"),
    "an unknown key": (with_question('colour = "red"'), PLACE, "unknown key colour"),
    "a key of another kind": (with_question(OPTIONS, kind="number"), PLACE, "options does nothing for the kind number"),
    "a key for notes": (with_question("examined = true"), PLACE, "examined is for notes of therapists"),
    "a key for forms of ours": (with_question("time = true"), PLACE, "time is for forms of ours alone"),
    "no options": (with_question(kind="choice"), PLACE, "it has no options"),
    "61 options": (
        with_question(f"options = [{MANY}]", kind="choice"),
        PLACE, "61 options are too many",
    ),
    "an option without a text": (with_question('options = [{ code = "a" }]', kind="choice"), PLACE, "text is missing"),
    "an option twice": (with_question(OPTIONS.replace('"b"', '"a"'), kind="choice"), PLACE, "a code is used twice"),
    "a code that is none": (with_question(OPTIONS.replace('"a"', '"A b"'), kind="choice"), PLACE, "is not a code"),
    "a score without a value": (with_question(SCORED, kind="choice"), PLACE, "b has none. Give each its score"),
    "a score that is a word": (with_question(SCORED.replace("1", '"1"'), kind="choice"), PLACE, "score is '1'"),
    "a bound that is none": (with_question("minimum = inf", kind="number"), PLACE, "minimum is inf. It is a number"),
    "a huge bound": (with_question(f"maximum = {'9' * 400}", kind="number"), PLACE, "maximum is too large"),
    "bounds the wrong way": (with_question("minimum = 5\nmaximum = 1", kind="number"), PLACE, "minimum is above"),
    "a step of nothing": (with_question("step = 0", kind="number"), PLACE, "step is not above 0"),
    "a unit of nothing": (
        with_question('units = [{ code = "kg", text = "kg" }, { code = "g", text = "g", factor = 0 }]', kind="number"),
        PLACE, "factor is 0",
    ),
    "a scale without end": (with_question("maximum = 1000", kind="scale"), PLACE, "at most 20 steps"),
    "a list that is none": (with_question('picks = "colors"', kind="string"), PLACE, "picks is 'colors'"),
    "a list for a number": (
        with_question('picks = "payers"', kind="number"),
        PLACE,
        "picks does nothing for the kind number",
    ),
    "more open entries than a page holds": (with_question("ready = 11", kind="group"), PLACE, "from 0 to 10"),
    "an answer without end": (with_question("max_length = 100000", kind="text"), PLACE, "from 1 to 10000"),
    "500 entries": (
        with_question("maximum_entries = 500\n" + INNER.format("yes-no"), kind="group"), PLACE, "from 1 to 50",
    ),
    "a group in a group": (
        with_question("maximum_entries = 2\n" + INNER.format("group"), kind="group"), PLACE, "cannot hold a group",
    ),
    "a group without questions": (with_question("maximum_entries = 2", kind="group"), PLACE, "a group has questions"),
    "a grid without rows": (with_question(OPTIONS, kind="grid"), PLACE, "a grid has rows"),
    "a row that is a field of its own": (
        with_question(f'rows = [{{ code = "status", text = "State" }}]\n{OPTIONS}', kind="grid"),
        PLACE, "a row cannot have the code status",
    ),
    "no such map": (with_question('map = "moon"', kind="map"), PLACE, "there is no map 'moon'"),
    "a consent to nothing": (with_question(OPTIONS, kind="consent"), PLACE, "a consent has a body"),
    "a condition that is no list": (with_question('when = "always"'), PLACE, "when is not a list of tables"),
    "an unknown operator": (with_question(WHEN.format("clinic_sore", "~", '"yes"')), PLACE, "operator is '~'"),
    "a condition on nothing": (
        with_question(WHEN.format("clinic_gone", "=", '"yes"')), PLACE, "nothing here has that id",
    ),
    "a condition on itself": (with_question(WHEN.format("clinic_more", "=", '"yes"')), PLACE, "the question itself"),
    "a condition that points forward": (
        with_question(WHEN.format("clinic_last", "=", '"yes"')) + question(name="clinic_last"),
        PLACE, "Move that question up, or this one down",
    ),
    "a circle": (
        with_question(WHEN.format("clinic_last", "=", '"yes"'))
        + question(WHEN.format("clinic_more", "=", '"yes"'), name="clinic_last"),
        PLACE, "a circle",
    ),
    "a code that is never the answer": (
        with_question(WHEN.format("clinic_sore", "=", '"perhaps"')), PLACE, "which clinic_sore never is",
    ),
    "an answer of another sort": (
        with_question(WHEN.format("clinic_sore", "=", "1")), PLACE, "is a word in quotes",
    ),
    "a word compared with a number": (
        with_question(kind="number") + question(WHEN.format("clinic_more", ">", '"many"'), name="clinic_last"),
        "feet, page 1, clinic_last", "is a number, without quotes",
    ),
    "an operator that does not fit": (
        with_question(WHEN.format("clinic_sore", ">", '"yes"')), PLACE, "cannot be >. It can be: =, !=, answered",
    ),
    "a condition on no child": (
        with_question("maximum_entries = 2\n" + INNER.format("yes-no"), kind="group")
        + question(WHEN.format("clinic_more.clinic_out", "=", '"yes"'), name="clinic_last"),
        "feet, page 1, clinic_last", "no such question in that group",
    ),
    "borrowed from nowhere": ('borrows = { feet = "nobody/1" }\n' + HEAD, "feet", "lends nothing"),
    "borrowed from what is asked alone": ('borrows = { feet = "safety/1" }\n' + HEAD, "feet", "lends nothing"),
    "borrowed from a note": ('borrows = { feet = "evaluation/1" }\n' + HEAD, "feet", "lends nothing"),
    "borrowed from elsewhere": ('borrows = { feet = "../keys" }\n' + HEAD, "feet", "lends nothing"),
    "a section that is not lent": ('borrows = { feet = "intake/2" }\n' + HEAD, "feet", "has no section feet to borrow"),
    "borrowed and not named": ('borrows = { toes = "intake/2" }\n' + FEET, "", "not among the sections"),
    "a borrow that is none": ("borrows = 3\n" + FEET, "", "borrows is not a table"),
    "a question of ours, asked in another way": (
        with_question(name="rf_bleed"), "feet, page 1, rf_bleed", "and is asked differently",
    ),
    "a question that is asked alone": (
        with_question(name="ipv_afraid"), "feet, page 1, ipv_afraid", "may be an id of ours",
    ),
    "a word of ours in a group": (
        with_question("maximum_entries = 2\n" + INNER.format("date").replace("clinic_in", "birth_date"), kind="group"),
        f"{PLACE}, birth_date", "may be an id of ours",
    ),
}  # fmt: skip


def faults(text):
    checked = checking.of_text(text)
    assert (checked.form is None) == any(not fault.is_warning for fault in checked.faults)
    return checked.faults


def test_a_small_form_is_good():
    checked = checking.of_text(FEET)
    assert checked.faults == ()
    assert (checked.form.id, checked.form.version, list(checked.form.by_id)) == ("clinic-feet", 1, ["clinic_sore"])


@pytest.mark.parametrize(("text", "place", "said"), BAD.values(), ids=BAD.keys())
def test_a_fault_is_named_with_its_place_and_how_to_mend_it(text, place, said):
    found = [fault for fault in faults(text) if said in str(fault)]
    assert found, [str(fault) for fault in faults(text)]
    assert found[0].place.startswith(place)
    assert str(found[0]).endswith(".") or "This is not TOML" in said
    assert len(str(found[0])) < 600


@pytest.mark.parametrize(("text", "_place", "_said"), BAD.values(), ids=BAD.keys())
def test_one_slip_is_one_fault_and_hides_no_other(text, _place, _said):
    assert len(faults(text)) <= 3 or not text
    if "clinic_sore" in text and "[section.feet]" in text and "not TOML" not in str(faults(text)[0]):
        planted = text.replace('text = "Are your feet sore?"', 'text = "Are your feet sore?"\nplanted = 1', 1)
        assert len(faults(planted)) == len(faults(text)) + (1 if len(planted) < 200_000 else 0)


def test_many_faults_stand_in_one_list():
    text = HEAD.replace("en-US", "English, please") + SECTION.replace('"care"', '"secret"') + PAGE + SORE
    text += question(OPTIONS.replace('"b"', '"a"'), kind="choice") + question("colour = 1", name="ours")
    said = "\n".join(map(str, faults(text)))
    for words in ("language is", "tier is", "a code is used twice", "unknown key colour", "Begin ids of your own"):
        assert words in said


def test_too_many_questions_are_too_many():
    page = "".join(question(name=f"clinic_{number}") for number in range(401))
    assert any("402 questions are too many" in str(fault) for fault in faults(FEET + page))
    pages = "".join(PAGE + "".join(question(name=f"clinic_{p}_{n}") for n in range(50)) for p in range(9))
    assert any("451 questions are too many. The most is 400." in str(fault) for fault in faults(FEET + pages))


@pytest.mark.parametrize("name", reader.published(), ids=str)
def test_every_form_of_ours_is_good(name):
    checked = folders.check(reader.CATALOG / name[0] / str(name[1]))
    assert [str(fault) for fault in checked.faults] == []
    assert [section.id for section in checked.form.sections] == [section.id for section in reader.load(*name).sections]


def test_a_section_of_ours_is_borrowed_word_for_word():
    text = FEET.replace('["feet"]', '["warning-signs", "feet"]')
    checked = checking.of_text('borrows = { warning-signs = "intake/2" }\n' + text)
    assert checked.form.sections[0] == reader.load("intake", 2).section("warning-signs")


def test_the_example_of_the_guide_is_good_and_easy_to_read():
    guide = (Path(__file__).parents[2] / "docs" / "forms.md").read_text(encoding="utf-8")
    example = next(part for part in re.findall(r"```toml\n(.*?)```", guide, re.DOTALL) if "clinic-running" in part)
    checked = plainness.with_warnings(checking.of_text(example))
    assert [str(fault) for fault in checked.faults] == []
    assert [section.id for section in checked.form.sections] == ["warning-signs", "running", "shoes"]
    assert len(example.splitlines()) > 40


def test_what_is_published_is_read_as_it_was_checked():
    text = with_question(OPTIONS, kind="choice")
    assert checking.as_published(text, 3).sections == checking.of_text(text).form.sections
    assert checking.as_published(text, 3).version == 3


def test_what_was_good_when_it_was_published_is_read_though_the_rules_grew_stricter():
    assert checking.of_text(with_question(name="ft_sore")).form is None
    assert "ft_sore" in checking.as_published(with_question(name="ft_sore"), 1).by_id


def test_what_is_no_form_any_more_is_an_error():
    with pytest.raises(FormError):
        checking.as_published("title = [", 1)
