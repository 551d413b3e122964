"""A form file that is wrong is refused, with a sentence that names the place and what to mend."""

from __future__ import annotations

import pytest

from intake.forms import reader
from intake.forms.errors import FormError
from intake.forms.model import Kind, Need, Operator, Tier

FORM = 'id = "walk"\nversion = 1\ntitle = "Walking"\naudience = "patient"\nlanguage = "en-US"\nsections = ["feet"]\n'
HEAD = 'id = "feet"\ntitle = "Feet"\ntier = "care"\n[[pages]]\n'
ASK = '[[pages.questions]]\nid = "ft_sore"\nkind = "yes-no"\ntext = "Are your feet sore?"\n'


@pytest.fixture
def read(tmp_path):
    """Write a form of one section and read it."""

    def written(section=HEAD + ASK, form=FORM, name="feet"):
        folder = tmp_path / "walk" / "1"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "form.toml").write_text(form, encoding="utf-8")
        (folder / f"{name}.toml").write_text(section, encoding="utf-8")
        return reader.read(folder)

    return written


def question(more, kind="yes-no", name="ft_sore"):
    return HEAD + f'[[pages.questions]]\nid = "{name}"\nkind = "{kind}"\ntext = "Are your feet sore?"\n{more}\n'


def test_a_form_of_one_question_can_be_read(read):
    form = read()
    (section,) = form.sections
    assert (form.id, form.version, form.language) == ("walk", 1, "en-US")
    assert (section.heading, section.print, section.minutes, section.private) == ("Feet", "Feet", 2, False)
    assert form.by_id["ft_sore"].kind is Kind.YES_NO
    assert form.section_of["ft_sore"] is section
    assert form.section("feet") is section


def test_a_question_takes_the_tier_of_its_section_unless_it_names_one(read):
    assert read().by_id["ft_sore"].tier is Tier.CARE
    assert read(question('tier = "sensitive"')).by_id["ft_sore"].tier is Tier.SENSITIVE


def test_what_may_be_declined_offers_it(read):
    asked = read(question('need = "required-or-declined"')).by_id["ft_sore"]
    assert (asked.need, asked.may_decline) == (Need.OR_DECLINED, True)


def test_a_scale_runs_from_0_to_10_and_a_long_text_holds_2000_characters(read):
    scale = read(question("", kind="scale")).by_id["ft_sore"]
    assert (scale.minimum, scale.maximum) == (0, 10)
    assert read(question("", kind="text")).by_id["ft_sore"].max_length == 2000
    assert read(question("", kind="string")).by_id["ft_sore"].max_length == 200


def test_a_condition_is_read_with_its_operator(read):
    more = '[[pages.questions]]\nid = "ft_where"\nkind = "string"\ntext = "Where?"\n'
    more += 'when = [{ question = "ft_sore", operator = "=", answer = "yes" }]\n'
    (condition,) = read(HEAD + ASK + more).by_id["ft_where"].when.conditions
    assert (condition.question, condition.operator, condition.answer) == ("ft_sore", Operator.EQUAL, "yes")


WRONG_QUESTIONS = {
    "colour": ('color = "red"', "yes-no", "unknown key color"),
    "kind": ("", "maybe", "kind is 'maybe'"),
    "need": ('need = "must"', "yes-no", "need is 'must'"),
    "tier": ('tier = "secret"', "yes-no", "tier is 'secret'"),
    "behavior": ('behavior = "some"', "yes-no", "behavior is 'all' or 'any'"),
    "operator": ('when = [{ question = "x", operator = "~" }]', "yes-no", "operator is '~'"),
    "condition without question": ('when = [{ operator = "=" }]', "yes-no", "question is missing"),
    "condition with more": ('when = [{ question = "x", operator = "=", if = 1 }]', "yes-no", "unknown key if"),
    "looks at itself": ('when = [{ question = "ft_sore", operator = "answered" }]', "yes-no", "does not come before"),
    "looks at nothing": ('when = [{ question = "ft_gone", operator = "answered" }]', "yes-no", "does not come before"),
    "no options": ("", "choice", "has no options"),
    "option twice": (
        'options = [{ code = "a", text = "A" }, { code = "a", text = "B" }]',
        "choice",
        "code is used twice",
    ),
    "option code": ('options = [{ code = "A b", text = "A" }]', "choice", "'A b' is not a code"),
    "option text": ('options = [{ code = "a" }]', "choice", "text is missing"),
    "option key": ('options = [{ code = "a", text = "A", colour = 1 }]', "choice", "unknown key colour"),
    "bounds": ("minimum = 5\nmaximum = 1", "number", "the minimum is above the maximum"),
    "number": ('minimum = "many"', "number", "minimum is not a number"),
    "unit": ('units = [{ code = "Cel" }]', "number", "text is missing"),
    "required display": ('need = "required"', "display", "a display cannot be required"),
    "grid": ('rows = [{ code = "a", text = "A" }]', "grid", "either options or columns"),
    "group": ("", "group", "a group has questions and maximum_entries"),
    "map": ('map = "moon"', "map", "there is no map 'moon'"),
    "consent": ('options = [{ code = "a", text = "A" }]', "consent", "a consent has a body"),
}


@pytest.mark.parametrize(("more", "kind", "message"), WRONG_QUESTIONS.values(), ids=WRONG_QUESTIONS.keys())
def test_a_wrong_question_is_named_with_what_to_mend(read, more, kind, message):
    with pytest.raises(FormError, match=message) as raised:
        read(question(more, kind))
    assert "ft_sore" in str(raised.value)
    assert "toml" in str(raised.value)


@pytest.mark.parametrize("name", ["Sore", "1st", "ft-sore", "ft sore", ""])
def test_an_id_is_small_letters_digits_and_underscores(read, name):
    with pytest.raises(FormError, match="is not an id"):
        read(question("", name=name))


def test_an_id_stands_once_in_a_form(read):
    with pytest.raises(FormError, match="ft_sore is used twice"):
        read(HEAD + ASK + ASK)


def test_a_group_holds_no_group(read):
    inner = 'maximum_entries = 2\n[[pages.questions.questions]]\nid = "ft_in"\nkind = "group"\ntext = "In"\n'
    with pytest.raises(FormError, match="a group cannot hold a group"):
        read(question(inner, "group"))


@pytest.mark.parametrize(
    ("section", "form", "name", "message"),
    [
        (HEAD + ASK, FORM.replace("feet", "hands"), "feet", "hands.toml: the file is missing"),
        (HEAD + ASK, FORM.replace("feet", "hands"), "hands", "id is 'feet' but the file is called 'hands'"),
        (HEAD + ASK, FORM + "colour = 1\n", "feet", "unknown key colour"),
        (HEAD + ASK, FORM.replace('title = "Walking"\n', ""), "feet", "title is missing"),
        (HEAD + ASK, "id = \n", "feet", "form.toml"),
        ("title = [", FORM, "feet", "feet.toml"),
        (HEAD.replace("[[pages]]", "colour = 1\n[[pages]]") + ASK, FORM, "feet", "unknown key colour"),
        (HEAD.replace('tier = "care"\n', "") + ASK, FORM, "feet", "tier is None"),
        (HEAD.replace("[[pages]]\n", ""), FORM, "feet", "pages is missing"),
        (HEAD.replace("[[pages]]\n", "pages = []\n"), FORM, "feet", "has no page"),
        (HEAD + "colour = 1\n" + ASK, FORM, "feet", "unknown key colour"),
    ],
)
def test_a_wrong_file_is_named_with_what_to_mend(read, section, form, name, message):
    with pytest.raises(FormError, match=message):
        read(section, form, name)


def test_a_file_that_is_no_text_is_named(tmp_path):
    (tmp_path / "form.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(FormError, match=r"form\.toml"):
        reader.read(tmp_path)


def test_a_folder_without_a_form_is_named(tmp_path):
    with pytest.raises(FormError, match=r"form\.toml: the file is missing"):
        reader.read(tmp_path)


SECOND = FORM.replace("version = 1", "version = {version}\nbased_on = {earlier}").replace(
    '["feet"]', '["feet", "shoes"]'
)
SHOES = HEAD.replace("feet", "shoes") + ASK.replace("ft_sore", "sh_tight")


def newer(tmp_path, version, earlier, **sections):
    folder = tmp_path / "walk" / str(version)
    folder.mkdir()
    (folder / "form.toml").write_text(SECOND.format(version=version, earlier=earlier), encoding="utf-8")
    for name, text in sections.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_newer_version_takes_the_sections_that_did_not_change_from_the_one_it_is_based_on(read, tmp_path):
    first = read()
    second = reader.read(newer(tmp_path, 2, 1, shoes=SHOES))
    third = reader.read(newer(tmp_path, 3, 2, feet=HEAD + ASK.replace("sore", "cold")))
    assert second.sections[0] == first.sections[0]
    assert [next(iter(section.pages[0].questions)).id for section in third.sections] == ["ft_cold", "sh_tight"]


@pytest.mark.parametrize("earlier", ["2", "3", "0", "true", '"1"'])
def test_a_version_is_based_on_an_earlier_one_only(read, tmp_path, earlier):
    read()
    with pytest.raises(FormError, match="no earlier version"):
        reader.read(newer(tmp_path, 2, earlier, shoes=SHOES))


def test_a_section_that_no_version_has_is_named(read, tmp_path):
    read()
    with pytest.raises(FormError, match=r"shoes\.toml: the file is missing"):
        reader.read(newer(tmp_path, 2, 1))


# ---------------------------------------------------------------- a section of another form


def borrowing(tmp_path, lender="walk/1"):
    folder = tmp_path / "run" / "1"
    folder.mkdir(parents=True)
    head = FORM.replace('"walk"', '"run"') + f'borrows = {{ feet = "{lender}" }}\n'
    (folder / "form.toml").write_text(head, encoding="utf-8")
    return folder


def test_a_form_borrows_a_section_of_another_one_word_for_word(read, tmp_path):
    assert reader.read(borrowing(tmp_path)).sections == read().sections if read() else None


@pytest.mark.parametrize("lender", ["walk/2", "jump/1", "run/1", "../walk/1", "walk", "walk/1/", "walk/1\\u0000"])
def test_only_a_section_that_is_there_can_be_borrowed(read, tmp_path, lender):
    read()
    with pytest.raises(FormError):
        reader.read(borrowing(tmp_path, lender))
