"""What the environment says, checked before anything is loaded."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

QUANTIZATIONS = ("none", "8bit", "4bit")
ATTENTIONS = ("flash_attention_2", "sdpa", "eager")
ENGINES = ("auto", "transformers", "cpu")


class SettingsError(Exception):
    """A variable that says something else than it may, or a model that is not there."""


@dataclass(frozen=True)
class Settings:
    """How a model is served."""

    model_path: Path
    model_name: str
    quantization: str = "none"
    attention: str = "sdpa"
    engine: str = "auto"
    host: str = "0.0.0.0"
    port: int = 8091

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> "Settings":
        """Reads MODEL_PATH, MODEL_NAME, QUANTIZATION, ATTENTION, ENGINE, HOST and PORT."""
        path = env.get("MODEL_PATH", "")
        if not path:
            raise SettingsError("MODEL_PATH is not set: it names the folder of the model")
        folder = Path(path)
        if not (folder / "config.json").is_file():
            raise SettingsError(f"there is no config.json in MODEL_PATH ({folder})")
        return cls(
            model_path=folder,
            model_name=env.get("MODEL_NAME") or folder.name,
            quantization=_one_of(env, "QUANTIZATION", QUANTIZATIONS, "none"),
            attention=_one_of(env, "ATTENTION", ATTENTIONS, "sdpa"),
            engine=_one_of(env, "ENGINE", ENGINES, "auto"),
            host=env.get("HOST") or "0.0.0.0",
            port=_port(env.get("PORT") or "8091"),
        )


def _one_of(env: Mapping[str, str], name: str, choices: tuple[str, ...], default: str) -> str:
    value = env.get(name) or default
    if value not in choices:
        raise SettingsError(f"{name} is {value!r}; the choices are {', '.join(choices)}")
    return value


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise SettingsError(f"PORT is {text!r}; a port is a number from 1 to 65535")
    return int(text)
