"""The clinic's phrases are an administrator's to write."""

from __future__ import annotations


def test_who_is_no_administrator_finds_no_such_page(client, make, sign_in):
    sign_in(make.therapist())
    assert client.get("/admin/phrases").status_code == 404
    sent = {"csrf_token": client.token, "word": ".ours", "stands_for": "x", "version": "0"}
    assert client.post("/admin/phrases", data=sent).status_code == 404
    assert ".ours" not in client.get("/account/phrases").text


def test_the_settings_lead_there(client, make, sign_in):
    sign_in(make.admin())
    assert "/admin/phrases" in client.get("/admin/settings").text
