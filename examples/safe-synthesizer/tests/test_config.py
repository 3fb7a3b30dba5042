import pytest

from safe_synthesizer import config
from safe_synthesizer.failure import BadConfig


def test_paths_are_relative_to_the_file(workspace):
    assert config.load(workspace / "config.yaml").input == workspace / "people.csv"


@pytest.mark.parametrize(
    ("written", "instead", "place"),
    [
        ("rows: 40", "rows: 0", "rows"),
        ("rows: 40", "rwos: 40", "rwos"),
        ("max: 100", "max: -1", "columns.age"),
        ("kind: name", "kind: nmae", "columns.name"),
    ],
)
def test_a_mistake_is_named_with_its_place(workspace, written, instead, place):
    path = workspace / "config.yaml"
    path.write_text(path.read_text().replace(written, instead))
    with pytest.raises(BadConfig, match=rf"(?m)^  {place}"):
        config.load(path)


def test_a_file_that_is_not_there_is_a_bad_config(tmp_path):
    with pytest.raises(BadConfig, match="No such file"):
        config.load(tmp_path / "config.yaml")
