"""The only way words reach paper: escaped, and with letters the font has."""

from __future__ import annotations

import pytest

from intake.pdf.fonts import OF_THE_SYSTEM
from intake.pdf.words import PLACEHOLDER, missing_glyphs, on_paper, plain, shorten


def test_words_in_latin_greek_and_cyrillic_script_print_as_they_are():
    words = "Zoë Núñez – Łódź, Ηρώ, Ёлка: 38 °C ≥ 37 ½ ✓"
    assert plain(words) == words
    assert missing_glyphs(words) == ()


def test_markup_is_printed_and_not_obeyed():
    assert on_paper("<b>a</b> & <img src='http://x.example/y.png'/>") == (
        "&lt;b&gt;a&lt;/b&gt; &amp; &lt;img src='http://x.example/y.png'/&gt;"
    )


def test_line_breaks_are_kept_however_they_were_typed():
    assert on_paper("one\ntwo\r\nthree\rfour\u2028five") == "one<br/>two<br/>three<br/>four<br/>five"


def test_a_letter_and_its_accent_become_one():
    assert plain("e\u0301") == "é"


@pytest.mark.parametrize("hidden", ["\0", "\x07", "\x9f", "\u202e", "\u2066", "\u200f", "\ufeff", "\u200b", "\u00ad"])
def test_what_cannot_be_seen_is_left_out(hidden):
    assert plain(f"a{hidden}b") == "ab"
    assert missing_glyphs(hidden) == ()


def test_every_kind_of_space_is_a_space():
    assert plain("a\u2003b\u3000c\td") == "a b c d"


@pytest.mark.parametrize(("words", "printed"), [("हि", PLACEHOLDER * 2), ("𓀀", PLACEHOLDER), ("\ud800", PLACEHOLDER)])
def test_what_the_fonts_lack_leaves_a_visible_mark(words, printed):
    assert plain(words) == printed


def test_an_emoji_of_several_parts_prints_each_part_that_can_be_seen():
    assert plain("👩\u200d👧\ufe0f") == "👩👧"


def test_the_author_is_told_once_about_each_letter_that_will_not_print():
    assert missing_glyphs("Hi हह 𓀀 ह 🌿 שרה مريم <b>") == ("ह", "𓀀")


@pytest.mark.parametrize(
    ("words", "face"),
    [("שרה", "NotoSansHebrew"), ("محمد", "NotoSansArabic"), ("🌿", "NotoEmoji")],
)
def test_what_our_face_lacks_is_set_in_one_that_has_it_light_and_bold(words, face):
    assert f'Zoë <font name="{face}">' in on_paper(f"Zoë {words}")
    bold = "NotoEmoji" if face == "NotoEmoji" else f"{face}Bold"
    assert f'<font name="{bold}">' in on_paper(words, bold=True)


def test_a_letter_of_arabic_whose_shapes_are_not_known_is_not_set_wrong():
    assert missing_glyphs("\u0763") == ("\u0763",)


def test_chinese_is_set_in_the_face_of_the_system_where_there_is_one():
    assert plain("李") == ("李" if OF_THE_SYSTEM.exists() else PLACEHOLDER)


def test_a_running_line_is_one_line_and_says_when_it_was_cut():
    assert shorten("Sample\nPerson", 20) == "Sample Person"
    assert shorten("a" * 100, 10) == "a" * 9 + "…"


def test_no_words_are_no_words():
    assert on_paper("") == ""
    assert on_paper(" \n ") == ""
