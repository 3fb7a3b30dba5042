"""The configuration file of a run."""

from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from safe_synthesizer.failure import BadConfig


class Strict(BaseModel):
    """A misspelt key is an error."""

    model_config = ConfigDict(extra="forbid")


class Number(Strict):
    """Numbers in bounds that are public knowledge: bounds taken from the data would give the extremes away."""

    kind: Literal["number"]
    min: float
    max: float
    decimals: int = Field(default=0, ge=0, le=9)

    @model_validator(mode="after")
    def ordered(self) -> "Number":
        if self.min >= self.max:
            raise ValueError("`min` must be below `max`")
        return self


class Category(Strict):
    """One of a list of values that is public knowledge."""

    kind: Literal["category"]
    values: list[str] = Field(min_length=1)


class Fake(Strict):
    """Made up, without a look at the data: names, addresses."""

    kind: Literal["name", "email", "city"]


Column = Annotated[Number | Category | Fake, Field(discriminator="kind")]


class Config(Strict):
    """Paths are relative to the folder of the configuration file."""

    input: Path
    output: Path
    rows: int = Field(gt=0)
    epsilon: float = Field(
        default=1.0, gt=0, description="The privacy budget of the whole run; smaller is more private"
    )
    seed: int | None = None
    device: Literal["auto", "cpu", "cuda"] = "auto"
    columns: dict[str, Column] = Field(min_length=1)


def load(path: Path) -> Config:
    """Reads and checks the file; every problem is in the message of the failure."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise BadConfig(f"cannot read `{path}`: {error.strerror}") from error
    try:
        config = Config.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise BadConfig(f"`{path}` is not YAML: {error}") from error
    except ValidationError as error:
        raise BadConfig(f"`{path}` is not valid:\n{problems(error)}") from error
    config.input = path.parent / config.input
    config.output = path.parent / config.output
    return config


def problems(error: ValidationError) -> str:
    """One line for each problem, with its place in the file."""
    places = ((".".join(map(str, problem["loc"])) or "file", problem["msg"]) for problem in error.errors())
    return "\n".join(f"  {place}: {message}" for place, message in places)
