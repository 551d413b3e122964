"""The table of checks, in the order they are read."""

from __future__ import annotations

from intake.cli.doctor import machine, parts, records
from intake.cli.doctor.checks import Check, Needs, Severity
from intake.store import shape
from intake.store.durability import WANTED

DANGEROUS, WARNING, INFO = Severity.DANGEROUS, Severity.WARNING, Severity.INFO
FIRST, LATER = Needs.SETTINGS, Needs.DATABASE
SAFEGUARDS, WHOLE_ANSWERS = records.built(shape.loosened), records.built(shape.hiding)
WHOLE_FILE = records.built(shape.torn)

CHECKS: tuple[Check, ...] = (
    Check(
        "settings",
        "PORT, DATABASE_URL, FERNLEAF_ENV, PROXIES, AUDIT_SINKS, SMTP_URL, MAIL_FROM",
        DANGEROUS,
        FIRST,
        machine.settings,
    ),
    Check(
        "plain-http",
        "HOST and PUBLIC_URL: health data beyond this machine goes over https",
        DANGEROUS,
        FIRST,
        machine.plain_http,
    ),
    Check("proxies", "the app knows how many proxies are in front", WARNING, FIRST, machine.proxy_count),
    Check("debug", "Flask's debugger is off", DANGEROUS, FIRST, machine.debug),
    Check("key-source", "the key provider may be used here", DANGEROUS, FIRST, machine.key_source),
    Check("key-file", "rights, owner and place of the key file; it opens", DANGEROUS, FIRST, machine.key_file),
    Check("same-disk", "the bare key and the records are not on one plain disk", WARNING, FIRST, machine.same_disk),
    Check("database-file", "only its owner reads the SQLite file", DANGEROUS, FIRST, machine.database_file),
    Check("database-folder", "only its owner looks into the data folder", WARNING, FIRST, machine.database_folder),
    Check(
        "database-link", "the connection to PostgreSQL is encrypted and checked", WARNING, FIRST, machine.database_link
    ),
    Check("database-tls", "in production it is always so", DANGEROUS, FIRST, machine.database_elsewhere),
    Check("clock-is-set", "the network keeps the clock right", WARNING, FIRST, machine.clock_is_set),
    Check("core-dumps", "crashes leave no memory on the disk", WARNING, FIRST, machine.core_dumps),
    Check("swap", "memory is not written to a plain disk", INFO, FIRST, machine.swap),
    Check("checkpoints", "the audit trail's checkpoints leave the disk", WARNING, FIRST, machine.checkpoint_sink),
    Check("mail-link", "the mail server's password is not sent in the open", WARNING, FIRST, machine.mail_link),
    Check("mail", "somebody named the mail server", WARNING, FIRST, machine.mail_set_up),
    Check("parts", "the parts from elsewhere were renewed in 90 days", WARNING, FIRST, parts.renewed),
    Check("https", "the public address can be reached from here", WARNING, Needs.NETWORK, machine.reached),
    Check("tls", "its certificate is trusted, its TLS is new and strong", DANGEROUS, Needs.NETWORK, machine.tls),
    Check("database", "the database answers", WARNING, LATER, records.answers),
    Check("schema", "the tables are those of this version", DANGEROUS, LATER, records.schema),
    Check("safeguards", "the database's triggers are those of this version", DANGEROUS, LATER, SAFEGUARDS),
    Check("whole-answers", "no table or index leaves rows out", DANGEROUS, LATER, WHOLE_ANSWERS),
    Check("whole-file", "the SQLite file lacks nothing and no index lacks rows", DANGEROUS, Needs.TIME, WHOLE_FILE),
    *(
        Check(name.replace("_", "-"), f"{name} of the database", DANGEROUS, Needs(kind), records.setting(name))
        for kind, wanted in WANTED.items()
        for name in wanted
    ),
    Check("clock", "the clock has not gone back", WARNING, LATER, records.clock),
    Check("demo-data", "no demo in production", DANGEROUS, LATER, records.demo_data),
    Check("random-key", "the root key in use was drawn, not made up", DANGEROUS, LATER, records.guessable),
    Check("older-root", "every data key hangs on the root key in use", WARNING, LATER, records.older_root),
    Check("root-keys", "every record hangs on a root key that is here", DANGEROUS, LATER, records.roots),
    Check("trail-key", "the newest audit line was made with these root keys", DANGEROUS, LATER, records.trail_key),
    Check("shred-ledger", "the ledger has every erasure in the audit trail", DANGEROUS, LATER, records.shred_ledger),
    Check("worker", "somebody reminds people and sends mail", WARNING, LATER, records.worker),
    Check("erased-records", "no erased record has come back", DANGEROUS, LATER, records.erased),
)
