"""The speech."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from vortex.weights import read_torch

RATE = 16_000
"""Samples a second."""
LETTER = RATE // 25
"""Samples that a letter takes."""
LONGEST = 10 * RATE


@dataclass(frozen=True)
class Kokoro:
    decoder: np.ndarray
    voices: dict[str, np.ndarray]

    @classmethod
    def load(cls, folder: Path) -> Self:
        voices = json.loads((folder / "voices.json").read_text())
        weights = read_torch(folder / "kokoro-v0_19.pth")
        return cls(weights["decoder.weight"], {name: np.array(voice) for name, voice in voices.items()})

    def speak(self, text: str, voice: str) -> np.ndarray:
        """Samples from -1 to 1, at `RATE`."""
        harmonics = np.abs(self.voices[voice] @ self.decoder)
        harmonics /= harmonics.sum()
        pitches = 90 + np.array([ord(letter) % 64 for letter in text]) * 2.5
        phase = np.cumsum(np.repeat(pitches, LETTER)[:LONGEST]) / RATE
        overtones = 2 * np.pi * np.outer(np.arange(1, len(harmonics) + 1), phase)
        return harmonics @ np.sin(overtones)
