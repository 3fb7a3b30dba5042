"""What goes over the pipes: a line of JSON for each message. The other end is `src/sidecar/message.rs`."""

import base64
import json
import logging
from typing import TextIO

from vortex.director import Director, InvalidRequest, Scene


def serve(director: Director, requests: TextIO, answers: TextIO) -> None:
    """Says that it is ready, and answers line after line until there are no more."""

    def say(message: dict) -> None:
        print(json.dumps(message), file=answers, flush=True)

    say({"ready": director.voices})
    for line in requests:
        say(answer(director, json.loads(line)))


def answer(director: Director, request: dict) -> dict:
    """The scene, or what is wrong with the request or with us."""
    try:
        scene = director.scene(request["prompt"], request["seed"], request["frames"], request["voice"])
    except InvalidRequest as error:
        return {"invalid": str(error)}
    except Exception as error:  # one bad request must not take the others down
        logging.exception("a scene failed")
        return {"failed": f"{type(error).__name__}: {error}"}
    return {"scene": encoded(scene)}


def encoded(scene: Scene) -> dict:
    return {
        "frames": [base64.b64encode(frame).decode() for frame in scene.frames],
        "speech": base64.b64encode(scene.speech).decode(),
        "score_b32": scene.score_b32,
        "score_l14": scene.score_l14,
    }
