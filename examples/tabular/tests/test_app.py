import os
from pathlib import Path

os.environ["MODEL"] = str(Path(__file__).parent.parent / "model" / "wine.json")

import pytest
from fastapi import HTTPException
from sklearn.datasets import load_wine

from tabular.app import Table, health, predict

wines = load_wine()


def row(at: int) -> dict[str, float]:
    return dict(zip(wines.feature_names, map(float, wines.data[at])))


def test_health_tells_what_the_model_is():
    assert health() == {"status": "ok", "columns": 13, "classes": 3, "trees": 36}


@pytest.mark.parametrize("at", [0, 100, 170])
def test_a_wine_is_recognized(at):
    answer = predict(Table(rows=[row(at)]))
    assert answer["classes"] == [wines.target[at]]
    assert sum(answer["scores"][0]) == pytest.approx(1, abs=0.001)


def test_a_row_without_a_column_is_named():
    with pytest.raises(HTTPException, match="row 1 has no malic_acid, ash"):
        predict(Table(rows=[row(0), {"alcohol": 12.0}]))


def test_no_rows_are_a_mistake():
    with pytest.raises(ValueError):
        Table(rows=[])
