"""The tiny model, made once."""

import importlib.util
from pathlib import Path

import pytest

from nemotron_hf.settings import Settings


@pytest.fixture(scope="session")
def model_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the model that `model/make.py` makes."""
    script = Path(__file__).parent.parent / "model" / "make.py"
    spec = importlib.util.spec_from_file_location("make", script)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    folder = tmp_path_factory.mktemp("models") / "tiny"
    module.make(folder)
    return folder


@pytest.fixture
def settings(model_path: Path) -> Settings:
    """Settings that leave everything to the defaults."""
    return Settings(model_path=model_path, model_name="tiny")
