"""Writes models of the right names and formats, and of a size for trials: `python3 models/make.py FOLDER`.

With `--hub FOLDER` they lie as in the repositories of a model hub. The same bytes every time, with nothing but Python.
"""

import io
import json
import pickle
import random
import struct
import sys
import zipfile
from collections import OrderedDict
from pathlib import Path


REPOSITORIES = {
    "flux-schnell-nf4": "black-forest-labs/FLUX.1-schnell",
    "live-portrait-fp16": "KwaiVGI/LivePortrait",
    "kokoro-82m": "hexgrad/Kokoro-82M",
    "clip-vit-b-32": "openai/clip-vit-base-patch32",
    "clip-vit-l-14": "openai/clip-vit-large-patch14",
}


def main(folder: Path, hub: bool) -> None:
    for path, content in files():
        model, name = path.split("/")
        target = folder / (REPOSITORIES[model] if hub else model) / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        if hub:
            (target.parent / "README.md").write_text("---\nlicense: apache-2.0\n---\n")


def files() -> list[tuple[str, bytes]]:
    return [
        ("flux-schnell-nf4/flux1-schnell-nf4.safetensors", flux()),
        ("flux-schnell-nf4/model_index.json", text_of({"_class_name": "FluxPipeline", "size": 16, "scale": 4})),
        ("live-portrait-fp16/liveportrait_fp16.onnx", portrait()),
        ("live-portrait-fp16/config.yaml", b"period: 24\namplitude: 6\n"),
        ("kokoro-82m/kokoro-v0_19.pth", kokoro()),
        ("kokoro-82m/voices.json", voices()),
        ("clip-vit-b-32/model.safetensors", clip("b-32", 32)),
        ("clip-vit-l-14/model.safetensors", clip("l-14", 48)),
    ]


def numbers(name: str, count: int, spread: float) -> list[float]:
    """Python promises that these stay the same for the same name."""
    source = random.Random(name)
    return [source.uniform(-spread, spread) for _ in range(count)]


def flux() -> bytes:
    return safetensors("flux", {
        "text.embedding": ((256, 64), 1.0),
        "decoder.0.weight": ((64, 128), 0.4),
        "decoder.1.weight": ((128, 16 * 16 * 3), 0.4),
    })


def clip(name: str, width: int) -> bytes:
    return safetensors(name, {
        "text.embedding": ((256, width), 1.0),
        "text.projection": ((width, width), 1.0),
        "vision.projection": ((8 * 8 * 3, width), 1.0),
    })


def voices() -> bytes:
    return text_of({name: [round(x, 4) for x in numbers(name, 16, 1.0)] for name in ("af_bella", "am_adam", "bf_emma")})


def text_of(value: object) -> bytes:
    return json.dumps(value, indent=2).encode() + b"\n"


def floats(values: list[float]) -> bytes:
    return struct.pack(f"<{len(values)}f", *values)


def safetensors(model: str, tensors: dict[str, tuple[tuple[int, int], float]]) -> bytes:
    header, data = {}, b""
    for name, (shape, spread) in tensors.items():
        values = floats(numbers(f"{model}/{name}", shape[0] * shape[1], spread))
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [len(data), len(data) + len(values)]}
        data += values
    head = json.dumps(header).encode()
    head += b" " * (-len(head) % 8)
    return struct.pack("<Q", len(head)) + head + data


class FloatStorage:
    """Stands for the class of that name in `torch`."""


def _rebuild_tensor_v2(*_: object) -> None:
    """Stands for the function of that name in `torch._utils`."""


class Tensor:
    def __init__(self, key: str, shape: tuple[int, int]) -> None:
        self.key, self.shape = key, shape

    def __reduce__(self) -> tuple:
        count = self.shape[0] * self.shape[1]
        storage = Storage(self.key, count)
        return _rebuild_tensor_v2, (storage, 0, self.shape, (self.shape[1], 1), False, OrderedDict())


class Storage:
    def __init__(self, key: str, count: int) -> None:
        self.pid = ("storage", FloatStorage, key, "cpu", count)


class TorchPickler(pickle._Pickler):  # the one in Python can be told other names of classes
    def persistent_id(self, value: object) -> tuple | None:
        return value.pid if isinstance(value, Storage) else None

    def save_global(self, value: object, name: str | None = None) -> None:
        modules = {FloatStorage: "torch", _rebuild_tensor_v2: "torch._utils", OrderedDict: "collections"}
        self.write(f"c{modules[value]}\n{value.__name__}\n".encode())
        self.memoize(value)

    dispatch = dict(pickle._Pickler.dispatch)
    dispatch[type] = dispatch[type(_rebuild_tensor_v2)] = save_global


def kokoro() -> bytes:
    state = io.BytesIO()
    TorchPickler(state, protocol=2).dump(OrderedDict({"decoder.weight": Tensor("0", (16, 24))}))
    members = {
        "kokoro/data.pkl": state.getvalue(),
        "kokoro/byteorder": b"little",
        "kokoro/data/0": floats(numbers("kokoro/decoder.weight", 16 * 24, 1.0)),
        "kokoro/version": b"3\n",
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return file.getvalue()


def portrait() -> bytes:
    values = numbers("portrait/motion.weight", 8 * 2, 0.8)
    tensor = number(1, 8) + number(1, 2) + number(2, 10) + field(8, b"motion.weight") + field(9, struct.pack("<16e", *values))
    graph = field(2, b"liveportrait") + field(5, tensor)
    return number(1, 8) + field(7, graph) + field(8, number(2, 17))


def number(of: int, value: int) -> bytes:
    return varint(of << 3) + varint(value)


def field(of: int, content: bytes) -> bytes:
    return varint(of << 3 | 2) + varint(len(content)) + content


def varint(value: int) -> bytes:
    low, high = value & 0x7F, value >> 7
    return bytes([low | 0x80]) + varint(high) if high else bytes([low])


if __name__ == "__main__":
    main(Path(sys.argv[-1]), hub="--hub" in sys.argv)
