"""What the server answers."""

import json
import threading

import pytest
from fastapi.testclient import TestClient

from nemotron_hf.cpu_engine import CpuEngine
from nemotron_hf.engine import Piece
from nemotron_hf.server import Service, _until, application


@pytest.fixture
def client(settings):
    service = Service(settings, CpuEngine)
    service._loaded(pytest.fail)
    return TestClient(application(service))


def complete(client, **request):
    return client.post("/v1/completions", json={"prompt": "every layer", **request})


def test_a_server_that_loads_is_not_well_yet(settings):
    go = threading.Event()

    def load(settings):
        go.wait()
        return CpuEngine(settings)

    service = Service(settings, load)
    client = TestClient(application(service))
    service.start(pytest.fail)
    health = client.get("/health")
    assert (health.status_code, health.json()["status"]) == (503, "loading")
    assert complete(client).status_code == 503
    go.set()
    while service.engine is None:
        pass
    health = client.get("/health")
    expected = {"status": "ok", "model": "tiny", "quantization": "none", "attention": "sdpa", "device": "cpu"}
    assert (health.status_code, health.json()) == (200, expected)


def test_a_model_that_cannot_be_loaded_ends_the_server(settings, tmp_path):
    def load(_):
        raise OSError("disk gone")

    ended = threading.Event()
    service = Service(settings, load)
    service._loaded(ended.set)
    assert ended.is_set() and str(service.failure) == "disk gone"


def test_a_completion_has_openais_form(client):
    answer = complete(client, max_tokens=2).json()
    assert answer["object"] == "text_completion" and answer["model"] == "tiny"
    assert answer["choices"] == [{"index": 0, "text": " stands alone", "finish_reason": "length", "logprobs": None}]
    assert answer["usage"] == {"prompt_tokens": 2, "completion_tokens": 2, "total_tokens": 4}


def test_a_stream_says_the_same_piece_by_piece(client):
    body = complete(client, max_tokens=3, stream=True).text
    events = [line.removeprefix("data: ") for line in body.splitlines() if line]
    assert events[-1] == "[DONE]"
    choices = [json.loads(event)["choices"][0] for event in events[:-1]]
    assert [choice["text"] for choice in choices] == [" stands", " alone", " in", ""]
    assert [choice["finish_reason"] for choice in choices] == [None, None, None, "length"]


def test_a_stop_word_ends_the_text_before_it(client):
    choice = complete(client, max_tokens=20, stop=["in a", "nothing"]).json()["choices"][0]
    assert (choice["text"], choice["finish_reason"]) == (" stands alone ", "stop")


def test_the_beginning_of_a_stop_word_is_held_back():
    pieces = [Piece("ab", 1), Piece("cd", 1), Piece("ce", 1), Piece("", 0, "length")]
    assert [piece.text for piece in _until(iter(pieces), ["ce f", "dcx"])] == ["ab", "c", "d", "ce"]


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ({"prompt": ""}, 422),
        ({"max_tokens": 0}, 422),
        ({"temperature": -1}, 422),
        ({"model": "other"}, 404),
        ({"prompt": "layer " * 300}, 400),
    ],
)
def test_a_request_that_cannot_be_answered_is_refused(client, request_, status):
    assert complete(client, **request_).status_code == status


def test_the_model_is_listed(client):
    assert client.get("/v1/models").json()["data"][0]["id"] == "tiny"
