"""Weighty acts want a factor given within the last five minutes, and lose nothing that was sent meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from intake.store.sessions import Login
from intake.web.identity import FRESH
from tests.rows import changed, everything
from tests.web.world import routes

# What weighs: what one signs in with, who has which role, lost factors, charts in an emergency, and taking a note out,
# words that can never be changed, and a form that is taken out for good.
WEIGHTY = {
    *("account.password.show", "account.password.change", "account.recovery.make", "account.totp.remove"),
    *("account.totp.show", "account.totp.propose", "account.totp.confirm", "account.passkeys.show"),
    *("account.passkeys.options", "account.passkeys.add", "account.passkeys.rename", "account.passkeys.remove"),
    *("admin.people.create", "admin.people.save", "admin.people.password", "admin.people.switch"),
    *("admin.settings.save", "admin.resets.ask", "admin.resets.approve", "admin.resets.approve_with_key"),
    *("clinic.emergencies.open_chart", "clinic.proofs.download", "clinic.printouts.create"),
    "clinic.chart_prints.create",
    "clinic.misfilings.create",
    *("admin.forms.publish", "admin.forms.retire"),
}
# A page that was sent waits for the factor; the session is seen; looks and tries leave a line.
LEAVES = frozenset({"kept_pages", "logins", "audit", "audit_head"})


def weighty(app):
    return {name for name, view in app.view_functions.items() if getattr(view, "fresh", False)}


def test_these_acts_weigh(app):
    assert weighty(app) >= WEIGHTY


@pytest.fixture
def tried(app, client, sign_in, world, session):
    """Try every weighty address with a factor that is so old; {endpoint verb: where it led}."""

    def went(age):
        found = {}
        for rule in app.url_map.iter_rules():
            for verb in ("GET", "POST"):
                if rule.endpoint not in weighty(app) or verb not in rule.methods:
                    continue
                sign_in(world.who_may(rule.endpoint) or world.therapist)
                client.get("/account")
                for login in session.scalars(select(Login).where(Login.ended_at.is_(None))):
                    login.stepped_up_at = datetime.now(UTC) - age
                session.commit()
                address = world.address(rule, note_id=world.ids["signed_note"])
                answer = client.open(address, method=verb, data={"csrf_token": client.token})
                found[f"{rule.endpoint} {verb}"] = answer.location or ""
        return found

    return went


@pytest.mark.dear
def test_with_an_older_factor_every_weighty_act_asks_for_one_and_does_nothing(tried, session, world):
    before = everything(session)
    led = tried(FRESH + timedelta(seconds=30))
    assert [name for name, where in led.items() if not where.startswith("/step-up")] == []
    assert len(led) >= len(WEIGHTY)
    assert changed(before, everything(session)) <= LEAVES


def test_with_a_fresh_factor_none_of_them_asks(tried):
    assert [name for name, where in tried(timedelta(0)).items() if where.startswith("/step-up")] == []


def test_every_act_that_gives_somebody_a_way_in_weighs(app):
    ways = ("admin.people.", "admin.resets.")
    acts = {rule.endpoint for rule in routes(app, "POST") if rule.endpoint.startswith(ways)}
    assert acts - weighty(app) == {"admin.resets.drop"}  # taking a wish back
