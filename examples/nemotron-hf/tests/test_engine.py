"""The engine for CPUs."""

import importlib.util
from dataclasses import replace

import numpy as np
import pytest

from nemotron_hf.cpu_engine import Cache, CpuEngine, eager, sdpa
from nemotron_hf.engine import Sampling, load
from nemotron_hf.settings import SettingsError

pytest.importorskip("safetensors")


def text(engine, prompt, **sampling):
    return "".join(piece.text for piece in engine.generate(prompt, Sampling(**sampling)))


@pytest.mark.parametrize("quantization", ["none", "8bit", "4bit"])
@pytest.mark.parametrize("attention", ["sdpa", "eager"])
def test_the_model_knows_its_sentence(settings, quantization, attention):
    engine = CpuEngine(replace(settings, quantization=quantization, attention=attention))
    assert (engine.quantization, engine.attention, engine.device) == (quantization, attention, "cpu")
    assert text(engine, "every layer", max_tokens=50) == " stands alone in a small place ."


def test_a_completion_ends_at_its_limit_or_with_the_text(settings):
    engine = CpuEngine(settings)
    short = list(engine.generate("every layer", Sampling(max_tokens=2)))
    assert [piece.text for piece in short] == [" stands", " alone", ""]
    assert (sum(piece.tokens for piece in short), short[-1].finish_reason) == (2, "length")
    assert list(engine.generate("every layer", Sampling(max_tokens=50)))[-1].finish_reason == "stop"


def test_tokens_one_by_one_are_worth_the_same_as_all_at_once(settings):
    engine = CpuEngine(settings)
    ids = [3, 4, 5, 6, 7, 8, 9]
    cache = Cache()
    for token in ids:
        last = engine.logits([token], cache)
    np.testing.assert_allclose(last, engine.logits(ids, Cache()), rtol=1e-4, atol=1e-4)


def test_order_matters(settings):
    engine = CpuEngine(settings)
    one, other = engine.logits([3, 4, 5], Cache()), engine.logits([4, 3, 5], Cache())
    assert np.abs(one - other).max() > 1e-4


@pytest.mark.parametrize("queries", [1, 7, 300])
def test_attention_in_chunks_is_attention(queries):
    random = np.random.default_rng(1)
    q = random.normal(size=(2, queries, 8)).astype(np.float32)
    k, v = (random.normal(size=(2, 300, 8)).astype(np.float32) for _ in range(2))
    np.testing.assert_allclose(sdpa(q, k, v), eager(q, k, v), rtol=1e-4, atol=1e-5)


def test_fewer_bits_are_less_exact(settings):
    logits = {
        bits: CpuEngine(replace(settings, quantization=bits)).logits([3, 4], Cache()) for bits in ("none", "8bit", "4bit")
    }
    error = {bits: np.abs(logits[bits] - logits["none"]).max() for bits in ("8bit", "4bit")}
    assert 0 < error["8bit"] < error["4bit"] < 1


def test_a_seed_gives_the_same_text_again(settings):
    engine = CpuEngine(settings)
    hot = [text(engine, "every layer", max_tokens=20, temperature=2.0, seed=seed) for seed in (1, 1, 2)]
    assert hot[0] == hot[1]
    assert text(engine, "every layer", max_tokens=2, temperature=0.01) == " stands alone"


def test_a_text_that_is_too_long_is_refused(settings):
    with pytest.raises(ValueError, match="at most 256 tokens"):
        text(CpuEngine(settings), "layer " * 300)


def test_what_needs_a_gpu_is_said_so(settings):
    with pytest.raises(SettingsError, match="needs a GPU"):
        CpuEngine(replace(settings, attention="flash_attention_2"))


def test_attention_that_is_not_installed_is_said_so(settings, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "flash_attn" else name)
    with pytest.raises(SettingsError, match="no flash_attn: set it to sdpa or eager"):
        load(replace(settings, engine="transformers", attention="flash_attention_2"))


def test_the_engine_follows_from_what_is_installed(settings):
    assert isinstance(load(replace(settings, engine="cpu")), CpuEngine)
