"""The text of a form file, read with care: the right encoding, no absurd size, nothing from elsewhere."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from intake.forms.faults import Fault
from intake.forms.problems import N_

LARGEST = 200_000  # bytes of one file
# So many names in one, a.b.c…, take the reader of TOML minutes. Each run is looked at once, without going back.
DEEP = re.compile(r"""(?<![\w\\-])(?:(?:[\w-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){60}""")
WIDE = (b"\xff\xfe", b"\xfe\xff")


def text(path: Path) -> str | Fault:
    """The text of a file, or what is wrong with it. A link is not followed: it may lead out of the folder."""
    if path.is_symlink():
        return Fault(path.name, N_("this is a link to another file. Put the file itself here."))
    return followed(path)


def followed(path: Path) -> str | Fault:
    """The same for a file that was named itself."""
    if not path.exists():
        return Fault(path.name, N_("the file is missing. Add it, or take its name away from the sections."))
    if not path.is_file():
        return Fault(path.name, N_("this is no file. Put a file of text here."))
    with path.open("rb") as opened:
        return decoded(opened.read(LARGEST + 1), path.name)


def decoded(content: bytes, name: str) -> str | Fault:
    """Bytes as text with plain line ends, or what is wrong with them."""
    if len(content) > LARGEST:
        return Fault(name, N_("the file is larger than %(most)s bytes. Make two forms of it."), {"most": LARGEST})
    if content.startswith(WIDE):
        return Fault(name, N_("the file is saved as UTF-16. Save it as UTF-8, and try again."))
    try:
        return plain(content.decode("utf-8-sig"))
    except UnicodeDecodeError as wrong:
        line = content[: wrong.start].count(b"\n") + 1
        return Fault(
            name,
            N_("the file is not saved as UTF-8: line %(line)s has a letter that cannot be read. Save it as UTF-8."),
            {"line": line},
        )


def plain(given: str) -> str:
    """A text with line ends as on Unix, so that the same form has the same hash wherever it was written."""
    return given.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def table(given: str, name: str) -> dict[str, Any] | Fault:
    """The TOML of a text, or where it stops being that."""
    if len(given.encode("utf-8", "surrogatepass")) > LARGEST:
        return Fault(name, N_("the file is larger than %(most)s bytes. Make two forms of it."), {"most": LARGEST})
    if DEEP.search(given):
        return Fault(name, N_("names stand in names too deep to be read. See the example in docs/forms.md."))
    try:
        return tomllib.loads(given)
    except RecursionError:
        return Fault(name, N_("lists stand in lists too deep to be read. See the example in docs/forms.md."))
    except ValueError as wrong:  # of TOML, and of numbers of thousands of digits
        return Fault(
            name,
            N_("this is not TOML: %(wrong)s. Look at that place, or compare with the example in docs/forms.md."),
            {"wrong": str(wrong).rstrip(".")[:200]},
        )
