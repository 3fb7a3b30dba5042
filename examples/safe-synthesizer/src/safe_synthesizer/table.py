"""CSV files as columns."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from safe_synthesizer.failure import BadData


def read(path: Path, columns: Iterable[str]) -> dict[str, list[str]]:
    """The named columns of a CSV file with a header."""
    try:
        with path.open(newline="", encoding="utf-8") as file:
            reader = csv.DictReader(file)
            missing = [name for name in columns if name not in (reader.fieldnames or [])]
            if missing:
                raise BadData(f"`{path}` has no column `{missing[0]}`")
            rows = list(reader)
    except OSError as error:
        raise BadData(f"cannot read `{path}`: {error.strerror}") from error
    return {name: [row[name] or "" for row in rows] for name in columns}


def write(path: Path, columns: Mapping[str, list[str]]) -> None:
    """Writes columns of equal length, with a header."""
    try:
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows(zip(*columns.values(), strict=True))
    except OSError as error:
        raise BadData(f"cannot write `{path}`: {error.strerror}") from error
