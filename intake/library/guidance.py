"""What goes with every exercise: the traffic light and the reasons to stop at once."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Light:
    """One color of the traffic light: what is noticed, and what to do then."""

    color: str
    when: str
    then: str


# Our own default, not a published rule.
TRAFFIC_LIGHT = (
    Light(
        "Green",
        "Pain is 0 to 2 out of 10, and you are back to your usual by the next day.",
        "Keep going. When all sets feel easy 2 or 3 times, change 1 thing.",
    ),
    Light(
        "Yellow",
        "Pain is 3 or 4 out of 10, or symptoms last for up to a day.",
        "Stay where you are, or do a quarter to a half less.",
    ),
    Light(
        "Red",
        "Pain is 5 or more, lasts over a day, or you leak, feel heavy or bleed more.",
        "Stop, and tell your therapist.",
    ),
)

STOP_FOR_ALL = (
    "A fever",
    "Heavy bleeding",
    "A wound that opens",
    "Chest pain",
    "Calf pain",
    "Feeling dizzy",
    "A very bad headache",
    "Anything that does not feel right to you",
)
