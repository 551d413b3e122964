"""The one door to every view: what is missing and what is not for this person are the same page."""

from __future__ import annotations

import pytest

from intake.app import create_app
from intake.config import Config
from intake.store import audit
from intake.web.guard import refuse_unguarded
from tests.browsing import alike
from tests.builders import COST, KEYS
from tests.pages import arrive, send, where
from tests.rows import changed, everything
from tests.sizes import share
from tests.web.world import NOTHING, routes

# What each role may open of a patient it does not treat; everything else with an id is a 404.
OPEN = {
    "desk": ("clinic.patients.", "clinic.visits.", "clinic.care_team."),
    "outsider": ("clinic.worklist.",),
    "assistant": (
        *(
            "clinic.patients.show",
            "clinic.charts.",
            "clinic.searches.",
            "clinic.chart_prints.show",
            "clinic.chart_prints.document",
            "clinic.courses.show",
            "clinic.diaries.",
            "clinic.measures.index",
            "clinic.measures.document",
            "clinic.measures.new",
            "clinic.measures.enter",
            "clinic.answers.show",
            "clinic.printouts.document",
        ),
        *("clinic.notes.s", "clinic.plans.", "clinic.transcripts.", "clinic.corrections."),
        "clinic.discards.",
    ),
    "privacy": ("privacy.",),
    "admin": ("admin.", "clinic.patients.show", "clinic.care_team."),
}
HARMLESS = ("account.", "patient.", "clinic.papers.")  # a blank form is about nobody


def with_ids(app, method):
    return [rule for rule in routes(app, method) if rule.arguments and not rule.endpoint.startswith(HARMLESS)]


@pytest.mark.dear
@pytest.mark.parametrize("role", sorted(OPEN))
def test_somebody_else_s_id_looks_like_one_that_does_not_exist(app, client, sign_in, world, session, role, backend):
    sign_in(getattr(world, role))
    client.get("/sign-in")
    before = everything(session)
    for method in ("GET", "POST"):
        for rule in share(with_ids(app, method), backend):
            if rule.endpoint.startswith(OPEN[role]):
                continue
            data = {"csrf_token": client.token} if method == "POST" else None
            ids = {name: NOTHING for name in rule.arguments if name.endswith("_id")}
            theirs, nothing = (
                client.open(world.address(rule, **other), method=method, data=data) for other in ({}, ids)
            )
            assert theirs.status_code == 404, f"{role} {method} {rule.rule}"
            assert alike(theirs) == alike(nothing), f"{role} {method} {rule.rule}"
    assert changed(before, everything(session)) == {"audit", "audit_head"}


def test_a_therapist_on_the_care_team_neither_writes_signs_nor_issues_what_a_colleague_wrote(
    app, client, sign_in, make, world
):
    colleague = make.therapist()
    make.visit(world.invitation.patient, colleague)
    sign_in(colleague)
    client.get("/clinic")
    for endpoint in (
        "clinic.notes.save",
        "clinic.notes.sign",
        "clinic.plans.start",
        "clinic.plans.save",
        "clinic.plans.issue",
    ):
        (rule,) = (rule for rule in routes(app, "POST") if rule.endpoint == endpoint)
        assert client.post(world.address(rule), data={"csrf_token": client.token}).status_code == 404, endpoint
    for endpoint in ("clinic.notes.show", "clinic.plans.show", "clinic.charts.show", "clinic.plans.document"):
        (rule,) = (rule for rule in routes(app, "GET") if rule.endpoint == endpoint)
        assert client.get(world.address(rule)).status_code == 200, endpoint


def test_whoever_is_not_signed_in_is_led_to_the_way_in_and_changes_nothing(app, client, enter, world, session):
    enter(world.invitation)  # a patient's session opens nothing of the clinic
    client.get("/f")
    before = everything(session)
    for method in ("GET", "POST"):
        for rule in routes(app, method):
            if rule.endpoint.startswith(("clinic.", "admin.", "privacy.")):
                answer = client.open(world.address(rule), method=method, data={"csrf_token": client.token})
                assert answer.status_code == 302, f"{method} {world.address(rule)}"
                assert answer.location.startswith("/sign-in"), rule.rule
    assert changed(before, everything(session)) == set()


def test_staff_do_not_get_into_a_patient_s_form(client, sign_in, world, session):
    sign_in(world.therapist)
    client.get("/clinic")
    before = everything(session)
    assert where(client.get("/f")) == "start"
    for at in ("tasks", "page 1.1", "check", "message 2.2"):
        fields = {"_version": "goals:2", "_go": "check", "signer": "Rowan", "reply": "read"}
        assert arrive(client, send(client, at, fields)) == "start", at
    assert changed(before, everything(session)) == set()


def test_an_id_that_is_none_is_not_found(client, make, sign_in):
    for bad in ("not-a-uuid", "1", "..%2f..%2fetc", "' OR 1=1 --", "0" * 32, "%00"):
        sign_in(make.user("therapist", "front-desk", "admin"))
        for path in (
            "/clinic/charts/",
            "/clinic/notes/",
            "/clinic/plans/",
            "/clinic/patients/",
            "/clinic/visits/",
            "/clinic/worklist/",
            "/admin/people/",
        ):
            assert client.get(path + bad).status_code == 404


def test_every_post_needs_the_token_of_its_page(app, client, sign_in, world, session, backend):
    sign_in(world.therapist)
    before = everything(session)
    for rule in share(routes(app, "POST"), backend):
        if rule.endpoint in {"patient.leave.go", "kiosk.leave.go"}:
            continue  # it asks for none, and ends nothing but a patient's sitting (test_leave.py)
        for token in ({}, {"csrf_token": ""}, {"csrf_token": "made-up"}):
            answer = client.post(world.address(rule, token="x"), data=token)
            assert answer.status_code == 400, rule.rule
            assert "open too long" in answer.text
    assert changed(before, everything(session)) == set()


def test_a_token_of_another_browser_does_not_fit(client, new_client, make, sign_in):
    sign_in(make.admin())
    stranger = new_client()
    stranger.get("/f")
    client.get("/admin/people")
    assert (
        client.post("/admin/settings/places", data={"csrf_token": stranger.token, "name": "Planted"}).status_code == 400
    )


def test_a_read_of_a_record_is_logged_with_who_and_whose(client, sign_in, world, session):
    sign_in(world.therapist)
    for path in (
        f"/clinic/notes/{world.ids['note_id']}",
        f"/clinic/plans/{world.ids['plan_id']}",
        f"/clinic/plans/documents/{world.ids['document_id']}",
    ):
        client.get(path)
    session.rollback()
    read = [
        line for line in audit.of_patient(session, world.invitation.visit.patient_id) if line.action.startswith("read.")
    ]
    assert [line.action for line in read] == ["read.read-note", "read.read-plan", "read.read-document"]
    assert {line.actor_id for line in read} == {world.therapist.id}


def test_the_app_does_not_start_with_a_view_nobody_guards(tmp_path):
    app = create_app(Config(database_url=f"sqlite:///{tmp_path / 'x.db'}", keys=KEYS, password_cost=COST))
    app.add_url_rule("/open-door", view_func=lambda: "come in")
    with pytest.raises(RuntimeError, match="/open-door"):
        refuse_unguarded(app)
