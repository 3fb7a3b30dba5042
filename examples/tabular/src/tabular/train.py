"""`python -m tabular.train FILE`: trains the model on scikit-learn's table of wines and says how good it is."""

import sys

from sklearn.datasets import load_wine
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split
from xgboost import XGBClassifier


def main(path: str) -> None:
    """Trains on three quarters of the table, and tries the model on the rest."""
    wines = load_wine(as_frame=False)
    train, test, train_class, test_class = train_test_split(
        wines.data, wines.target, test_size=0.25, random_state=1, stratify=wines.target
    )
    classifier = XGBClassifier(n_estimators=12, max_depth=2, learning_rate=0.5, random_state=1, n_jobs=1)
    classifier.fit(train, train_class)
    classifier.get_booster().feature_names = list(wines.feature_names)
    classifier.save_model(path)
    print(f"{path}: {accuracy_score(test_class, classifier.predict(test)):.3f} of {len(test)} wines are right")


if __name__ == "__main__":
    main(sys.argv[1])
