"""The reading grade: words, sentences and syllables as a reader hears them."""

import pytest

from intake.clinical.readability import grade, sentences, syllables

HARD = 8.0  # the most that any patient text may have
HEARD = {
    1: (
        "I a ache aches arm asked be birth births bread break breast breasts breath breathe breathes bright "
        "bulge call called can't care chest closed clothes clots cough cramps cried cure dark day days dead "
        "deaf don't dried eye eyes face faint feel feels felt fire flag four gauze grade great head healed "
        "heart help helped hour large laugh league leak leaked leg legs me month more moved night nights "
        "now numb our pain pains passed pee phone phones played please poop pour pulled pus push queen quit "
        "real red safe scar shoe show showed sleep small sneeze soaked sore speech squeeze stage stayed "
        "stitch stitched stopped store strength sure take takes tear tears text thank thanks the their them "
        "then these they those though through time times tired tongue tried type used walked watched we "
        "we've weak week weeks weighed won't wound you you're your yours"
    ),
    2: (
        "able aches' ageless allow allowed antique anxious baby being beyond bladder bleeding bloated "
        "blood-red blurry body bowel boxes breastfeed bruises buyer canyon careful carried cautious changes "
        "chaos check-up cherished client clinic conscious couldn't create crisis cruel crying dial didn't "
        "diet doctor doesn't doing drier duet easy employ ended equal every fatigue feeling fever fewer "
        "flashing flower fluent fluid fuel gentle giant going growing handle handled handles hardly "
        "headache headaches heavy higher homework hopeful hotline hurting isn't issue jewel lately leisure "
        "lifting lion liquid little looking lying married maybe mayor measure midwife motion movement "
        "muscle muscles nation needed needing neon newer number numbers numbness nurses only partner passes "
        "patient pelvic people pieces places player pleasure poem poet power precious pressure prism "
        "problem pushing quarter question quickly quiet react real-time really region regions rhythm riot "
        "ruin safely science seeing seizure self-harm sewer shower showing simple sitting social someone "
        "something sometimes spasm spasms special spotting spotty started statement stitches stronger "
        "sudden surely surfaces surgeon swelling swollen table tables tablet thinking tissue today toilet "
        "tonight toothache towel treated trial trouble trying unique useful voices vowel waited wanted "
        "washes weaker weakness widely worried worry wouldn't"
    ),
    3: (
        "actual affluent allergies allergy annual another anyone area audio breastfeeding carrying "
        "completed condition congruent continue creation diary dizziness easier emotion emotions employer "
        "everyone everything example examples exercise family fluency forgotten gradual happier happiness "
        "heavier hospital hospitals hyena idea ideal important infection influence maternal medical "
        "medicine museum obvious opening painfully period piano poetry postpartum prenatal previous "
        "provider radio reaction relation relations remedies repeated serious several situate therapist "
        "therapy tiredness together tomorrow unable understand united usual vagina video worrying yesterday"
    ),
    4: (
        "ability anxiety anybody bacteria cesarean comfortable continuous diabetes diarrhea emergency "
        "exercises experience gradually information maternity medication menstruation operation perineal "
        "perineum situation society television urinary variety"
    ),
    5: ("association examination immediately opportunity possibility university"),
}


@pytest.mark.parametrize(("count", "word"), [(count, word) for count, words in HEARD.items() for word in words.split()])
def test_a_word_has_the_syllables_one_hears(count, word):
    assert syllables(word) == count
    assert syllables(word.capitalize()) == count


@pytest.mark.parametrize(
    ("word", "count"),
    [("ER", 2), ("NICU", 4), ("WHO", 5), ("911", 1), ("1-833-852-6262", 1), ("{emergency}", 1), ("I", 1)],
)
def test_capitals_are_spelled_out_and_numbers_count_as_one(word, count):
    assert syllables(word) == count


def test_accents_and_curly_apostrophes_change_nothing():
    assert syllables("caf\u00e9s") == syllables("cafes")
    assert syllables("don\u2019t") == syllables("don't") == 1
    assert syllables("partner\u2019s") == syllables("partner")


def test_the_grade_follows_the_published_formula():
    assert grade("The cat sat on the mat.") == pytest.approx(0.39 * 6 + 11.8 * 6 / 6 - 15.59)
    assert grade("Call 911 now. Tell a doctor today.") == pytest.approx(0.39 * 7 / 2 + 11.8 * 9 / 7 - 15.59)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One. Two! Three? Four", 4),
        ("Dr. Fictional sees you at 9 a.m. on Monday.", 1),
        ("Try heat, e.g. a warm pack, for 2.5 hours.", 1),
        ("Bring pads, pens, etc. Then rest.", 2),
        ("A line that is\nbroken goes on.", 1),
        ("A heading\n\nA text.", 2),
        ("Bring these:\n- a pad\n- a pen\n1. a hat", 4),
        ("Is it sore? \u201cYes.\u201d Then rest\u2026 and wait.", 3),
        ("Watch for one thing: fever; then call.", 1),
        ("...", 0),
    ],
)
def test_sentences_end_where_a_reader_stops(text, count):
    assert len(sentences(text)) == count


def test_a_text_without_words_has_grade_zero():
    assert grade("") == grade(" ... ") == 0.0


def test_long_words_and_long_sentences_are_harder():
    easy = "Rest when you can. Drink a glass of water."
    assert grade(easy) < grade(easy.replace(". Drink", " and drink"))
    assert grade(easy) < grade(easy.replace("Rest", "Recuperate"))


def test_official_prose_is_beyond_grade_eight():
    text = "Notification of the responsible practitioner regarding deterioration is an individual obligation."
    assert grade(text) > HARD
