"""What the server answers."""

import os
from importlib.metadata import version

from fastapi import FastAPI

app = FastAPI(title="quickstart", version=version("quickstart"))


@app.get("/")
def greet(name: str = "world") -> dict[str, str]:
    """Greets `?name=…` with the word in the environment variable GREETING."""
    greeting = os.environ.get("GREETING", "hello")
    return {"message": f"{greeting}, {name}", "version": app.version}


@app.get("/health")
def health() -> dict[str, str]:
    """Says that the server can answer."""
    return {"status": "ok"}
