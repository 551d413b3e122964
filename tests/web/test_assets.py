"""The style sheet and the script, under addresses that name their content."""

from __future__ import annotations

from flask import Flask

from intake.web import assets
from intake.web.headers import KEPT_FOR_GOOD


def served(folder, **files):
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    app = Flask(__name__, static_folder=None)
    assets.attach(app, folder)
    with app.test_request_context():
        return app.test_client(), {name: app.url_for("static", filename=name) for name in files}


def test_a_changed_file_has_another_address_and_an_unchanged_one_the_same(tmp_path):
    _client, first = served(tmp_path, **{"a.css": "one", "b.js": "same"})
    _client, then = served(tmp_path, **{"a.css": "two", "b.js": "same"})
    assert first["a.css"] != then["a.css"]
    assert first["b.js"] == then["b.js"]


def test_a_page_of_an_older_version_still_gets_its_style_but_keeps_it_nowhere(tmp_path):
    client, _addresses = served(tmp_path, **{"a.css": "p {}"})
    answer = client.get("/static/0123456789abcdef/a.css")
    assert answer.text == "p {}"
    assert answer.headers.get("Cache-Control") != KEPT_FOR_GOOD


def test_what_is_not_there_is_not_found_wherever_the_address_points(tmp_path):
    (tmp_path / "served").mkdir()
    (tmp_path / "secret.key").write_text("s", encoding="utf-8")
    client, _addresses = served(tmp_path / "served", **{"a.css": "p {}"})
    for path in ("/static/x/gone.css", "/static/x/../secret.key", "/static/x/%2e%2e/secret.key", "/static/a.css"):
        assert client.get(path).status_code == 404


def test_kinds_are_named_so_that_browsers_need_not_guess(tmp_path):
    client, addresses = served(tmp_path, **{"a.css": "p {}", "b.js": "x()"})
    assert client.get(addresses["a.css"]).content_type == "text/css; charset=utf-8"
    assert client.get(addresses["b.js"]).mimetype == "text/javascript"
