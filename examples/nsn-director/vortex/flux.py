"""The picture."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from safetensors.numpy import load_file

from vortex.text import embedded


@dataclass(frozen=True)
class Flux:
    weights: dict[str, np.ndarray]
    size: int
    """Of the picture before it is enlarged, in pixels a side."""
    scale: int

    @classmethod
    def load(cls, folder: Path) -> Self:
        index = json.loads((folder / "model_index.json").read_text())
        return cls(load_file(folder / "flux1-schnell-nf4.safetensors"), index["size"], index["scale"])

    def paint(self, prompt: str, seed: int) -> np.ndarray:
        """Height, width and three colours, each 0 to 255."""
        text = embedded(prompt, self.weights["text.embedding"])
        noise = np.random.default_rng(seed).standard_normal(text.shape)
        hidden = np.tanh((text + 0.3 * noise) @ self.weights["decoder.0.weight"])
        colours = 1 / (1 + np.exp(-hidden @ self.weights["decoder.1.weight"]))
        small = (colours * 255).astype(np.uint8).reshape(self.size, self.size, 3)
        return small.repeat(self.scale, axis=0).repeat(self.scale, axis=1)
