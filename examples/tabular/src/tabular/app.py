"""What the server answers."""

from importlib.metadata import version

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, Field

from tabular.model import Model

app = FastAPI(title="tabular", version=version("tabular"))
model = Model.load()


class Table(BaseModel):
    """Rows to score: a value for each column of the model."""

    rows: list[dict[str, float]] = Field(min_length=1, max_length=1000)


@app.get("/health")
def health() -> dict[str, object]:
    """Says that the server can answer, and with what."""
    return {"status": "ok", "columns": len(model.columns), "classes": model.classes, "trees": model.trees}


@app.post("/predict")
def predict(table: Table) -> dict[str, object]:
    """The most likely class of each row, and how likely each one is."""
    for at, row in enumerate(table.rows):
        if missing := model.missing(row):
            raise HTTPException(422, f"row {at} has no {', '.join(missing)}")
    scores = model.scores(table.rows)
    return {"classes": [of_row.index(max(of_row)) for of_row in scores], "scores": scores}
