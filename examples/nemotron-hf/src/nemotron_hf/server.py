"""`python -m nemotron_hf.server`: serves the model until it is told to stop.

GET /health answers 503 while the model loads and 200 once it can answer; POST /v1/completions is OpenAI's.
"""

import json
import logging
import signal
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator

import uvicorn
from fastapi import FastAPI, HTTPException
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, Field

from .engine import Engine, Piece, Sampling, load
from .settings import Settings, SettingsError

log = logging.getLogger("nemotron_hf")


class Completion(BaseModel):
    """A request for text that follows a prompt."""

    prompt: str = Field(min_length=1)
    model: str | None = None
    max_tokens: int = Field(default=16, ge=1, le=4096)
    temperature: float = Field(default=0.0, ge=0, le=2)
    seed: int = 0
    stop: str | list[str] | None = None
    stream: bool = False


class Service:
    """A model that is loaded beside the server, and answers one request at a time."""

    def __init__(self, settings: Settings, load: Callable[[Settings], Engine] = load) -> None:
        self.settings = settings
        self.engine: Engine | None = None
        self.failure: Exception | None = None
        self._load = load
        self._turn = threading.Lock()

    def start(self, failed: Callable[[], None]) -> None:
        """Loads the model in a thread; `failed` is called where that does not work."""
        threading.Thread(target=self._loaded, args=(failed,), daemon=True).start()

    def _loaded(self, failed: Callable[[], None]) -> None:
        began = time.monotonic()
        try:
            self.engine = self._load(self.settings)
            log.info("loaded %s in %.1f s", self.settings.model_name, time.monotonic() - began)
        except Exception as error:
            self.failure = error
            log.error("the model cannot be loaded: %s", error)
            failed()

    def pieces(self, request: Completion) -> Iterator[Piece]:
        """What follows, cut before the first stop word."""
        stops = [request.stop] if isinstance(request.stop, str) else request.stop or []
        stops = [stop for stop in stops if stop]
        sampling = Sampling(request.max_tokens, request.temperature, request.seed)
        with self._turn:
            yield from _until(self.engine.generate(request.prompt, sampling), stops)


def _until(pieces: Iterator[Piece], stops: list[str]) -> Iterator[Piece]:
    """Pieces up to a stop word, which may lie across several: its beginning is held back until it is none."""
    held = ""
    for piece in pieces:
        held += piece.text
        found = min((held.find(stop) for stop in stops if stop in held), default=-1)
        if found >= 0:
            yield Piece(held[:found], piece.tokens, "stop")
            return
        keep = 0 if piece.finish_reason else _begun(held, stops)
        yield Piece(held[: len(held) - keep], piece.tokens, piece.finish_reason)
        held = held[len(held) - keep :]


def _begun(text: str, stops: list[str]) -> int:
    """Letters at the end of a text that a stop word may begin with."""
    lengths = (n for stop in stops for n in range(1, len(stop)) if text.endswith(stop[:n]))
    return max(lengths, default=0)


def application(service: Service) -> FastAPI:
    """What the server answers."""
    app = FastAPI(title="nemotron-hf")

    @app.get("/health")
    def health() -> JSONResponse:
        engine, settings = service.engine, service.settings
        facts = {
            "status": "ok" if engine else "loading",
            "model": settings.model_name,
            "quantization": engine.quantization if engine else settings.quantization,
            "attention": engine.attention if engine else settings.attention,
            "device": engine.device if engine else None,
        }
        return JSONResponse(facts, status_code=200 if engine else 503)

    @app.get("/v1/models")
    def models() -> dict:
        model = {"id": service.settings.model_name, "object": "model", "owned_by": "local"}
        return {"object": "list", "data": [model]}

    @app.post("/v1/completions", response_model=None)
    def completions(request: Completion) -> StreamingResponse | dict:
        if service.engine is None:
            raise HTTPException(503, "the model is still loading")
        if request.model not in (None, service.settings.model_name):
            raise HTTPException(404, f"this server has the model {service.settings.model_name!r} alone")
        answer = Answer(service, request)
        if request.stream:
            return StreamingResponse(answer.events(), media_type="text/event-stream")
        return answer.whole()

    return app


class Answer:
    """One completion in OpenAI's form, whole or as events."""

    def __init__(self, service: Service, request: Completion) -> None:
        self._service, self._request = service, request
        self._id, self._created = f"cmpl-{uuid.uuid4().hex}", int(time.time())

    def whole(self) -> dict:
        try:
            pieces = list(self._service.pieces(self._request))
        except ValueError as error:
            raise HTTPException(400, str(error)) from error
        made = sum(piece.tokens for piece in pieces)
        asked = self._service.engine.count(self._request.prompt)
        usage = {"prompt_tokens": asked, "completion_tokens": made, "total_tokens": asked + made}
        return self._object("".join(piece.text for piece in pieces), pieces[-1].finish_reason) | {"usage": usage}

    def events(self) -> Iterator[str]:
        try:
            for piece in self._service.pieces(self._request):
                if piece.text or piece.finish_reason:
                    yield f"data: {json.dumps(self._object(piece.text, piece.finish_reason))}\n\n"
        except ValueError as error:
            yield f"data: {json.dumps({'error': {'message': str(error)}})}\n\n"
        yield "data: [DONE]\n\n"

    def _object(self, text: str, reason: str | None) -> dict:
        choice = {"index": 0, "text": text, "finish_reason": reason, "logprobs": None}
        return {
            "id": self._id,
            "object": "text_completion",
            "created": self._created,
            "model": self._service.settings.model_name,
            "choices": [choice],
        }


def main() -> int:
    """Serves; 0 after SIGTERM or SIGINT, when running requests are answered, 1 where the model cannot be loaded, 2 for
    settings that cannot be."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s: %(message)s")
    try:
        settings = Settings.from_env()
    except SettingsError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    service = Service(settings)
    server = uvicorn.Server(
        uvicorn.Config(application(service), host=settings.host, port=settings.port, timeout_graceful_shutdown=30)
    )

    def stop() -> None:
        server.should_exit = True

    # After its own shutdown uvicorn raises the signal once more for the handlers that were there before it.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop())
    service.start(failed=stop)
    server.run()
    if isinstance(service.failure, SettingsError):
        return 2
    return 1 if service.failure else 0


if __name__ == "__main__":
    sys.exit(main())
