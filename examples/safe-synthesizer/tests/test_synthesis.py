from collections import Counter

import pytest

from safe_synthesizer import config, synthesis, table
from safe_synthesizer.failure import BadData


def synthesized(workspace) -> dict[str, list[str]]:
    settings = config.load(workspace / "config.yaml")
    return synthesis.synthesize(settings, table.read(settings.input, settings.columns))


def test_the_same_seed_gives_the_same_rows(workspace):
    assert synthesized(workspace) == synthesized(workspace)


def test_numbers_stay_in_their_bounds(workspace):
    assert all(0 <= int(age) <= 100 for age in synthesized(workspace)["age"])


def test_frequent_values_stay_frequent(workspace):
    counts = Counter(synthesized(workspace)["plan"])
    assert counts["free"] > counts["pro"]


def test_no_name_of_the_input_comes_back(workspace):
    rows = synthesized(workspace)
    assert len(rows["name"]) == 40
    assert not any(name.startswith("Person ") for name in rows["name"])


def test_a_value_outside_of_the_list_is_bad_data(workspace):
    path = workspace / "people.csv"
    path.write_text(path.read_text().replace(",pro", ",gold", 1))
    with pytest.raises(BadData, match="`plan` has `gold`"):
        synthesized(workspace)


def test_a_column_that_is_not_all_numbers_is_bad_data(workspace):
    path = workspace / "people.csv"
    path.write_text(path.read_text().replace(",20,", ",twenty,", 1))
    with pytest.raises(BadData, match="`age` is not all numbers"):
        synthesized(workspace)
