"""The traffic light and the reasons to stop, as patients read them."""

from __future__ import annotations

from intake.clinical.readability import grade
from intake.library.guidance import STOP_FOR_ALL, TRAFFIC_LIGHT


def test_the_light_runs_from_green_over_yellow_to_red():
    assert [light.color for light in TRAFFIC_LIGHT] == ["Green", "Yellow", "Red"]


def test_the_bands_of_pain_meet_without_a_gap():
    starts = [light.when.split(",")[0] for light in TRAFFIC_LIGHT]
    assert starts == ["Pain is 0 to 2 out of 10", "Pain is 3 or 4 out of 10", "Pain is 5 or more"]


def test_each_light_is_easy_to_read():
    assert all(grade(f"{light.when} {light.then}") <= 8 for light in TRAFFIC_LIGHT)


def test_fever_bleeding_chest_and_calf_pain_stop_every_exercise():
    assert {"A fever", "Heavy bleeding", "Chest pain", "Calf pain"} <= set(STOP_FOR_ALL)
