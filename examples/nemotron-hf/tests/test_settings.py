"""The environment."""

import pytest

from nemotron_hf.settings import Settings, SettingsError


def test_what_is_not_set_has_a_default(model_path):
    settings = Settings.from_env({"MODEL_PATH": str(model_path)})
    assert (settings.model_name, settings.quantization, settings.attention) == ("tiny", "none", "sdpa")
    assert (settings.host, settings.port) == ("0.0.0.0", 8091)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("MODEL_PATH", "", "MODEL_PATH is not set"),
        ("MODEL_PATH", "/nowhere", "there is no config.json"),
        ("QUANTIZATION", "3bit", "the choices are none, 8bit, 4bit"),
        ("ATTENTION", "flash", "the choices are flash_attention_2, sdpa, eager"),
        ("ENGINE", "gpu", "the choices are auto, transformers, cpu"),
        ("PORT", "http", "a port is a number"),
        ("PORT", "70000", "a port is a number"),
    ],
)
def test_a_wrong_value_is_named_with_the_choices(model_path, name, value, words):
    with pytest.raises(SettingsError, match=words):
        Settings.from_env({"MODEL_PATH": str(model_path), name: value})
