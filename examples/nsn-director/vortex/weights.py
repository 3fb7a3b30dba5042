"""Weights out of files that PyTorch and ONNX write, without either. Both readers take contiguous tensors alone."""

import pickle
import zipfile
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path

import numpy as np


def read_torch(path: Path) -> dict[str, np.ndarray]:
    """The state that `torch.save` has written. Nothing in the file is run: only tensors are known."""
    with zipfile.ZipFile(path) as archive:
        pickled = next(name for name in archive.namelist() if name.endswith("/data.pkl"))
        with archive.open(pickled) as file:
            return dict(_TorchState(file, archive, pickled.removesuffix("data.pkl")).load())


class _TorchState(pickle.Unpickler):
    def __init__(self, file, archive: zipfile.ZipFile, root: str) -> None:
        super().__init__(file)
        self.archive, self.root = archive, root

    def find_class(self, module: str, name: str) -> object:
        known = {
            ("collections", "OrderedDict"): OrderedDict,
            ("torch._utils", "_rebuild_tensor_v2"): _tensor,
            ("torch", "FloatStorage"): np.dtype("<f4"),
            ("torch", "HalfStorage"): np.dtype("<f2"),
        }
        try:
            return known[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"{module}.{name} is no part of a tensor") from None

    def persistent_load(self, pid: tuple) -> np.ndarray:
        _, kind, key, _, _ = pid
        return np.frombuffer(self.archive.read(f"{self.root}data/{key}"), kind)


def _tensor(storage: np.ndarray, offset: int, shape: tuple[int, ...], *_: object) -> np.ndarray:
    return storage[offset : offset + int(np.prod(shape))].reshape(shape)


# Numbers of fields in onnx.proto.
_MODEL_GRAPH, _GRAPH_INITIALIZER = 7, 5
_TENSOR_DIMS, _TENSOR_TYPE, _TENSOR_NAME, _TENSOR_RAW = 1, 2, 8, 9
_TYPES = {1: np.dtype("<f4"), 10: np.dtype("<f2")}


def read_onnx(path: Path) -> dict[str, np.ndarray]:
    """The initializers of the model's graph."""
    weights = {}
    for number, graph in _fields(path.read_bytes()):
        if number == _MODEL_GRAPH:
            weights |= dict(_initializer(value) for number, value in _fields(graph) if number == _GRAPH_INITIALIZER)
    return weights


def _initializer(tensor: bytes) -> tuple[str, np.ndarray]:
    shape, found = [], {}
    for number, value in _fields(tensor):
        if number == _TENSOR_DIMS:
            shape += [value] if isinstance(value, int) else _numbers(value)
        else:
            found[number] = value
    return found[_TENSOR_NAME].decode(), np.frombuffer(found[_TENSOR_RAW], _TYPES[found[_TENSOR_TYPE]]).reshape(shape)


def _fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Each field of a protobuf message by its number."""
    at = 0
    while at < len(message):
        key, at = _number(message, at)
        match key & 7:
            case 0:
                value, at = _number(message, at)
            case 1:
                value, at = message[at : at + 8], at + 8
            case 2:
                length, at = _number(message, at)
                value, at = message[at : at + length], at + length
            case 5:
                value, at = message[at : at + 4], at + 4
            case kind:
                raise ValueError(f"no protobuf message: a field of kind {kind}")
        yield key >> 3, value


def _numbers(packed: bytes) -> list[int]:
    numbers, at = [], 0
    while at < len(packed):
        number, at = _number(packed, at)
        numbers.append(number)
    return numbers


def _number(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
