"""The engine in Transformers, where that is installed, against the one for CPUs."""

from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

from nemotron_hf.cpu_engine import Cache, CpuEngine
from nemotron_hf.engine import Sampling
from nemotron_hf.transformers_engine import TransformersEngine, quantization_config


@pytest.mark.parametrize("attention", ["sdpa", "eager"])
def test_both_engines_compute_the_same(settings, attention):
    settings = replace(settings, attention=attention)
    small, large = CpuEngine(settings), TransformersEngine(settings)
    ids = [3, 4, 5, 6, 7]
    with torch.inference_mode():
        expected = large._model(torch.tensor([ids], device=large._model.device)).logits[0, -1].float().cpu().numpy()
    np.testing.assert_allclose(small.logits(ids, Cache()), expected, rtol=1e-3, atol=1e-3)
    for sampling in (Sampling(max_tokens=3), Sampling(max_tokens=50)):
        said = []
        for engine in (small, large):
            pieces = list(engine.generate("every layer", sampling))
            tokens = sum(piece.tokens for piece in pieces)
            said.append(("".join(piece.text for piece in pieces).strip(), tokens, pieces[-1].finish_reason))
        assert said[0] == said[1]


def test_a_reader_that_has_enough_stops_the_model(settings):
    pieces = TransformersEngine(settings).generate("every layer", Sampling(max_tokens=200, temperature=2.0))
    next(pieces)
    pieces.close()


def test_words_become_settings_of_bitsandbytes():
    assert quantization_config("none") is None
    assert quantization_config("8bit").load_in_8bit
    four = quantization_config("4bit")
    assert (four.load_in_4bit, four.bnb_4bit_quant_type) == (True, "nf4")
