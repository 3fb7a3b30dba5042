"""How well a picture fits a text."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from safetensors.numpy import load_file

from vortex.text import embedded

PATCHES = 8
"""A side of the picture as the model sees it."""


@dataclass(frozen=True)
class Clip:
    weights: dict[str, np.ndarray]

    @classmethod
    def load(cls, folder: Path) -> Self:
        return cls(load_file(folder / "model.safetensors"))

    def score(self, text: str, picture: np.ndarray) -> float:
        """The cosine of the angle between both: -1 to 1."""
        words = embedded(text, self.weights["text.embedding"]) @ self.weights["text.projection"]
        step = len(picture) // PATCHES
        pixels = picture[::step, ::step].reshape(-1) / 127.5 - 1
        image = pixels @ self.weights["vision.projection"]
        return float(words @ image / (np.linalg.norm(words) * np.linalg.norm(image)))
