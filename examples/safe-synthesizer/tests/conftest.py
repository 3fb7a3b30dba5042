from pathlib import Path

import pytest

CONFIG = """\
input: people.csv
output: synthetic.csv
rows: 40
epsilon: 8
seed: 3
columns:
  name: { kind: name }
  age: { kind: number, min: 0, max: 100 }
  plan: { kind: category, values: [free, pro] }
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A folder with a configuration and the table that it is about."""
    rows = [f"Person {i},{20 + i % 40},{'pro' if i % 10 == 0 else 'free'}" for i in range(100)]
    (tmp_path / "people.csv").write_text("\n".join(["name,age,plan", *rows, ""]))
    (tmp_path / "config.yaml").write_text(CONFIG)
    return tmp_path
