"""The sizes of screen that pages must fit: a small phone in the hand, a small laptop on the desk."""

PHONE = {"width": 320, "height": 700}
TYPICAL = {"width": 390, "height": 844}  # what most phones of today show
DESK = {"width": 1280, "height": 800}
