"""What the server needs of a loaded model, whatever runs it."""

import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from .settings import Settings, SettingsError


@dataclass(frozen=True)
class Sampling:
    """How the next token is chosen: the most likely one at temperature 0."""

    max_tokens: int = 16
    temperature: float = 0.0
    seed: int = 0


@dataclass(frozen=True)
class Piece:
    """Text that follows, and why it is the last of it (`stop`, `length`), if it is."""

    text: str
    tokens: int
    finish_reason: str | None = None


class Engine(Protocol):
    """A loaded model."""

    #: Where it runs: `cpu`, `cuda:0`.
    device: str
    #: Its quantization and attention, as they are in effect.
    quantization: str
    attention: str

    def count(self, prompt: str) -> int:
        """Tokens of a prompt."""

    def generate(self, prompt: str, sampling: Sampling) -> Iterator[Piece]:
        """What follows the prompt, piece by piece; the last has a reason."""


def load(settings: Settings) -> Engine:
    """Loads the model: in Transformers where it is installed, else with the small engine for CPUs."""
    kind = settings.engine
    if kind == "auto":
        kind = "transformers" if importlib.util.find_spec("transformers") else "cpu"
    module = {"transformers": "transformers", "cpu": "safetensors"}[kind]
    if importlib.util.find_spec(module) is None:
        raise SettingsError(f"ENGINE is {kind!r}, and this image has no {module}: build it with the extra for it")
    if kind == "transformers":
        if settings.attention == "flash_attention_2" and importlib.util.find_spec("flash_attn") is None:
            raise SettingsError(
                "ATTENTION is 'flash_attention_2', and this image has no flash_attn: set it to sdpa or eager"
            )
        from .transformers_engine import TransformersEngine

        return TransformersEngine(settings)
    from .cpu_engine import CpuEngine

    return CpuEngine(settings)
