"""The motion."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import yaml

from vortex.weights import read_onnx


@dataclass(frozen=True)
class Portrait:
    motion: np.ndarray
    period: int
    """Frames after which the motion starts again."""
    amplitude: float
    """In pixels."""

    @classmethod
    def load(cls, folder: Path) -> Self:
        config = yaml.safe_load((folder / "config.yaml").read_text())
        weights = read_onnx(folder / "liveportrait_fp16.onnx")
        return cls(weights["motion.weight"].astype(np.float32), config["period"], config["amplitude"])

    def moved(self, picture: np.ndarray, frame: int) -> np.ndarray:
        """The picture as it is in this frame; the first frame is the picture itself."""
        waves = np.sin(2 * np.pi * frame / self.period * np.arange(1, len(self.motion) + 1))
        down, right = np.rint(self.amplitude * np.tanh(waves @ self.motion)).astype(int)
        return np.roll(picture, (down, right), axis=(0, 1))
