"""The same model folder, read and run without a GPU: a Llama in numpy, for small models, tests and machines without one.

It reads what Transformers reads (`config.json`, `model.safetensors`, `tokenizer.json`) and computes what it computes:
RMS norm, rotary positions, grouped-query attention, SwiGLU.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from .engine import Piece, Sampling
from .settings import Settings, SettingsError

#: Values that share a scale when weights are quantized to 4 bits.
BLOCK = 64
#: Keys that are looked at together by `sdpa`.
CHUNK = 128


class Matrix:
    """A weight matrix, quantized as asked; multiplies vectors from the right."""

    def __init__(self, weight: np.ndarray, quantization: str) -> None:
        self._shape = weight.shape
        match quantization:
            case "8bit":
                self._values, self._scale = _absmax(weight, 127)
            case "4bit":
                self._values, self._scale = _absmax(_blocks(weight), 7)
            case _:
                self._values, self._scale = weight.astype(np.float32), None

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return x @ self.dense().T

    def dense(self) -> np.ndarray:
        """The matrix in full precision."""
        if self._scale is None:
            return self._values
        values = (self._values * self._scale).reshape(self._shape[0], -1)
        return values[:, : self._shape[1]]


def _absmax(weight: np.ndarray, most: int) -> tuple[np.ndarray, np.ndarray]:
    scale = np.abs(weight).max(axis=-1, keepdims=True).astype(np.float32) / most
    scale[scale == 0] = 1
    return np.rint(weight / scale).astype(np.int8), scale


def _blocks(weight: np.ndarray) -> np.ndarray:
    rows, columns = weight.shape
    padded = np.zeros((rows, -(-columns // BLOCK) * BLOCK), weight.dtype)
    padded[:, :columns] = weight
    return padded.reshape(rows, -1, BLOCK)


@dataclass
class Layer:
    """One block of the model."""

    input_norm: np.ndarray
    post_norm: np.ndarray
    q: Matrix
    k: Matrix
    v: Matrix
    o: Matrix
    gate: Matrix
    up: Matrix
    down: Matrix


@dataclass
class Cache:
    """Keys and values of the tokens so far, a pair for each layer."""

    pairs: list[tuple[np.ndarray, np.ndarray]] = field(default_factory=list)

    @property
    def length(self) -> int:
        return self.pairs[0][0].shape[1] if self.pairs else 0


class CpuEngine:
    """A Llama on the processor."""

    device = "cpu"

    def __init__(self, settings: Settings) -> None:
        if settings.attention == "flash_attention_2":
            raise SettingsError("ATTENTION is 'flash_attention_2', which needs a GPU; set it to sdpa or eager")
        self.quantization = settings.quantization
        self.attention = settings.attention
        self._config = json.loads((settings.model_path / "config.json").read_text())
        if self._config.get("model_type") != "llama":
            raise SettingsError(f"the engine for CPUs runs llama models, and this is {self._config.get('model_type')!r}")
        self._tokenizer = Tokenizer.from_file(str(settings.model_path / "tokenizer.json"))
        self._read(load_file(settings.model_path / "model.safetensors"))

    def _read(self, tensors: dict[str, np.ndarray]) -> None:
        config = self._config
        self._heads = config["num_attention_heads"]
        self._groups = config.get("num_key_value_heads", self._heads)
        self._width = config.get("head_dim") or config["hidden_size"] // self._heads
        self._eps = config.get("rms_norm_eps", 1e-6)
        ends = config.get("eos_token_id")
        self._ends = set(ends if isinstance(ends, list) else [ends])
        self._embedding = tensors["model.embed_tokens.weight"].astype(np.float32)
        self._norm = tensors["model.norm.weight"].astype(np.float32)
        tied = config.get("tie_word_embeddings", False)
        self._head = self._embedding if tied else tensors["lm_head.weight"].astype(np.float32)
        self._layers = [self._layer(tensors, number) for number in range(config["num_hidden_layers"])]

    def _layer(self, tensors: dict[str, np.ndarray], number: int) -> Layer:
        prefix = f"model.layers.{number}."
        vector = lambda name: tensors[f"{prefix}{name}.weight"].astype(np.float32)
        matrix = lambda name: Matrix(vector(name), self.quantization)
        attention = {name: matrix(f"self_attn.{name}_proj") for name in "qkvo"}
        mlp = {name: matrix(f"mlp.{name}_proj") for name in ("gate", "up", "down")}
        return Layer(vector("input_layernorm"), vector("post_attention_layernorm"), **attention, **mlp)

    def count(self, prompt: str) -> int:
        return len(self._tokenizer.encode(prompt).ids)

    def generate(self, prompt: str, sampling: Sampling) -> Iterator[Piece]:
        ids = self._tokenizer.encode(prompt).ids
        random = np.random.default_rng(sampling.seed)
        cache, made, text = Cache(), [], ""
        logits = self.logits(ids, cache)
        while len(made) < sampling.max_tokens:
            token = _choose(logits, sampling.temperature, random)
            if token in self._ends:
                yield Piece("", 0, "stop")
                return
            made.append(token)
            # A piece of text may need several tokens, and its spaces depend on what stands before it.
            whole = self._tokenizer.decode(ids + made)[len(self._tokenizer.decode(ids)) :]
            yield Piece(whole[len(text) :], 1)
            text = whole
            logits = self.logits([token], cache)
        yield Piece("", 0, "length")

    def logits(self, ids: list[int], cache: Cache) -> np.ndarray:
        """How likely each token is after these and those in the cache, which then has them too."""
        start = cache.length
        if start + len(ids) > self._config["max_position_embeddings"]:
            raise ValueError(f"the model reads at most {self._config['max_position_embeddings']} tokens")
        turn = self._rotation(start, len(ids))
        x = self._embedding[ids]
        pairs = []
        for number, layer in enumerate(self._layers):
            before = cache.pairs[number] if cache.pairs else None
            mixed, pair = self._attend(layer, self._rms(x, layer.input_norm), turn, before)
            x = x + mixed
            y = self._rms(x, layer.post_norm)
            gate = layer.gate(y)
            x = x + layer.down(gate / (1 + np.exp(-gate)) * layer.up(y))
            pairs.append(pair)
        cache.pairs = pairs
        return self._head @ self._rms(x[-1], self._norm)

    def _attend(self, layer: Layer, x: np.ndarray, turn, before):
        split = lambda y, heads: y.reshape(len(x), heads, self._width).transpose(1, 0, 2)
        q = _rotated(split(layer.q(x), self._heads), turn)
        k = _rotated(split(layer.k(x), self._groups), turn)
        v = split(layer.v(x), self._groups)
        if before is not None:
            k, v = (np.concatenate(pair, axis=1) for pair in zip(before, (k, v)))
        share = self._heads // self._groups
        attend = eager if self.attention == "eager" else sdpa
        mixed = attend(q, np.repeat(k, share, axis=0), np.repeat(v, share, axis=0))
        return layer.o(mixed.transpose(1, 0, 2).reshape(len(x), -1)), (k, v)

    def _rotation(self, start: int, count: int) -> tuple[np.ndarray, np.ndarray]:
        config = self._config
        theta = config.get("rope_theta") or config.get("rope_parameters", {}).get("rope_theta", 10000.0)
        rates = theta ** (-np.arange(0, self._width, 2, dtype=np.float64) / self._width)
        angles = np.outer(np.arange(start, start + count), rates)
        angles = np.concatenate([angles, angles], axis=1)
        return np.cos(angles).astype(np.float32), np.sin(angles).astype(np.float32)

    def _rms(self, x: np.ndarray, weight: np.ndarray) -> np.ndarray:
        return x / np.sqrt(np.mean(x * x, axis=-1, keepdims=True) + self._eps) * weight


def _rotated(x: np.ndarray, turn: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    cos, sin = turn
    half = x.shape[-1] // 2
    return x * cos + np.concatenate([-x[..., half:], x[..., :half]], axis=-1) * sin


def _scores(q: np.ndarray, k: np.ndarray, first: int, total: int) -> np.ndarray:
    """Heads by queries by keys, where a query sees no key after itself."""
    scores = q @ k.transpose(0, 2, 1) / np.sqrt(q.shape[-1])
    keys = np.arange(first, first + k.shape[1])
    queries = np.arange(total - q.shape[1], total)
    return np.where(keys[None, :] <= queries[:, None], scores, -np.inf)


def eager(q: np.ndarray, k: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Attention by its definition: all scores at once."""
    scores = _scores(q, k, 0, k.shape[1])
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return weights / weights.sum(axis=-1, keepdims=True) @ v


def sdpa(q: np.ndarray, k: np.ndarray, v: np.ndarray) -> np.ndarray:
    """The same a chunk of keys at a time, in memory that does not grow with the text."""
    total = k.shape[1]
    most = np.full((*q.shape[:2], 1), -np.inf, np.float32)
    norm = np.zeros_like(most)
    mixed = np.zeros_like(q)
    for first in range(0, total, CHUNK):
        scores = _scores(q, k[:, first : first + CHUNK], first, total)
        higher = np.maximum(most, scores.max(axis=-1, keepdims=True))
        # A query may see no key of this chunk, never none of the first.
        weights = np.exp(scores - higher)
        keep = np.exp(most - higher)
        norm = norm * keep + weights.sum(axis=-1, keepdims=True)
        mixed = mixed * keep + weights @ v[:, first : first + CHUNK]
        most = higher
    return mixed / norm


def _choose(logits: np.ndarray, temperature: float, random: np.random.Generator) -> int:
    if temperature <= 0:
        return int(np.argmax(logits))
    scaled = logits.astype(np.float64) / temperature
    weights = np.exp(scaled - scaled.max())
    return int(random.choice(len(weights), p=weights / weights.sum()))
