"""The model: XGBoost's own file, read as scikit-learn's estimators are used."""

import os
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from xgboost import XGBClassifier

DEFAULT = "/models/wine/wine.json"


class Model:
    """A classifier, and the columns of the rows that it takes."""

    def __init__(self, classifier: XGBClassifier) -> None:
        self._classifier = classifier
        self.columns: list[str] = list(classifier.get_booster().feature_names or ())
        self.classes = int(classifier.n_classes_)
        self.trees = len(classifier.get_booster().get_dump())

    @classmethod
    def load(cls, path: str | None = None) -> "Model":
        """Reads the file MODEL, which XGBoost wrote."""
        file = Path(path or os.environ.get("MODEL", DEFAULT))
        classifier = XGBClassifier(n_jobs=int(os.environ.get("THREADS", "1")))
        classifier.load_model(file)
        return cls(classifier)

    def missing(self, row: Mapping[str, float]) -> list[str]:
        """Columns that a row lacks."""
        return [column for column in self.columns if column not in row]

    def scores(self, rows: list[Mapping[str, float]]) -> list[list[float]]:
        """For each row the probability of each class."""
        table = np.array([[row[column] for column in self.columns] for row in rows], dtype=np.float32)
        return [[round(float(score), 4) for score in scores] for scores in self._classifier.predict_proba(table)]
