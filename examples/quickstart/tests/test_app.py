from quickstart.app import greet, health


def test_the_root_greets_the_world():
    assert greet()["message"] == "hello, world"


def test_the_greeting_comes_from_the_environment(monkeypatch):
    monkeypatch.setenv("GREETING", "ahoy")
    assert greet("Ada")["message"] == "ahoy, Ada"


def test_health_answers_ok():
    assert health() == {"status": "ok"}
