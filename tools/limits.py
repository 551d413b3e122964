"""docs/limits.md, written from the clocks and limits of the code: `make limits`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

from intake import app
from intake.actions import accounts, invitations, keys, resets, sittings, trail
from intake.cli.doctor import machine, outside
from intake.cli.serve import CONNECTIONS as BROWSERS
from intake.cli.serve import SILENT, THREADS
from intake.cli.worker import EVERY
from intake.clinical import alerts, delivery, emergency, retention
from intake.pdf import press, worker
from intake.security import passwords, proof, unlocking
from intake.security.limits import LIMITS, Beyond, Bucket, Limit
from intake.security.providers import vault
from intake.store import careteam, engine, handovers, kept, sessions, sinks
from intake.store import resets as wishes
from intake.web import identity, proving, visitors

PAGE = Path(__file__).resolve().parents[1] / "docs" / "limits.md"
UNITS = (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1))
MIB = 1024 * 1024
HEAD = """# Clocks and limits

This page is made from the code by `make limits`; a test says when it is stale. What a clinic can choose itself (how
long an invitation works, how long records are kept) stands on its page Settings.
"""
LIMITS_HEAD = """## Too often

Every process counts in the database, so that several servers share one count. A try is counted before a password or a
code is looked at, and given back when it was right. Names and addresses are counted under a keyed hash.
"""
COUNTED = {
    Bucket.SIGN_IN_NETWORK: "Sign-ins from one network",
    Bucket.SIGN_IN_CLINIC: "Sign-ins to the whole clinic",
    Bucket.SIGN_IN_ACCOUNT: "Passwords for one account",
    Bucket.SECOND_FACTOR: "Codes for one person",
    Bucket.LINK_NETWORK: "One-time links that do not exist, from one network",
    Bucket.ENTRY_NETWORK: "Patients' access codes, from one network",
    Bucket.AUTOSAVE: "Pages that save themselves, in one session",
    Bucket.DOCUMENTS: "Documents for one person",
    Bucket.PATIENTS_READ: "Patients whose records one person opens",
    Bucket.CODES_CHECKED: "Codes of printed notes one person looks up",
}
BEYOND = {
    Beyond.REFUSED: "refused, with the time to wait",
    Beyond.SLOWED: "slowed, and told once to the audit trail",
    Beyond.TOLD: "let through, and told once to the audit trail",
}
SESSIONS = (
    ("Staff: without a hand on it, the screen locks after", identity.STAFF_IDLE),
    ("Staff: a session ends after", sessions.STAFF_LONGEST),
    ("Staff: sessions at once; the oldest ends", sessions.MOST_AT_ONCE),
    ("Staff: time between password and second factor", identity.HALFWAY),
    ("Staff: a factor counts as fresh for weighty acts", identity.FRESH),
    ("Staff: what was sent to a locked screen is kept", kept.KEPT_FOR),
    ("A passkey's challenge waits", proving.WAITS),
    ("Signing with a passkey, from the text to the touch", proof.LONGEST_GESTURE),
    ("Patients: a sitting ends when idle for", visitors.IDLE),
    ("Patients: the same where others use the device", visitors.IDLE_SHARED),
    ("A device that was handed over: without a hand on it the form closes after", handovers.IDLE),
    ("A device that was handed over: the form closes after", handovers.LONGEST),
    ("Patients: a sitting ends after", visitors.LONGEST),
    ("Patients: a page that came too late is kept", sittings.KEPT),
    ("Patients: the same where the clinic ended the link", sittings.UNTIL_CALLED),
)
INVITATIONS = (
    ("Wrong tries that freeze an invitation", invitations.FREEZES_AT),
    ("It stays frozen for", invitations.FROZEN),
    ("Wrong tries in a row that end it", invitations.REVOKES_AT),
    ("The link for the first administrator works for", timedelta(minutes=accounts.SETUP_MINUTES)),
    ("The link to choose a password works for", timedelta(days=accounts.INVITED_DAYS)),
    ("The link after lost factors works for", resets.LINK),
    ("A second person has to agree to that within", wishes.WAITS),
)
RECORDS = (
    ("Nobody is on a care team any more after the last visit plus", careteam.LINGERS),
    ("A chart opened in an emergency closes after", timedelta(minutes=emergency.MINUTES)),
    ("The privacy lead looks at it within", emergency.REVIEW_WITHIN),
    ("It shows as overdue after", emergency.OVERDUE_AFTER),
    ("A checkpoint of the audit trail is taken, while there is activity, every", trail.EVERY),
    (
        "An emergency nobody took on: the next person is reminded after, unless the clinic says otherwise",
        timedelta(minutes=alerts.EMERGENCY_MINUTES),
    ),
    ("The same for what is for the same day, in working time", timedelta(minutes=alerts.SAME_DAY_MINUTES)),
    ("Years a record is kept after the last visit, unless the clinic says otherwise", retention.USUAL_YEARS),
    ("The fewest years a clinic can choose", retention.SHORTEST_YEARS),
    ("A second person has to agree to an erasure within", timedelta(days=keys.DAYS_TO_AGREE)),
    (
        "A new account, or one that was touched at the terminal, erases nothing for",
        timedelta(days=keys.DAYS_AFTER_TERMINAL),
    ),
)
WORK = (
    ("Characters a password has", f"{passwords.SHORTEST} to {passwords.LONGEST}"),
    ("Passwords checked at once in a process; others wait", passwords.AT_ONCE),
    ("They wait no longer than", timedelta(seconds=passwords.PATIENCE)),
    ("Documents printed at once in a process; others wait", press.AT_ONCE),
    ("Printing a document takes no longer than", timedelta(seconds=press.SECONDS)),
    ("Time of the processor for a document", timedelta(seconds=worker.CPU_EACH)),
    ("Memory for printing", f"{worker.MEMORY // MIB} MiB"),
    ("The most a page may send", f"{app.BIGGEST_BODY // MIB} MiB"),
    ("Fields a page may send", f"{app.MOST_FIELDS:,}"),
    ("`flask worker` looks for mail and reminders every", timedelta(seconds=EVERY)),
    ("A mail belongs to one worker for", delivery.LEASE),
    ("A mail is tried", f"{delivery.TRIES} times"),
    ("The longest wait between two tries", delivery.LONGEST_WAIT),
    ("Sent mail, and what did not go out, is listed for", delivery.KEPT),
)
TABLES = (
    ("Sessions", SESSIONS), ("Invitations and links", INVITATIONS), ("Records", RECORDS), ("Costly work", WORK),
)  # fmt: skip


CONNECTIONS = (
    ("Browsers, to a process of `flask serve`", BROWSERS, "more wait until one ends; gunicorn has its own rules"),
    ("Requests worked on at once in such a process", THREADS, "more wait in line"),
    (
        "To the database, from a process", engine.AT_MOST,
        f"{engine.KEPT_OPEN} are kept open; whoever needs one more waits, and gets an error page when that is too long",
    ),
    ("To a mail server, a system log or Vault", "one each time", "opened for one message or one key, and closed"),
)  # fmt: skip
WAITING = (
    ("A browser that sends nothing", SILENT, "the connection is closed"),
    ("A free connection to the database", engine.FOR_A_CONNECTION, "an error page with a number; nothing is kept"),
    (
        "PostgreSQL, when a connection is opened",
        engine.FOR_AN_ANSWER,
        "a page that says so; the next request tries anew",
    ),
    ("The write lock of SQLite", engine.FOR_A_LOCK, "an error page with a number; nothing is kept"),
    ("A mail server", sinks.PATIENCE, "the failure is told; the next checkpoint goes out as usual"),
    ("A mail server, for a mail in all", sinks.LONGEST, "the mails that are due wait; reminders are planned meanwhile"),
    ("Vault", vault.PATIENCE, "the start or the command ends with a sentence"),
    ("A passphrase handed over", unlocking.PATIENCE, "that connection is closed; another can be made"),
    ("The clinic's own address, for the doctor", outside.PATIENCE, "a warning"),
    ("The system's clock service, for the doctor", machine.PATIENCE, "that check is left out"),
)
CONNECTIONS_HEAD = """## Connections
"""
WAITING_HEAD = """## Waiting for others

Nothing is tried a second time by itself, with two exceptions. A connection to PostgreSQL that was kept open is tested
before it is used, and replaced when it is dead. A page that saves itself tries again after 1 second, then after twice
as long each time up to a minute, while it stays open; a reply is waited for 15 seconds. PostgreSQL's locks are waited
for as long as its own `lock_timeout` and `statement_timeout` say.
"""


def page() -> str:
    """The whole page, as Markdown."""
    parts = [
        f"## {title}\n\n{_table(('', ''), ((what, said(value)) for what, value in rows))}" for title, rows in TABLES
    ]
    connections = ((what, said(number), then) for what, number, then in CONNECTIONS)
    waiting = ((what, said(timedelta(seconds=seconds)), then) for what, seconds, then in WAITING)
    parts += [CONNECTIONS_HEAD, _table(("Connections", "At most", "Then"), connections)]
    parts += [WAITING_HEAD, _table(("For", "No longer than", "Then"), waiting)]
    return "\n".join([HEAD, *parts, LIMITS_HEAD, _table(("What is counted", "At most", "Then"), _limits())])


def _limits() -> Iterator[tuple[str, str, str]]:
    for bucket, limit in LIMITS.items():
        yield COUNTED.get(bucket, bucket.value), ", ".join(_windows(limit)), BEYOND[limit.beyond]


def _windows(limit: Limit) -> Iterator[str]:
    for window in limit.windows:
        yield (
            f"{window.most} in {said(timedelta(seconds=window.seconds))}"
            if window.seconds
            else f"{window.most} in a row"
        )


def said(value: timedelta | str | float) -> str:
    """A time in its largest whole unit, anything else as it is."""
    if not isinstance(value, timedelta):
        return str(value)
    name, size = next((name, size) for name, size in UNITS if value.total_seconds() % size == 0)
    number = int(value.total_seconds()) // size
    return f"{number} {name}" if number == 1 else f"{number} {name}s"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
