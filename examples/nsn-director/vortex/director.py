"""From a prompt to a scene: FLUX paints it, LivePortrait moves it, Kokoro speaks it, two CLIP models judge it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from vortex.clip import Clip
from vortex.flux import Flux
from vortex.kokoro import Kokoro
from vortex.media import png, wav
from vortex.portrait import Portrait


class InvalidRequest(ValueError):
    """The request asks for what cannot be."""


@dataclass(frozen=True)
class Scene:
    frames: list[bytes]
    """PNG images."""
    speech: bytes
    """A WAV file."""
    score_b32: float
    score_l14: float


@dataclass(frozen=True)
class Director:
    flux: Flux
    portrait: Portrait
    kokoro: Kokoro
    clip_b32: Clip
    clip_l14: Clip

    @classmethod
    def load(cls, models: Path) -> Self:
        """Reads all five models."""
        return cls(
            Flux.load(models / "flux-schnell-nf4"),
            Portrait.load(models / "live-portrait-fp16"),
            Kokoro.load(models / "kokoro-82m"),
            Clip.load(models / "clip-vit-b-32"),
            Clip.load(models / "clip-vit-l-14"),
        )

    @property
    def voices(self) -> list[str]:
        return list(self.kokoro.voices)

    def scene(self, prompt: str, seed: int, frames: int, voice: str) -> Scene:
        """The same for the same arguments. The first voice speaks where none is named."""
        voice = voice or self.voices[0]
        if voice not in self.voices:
            raise InvalidRequest(f"no voice is called `{voice}`: there are {', '.join(self.voices)}")
        picture = self.flux.paint(prompt, seed)
        return Scene(
            [png(self.portrait.moved(picture, number)) for number in range(frames)],
            wav(self.kokoro.speak(prompt, voice)),
            self.clip_b32.score(prompt, picture),
            self.clip_l14.score(prompt, picture),
        )
