"""Files of codes: taken whole or not at all, each bad row named with its line."""

from __future__ import annotations

from datetime import date

import pytest

from intake.clinical.coding import codes, files

TODAY = date(2026, 11, 23)
FROM, TO = date(2026, 10, 1), date(2027, 9, 30)


def order(number, code, billable, title):
    return f"{number:05} {code:<7} {billable} {title[:60]:<60} {title}"


ORDER = "\n".join([order(1, "N39", 0, "Other disorders of urinary system"), order(2, "N393", 1, "Stress incontinence")])


def diagnoses(text):
    return files.diagnoses(text, valid_from=FROM, valid_to=TO)


def said(loaded):
    return [str(fault) for fault in loaded.faults]


def test_the_order_file_of_cms_is_read():
    found = diagnoses(ORDER + "\n")
    assert said(found) == []
    assert [(each.code, each.title, each.is_heading) for each in found.codes] == [
        ("N39", "Other disorders of urinary system", True), ("N39.3", "Stress incontinence", False),
    ]  # fmt: skip
    assert {(each.valid_from, each.valid_to) for each in found.codes} == {(FROM, TO)}


def test_a_table_of_codes_is_read():
    found = diagnoses('\ufeffcode,title,billable\nN39,Other,0\nn393,"Stress, female",1\n\n')
    assert [(each.code, each.title, each.is_heading) for each in found.codes] == [
        ("N39", "Other", True), ("N39.3", "Stress, female", False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "line 1: there is nothing in the file."),
        ("code,title\n", "line 1: there is nothing in the file."),
        ("a,b\n1,2\n", "line 1: the first line has to name the columns code, title."),
        ("code,title\nN39.3\n", "line 2: the line has 1 cells and the first line has 2."),
        ("code,title\nstress,Words\n", "line 2: 'stress' is not a code. Correct it."),
        ("code,title\nN39.3 x,Words\n", "line 2: 'N39.3 x' is not a code. Correct it."),
        ("code,title\nN39.3,\n", "line 2: there is no label for N39.3. Write one in your own words."),
        (
            "code,title\nN39.3,One\nR32,Two\nN393,Three\n",
            "line 4: N39.3 stands in line 2 already. Take one of the two away.",
        ),
        ("code,title,billable\nN39.3,One,maybe\n", "line 2: 'maybe' is not yes or no."),
        (f"code,title\nN39.3,{'x' * 301}\n", "line 2: the label is longer than 300 letters. Shorten it."),
        (
            ORDER + "\n00003 what is this",
            "line 3: '00003 what is this' is no line of the order file. Use the file of CMS as it is.",
        ),
        (
            ORDER + "\n" + order(3, "N393", 1, "Again"),
            "line 3: N39.3 stands in line 2 already. Take one of the two away.",
        ),
    ],
)
def test_a_bad_row_is_named_with_its_line(text, fault):
    assert said(diagnoses(text)) == [fault]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_each_spreadsheet_ends_them(end):
    found = diagnoses(end.join(("code,title", 'N39.3,"Stress, female"', "R32,Two", "")))
    assert said(found) == []
    assert [each.code for each in found.codes] == ["N39.3", "R32"]
    assert said(diagnoses(end.join(("code,title", "N39.3,One", "stress,Words")))) == [
        "line 3: 'stress' is not a code. Correct it."
    ]


@pytest.mark.parametrize(
    ("text", "line"), [(f"code,title\nN39.3,{'x' * 140_000}\n", 2), (f"code{'x' * 140_000},title\nN39.3,One\n", 1)]
)
def test_what_no_list_of_codes_can_hold_is_told(text, line):
    assert said(diagnoses(text)) == [f"line {line}: a cell is too long to be read. Look for a quote without its end."]
    assert diagnoses(text).codes == []


def test_a_label_with_hidden_characters_is_told():
    assert said(diagnoses("code,title\nN39.3,St\0ress\n")) == [
        "line 2: the label holds hidden characters. Type it again."
    ]


def test_a_file_of_another_kind_is_told_shortly():
    found = said(diagnoses("code,title\n" + "what\n" * 100))
    assert len(found) == 21
    assert found[-1] == "and 80 lines more."


def test_procedures_of_a_clinic_are_read():
    found = files.procedures(
        "code,label,timed,fee,valid_from,valid_to\n97110,Exercise,yes,45.50,2026-01-01,\ng0283,Stimulation,no,,,2026-12-31\n",
        today=TODAY,
    )
    assert said(found) == []
    assert [(c.code, c.title, c.timed, c.fee, c.valid_from, c.valid_to) for c in found.codes] == [
        ("97110", "Exercise", True, 4550, date(2026, 1, 1), None),
        ("G0283", "Stimulation", False, None, TODAY, date(2026, 12, 31)),
    ]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("971,Exercise,yes,,,", "line 2: '971' is not a code. Correct it."),
        ("97110,,yes,,,", "line 2: there is no label for 97110. Write one in your own words."),
        ("97110,Exercise,often,,,", "line 2: 'often' is not yes or no."),
        ("97110,Exercise,yes,lots,,", "line 2: 'lots' is not a fee such as 45.00."),
        ("97110,Exercise,yes,-1,,", "line 2: '-1' is not a fee such as 45.00."),
        ("97110,Exercise,yes,,yesterday,", "line 2: 'yesterday' is not a day such as 2026-10-01."),
        ("97110,Exercise,yes,,2026-02-01,2026-01-31", "line 2: the last day is before the first one."),
        (
            "97110,Exercise,yes,,,\n97110,Again,yes,,,",
            "line 3: 97110 stands in line 2 already. Take one of the two away.",
        ),
    ],
)
def test_a_bad_procedure_is_named_with_its_line(row, fault):
    found = files.procedures(f"code,label,timed,fee,valid_from,valid_to\n{row}\n", today=TODAY)
    assert said(found) == [fault]


def test_payers_have_a_rule():
    found = files.payers("payer,rule\nMedicare,CMS\nMaple  Health,ama\n")
    assert [(each.code, each.rule) for each in found.codes] == [("Medicare", "cms"), ("Maple Health", "ama")]
    assert said(files.payers("payer,rule\nMaple,best\n")) == ["line 2: 'best' is not a rule. It is one of: cms, ama."]


def test_a_payer_stands_from_its_day_and_from_always_without_one():
    found = files.payers("payer,rule,valid_from,valid_to\nMedicare,cms,,\nMaple,ama,2026-03-01,2026-12-31\n")
    assert said(found) == []
    assert [(each.valid_from, each.valid_to) for each in found.codes] == [
        (codes.ALWAYS, None), (date(2026, 3, 1), date(2026, 12, 31)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ("Medicare,cms,\nmedicare,ama,", "line 3: medicare stands in line 2 already. Take one of the two away."),
        ("Straße,cms,\nSTRASSE,ama,", "line 3: STRASSE stands in line 2 already. Take one of the two away."),
        ("Medicare,cms,soon", "line 2: 'soon' is not a day such as 2026-10-01."),
    ],
)
def test_a_bad_payer_is_named_with_its_line(rows, fault):
    assert said(files.payers(f"payer,rule,valid_from\n{rows}\n")) == [fault]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("45", 4500),
        ("$45.50", 4550),
        ("45.5", 4550),
        ("0", 0),
        ("45.505", None),
        ("NaN", None),
        ("1e9", None),
        ("", None),
    ],
)
def test_a_fee_is_whole_cents(text, amount):
    assert files.cents(text) == amount


def test_money_is_written_with_cents():
    assert [files.money(amount) for amount in (4550, 5, 0, None)] == ["45.50", "0.05", "0.00", ""]
