"""New rows from noisy counts: each column is counted with Laplace noise, then drawn from what was counted.

The columns that look at the data share the privacy budget evenly. Relations between columns are not kept.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from safe_synthesizer.config import Category, Config, Fake, Number
from safe_synthesizer.failure import BadData

if TYPE_CHECKING:
    from numpy.random import Generator

BINS = 16


def synthesize(config: Config, source: dict[str, list[str]]) -> dict[str, list[str]]:
    """`config.rows` synthetic rows, column by column."""
    import numpy

    random = numpy.random.default_rng(config.seed)
    looking = sum(not isinstance(column, Fake) for column in config.columns.values())
    epsilon = config.epsilon / max(looking, 1)
    rows: dict[str, list[str]] = {}
    for name, column in config.columns.items():
        match column:
            case Number():
                rows[name] = numbers(name, column, source[name], config.rows, epsilon, random)
            case Category():
                rows[name] = categories(name, column, source[name], config.rows, epsilon, random)
            case Fake():
                rows[name] = fakes(column, config.rows, random)
    return rows


def numbers(
    name: str, column: Number, values: Sequence[str], rows: int, epsilon: float, random: "Generator"
) -> list[str]:
    """Even draws within the bins of a noisy histogram."""
    import numpy

    try:
        parsed = numpy.clip(numpy.array(values, dtype=float), column.min, column.max)
    except ValueError as error:
        raise BadData(f"column `{name}` is not all numbers: {error}") from error
    counts, edges = numpy.histogram(parsed, bins=BINS, range=(column.min, column.max))
    bins = random.choice(BINS, size=rows, p=noisy(counts, epsilon, random))
    drawn = random.uniform(edges[bins], edges[bins + 1])
    return [f"{value:.{column.decimals}f}" for value in drawn]


def categories(
    name: str, column: Category, values: Sequence[str], rows: int, epsilon: float, random: "Generator"
) -> list[str]:
    """Draws from noisy counts."""
    unknown = set(values) - set(column.values)
    if unknown:
        raise BadData(f"column `{name}` has `{min(unknown)}`, which is not among its `values`")
    counts = [values.count(value) for value in column.values]
    return [str(value) for value in random.choice(column.values, size=rows, p=noisy(counts, epsilon, random))]


def fakes(column: Fake, rows: int, random: "Generator") -> list[str]:
    """Values that no row of the input had a part in."""
    from faker import Faker

    faker = Faker("en_US")
    faker.seed_instance(int(random.integers(2**32)))
    make = {"name": faker.name, "email": faker.safe_email, "city": faker.city}[column.kind]
    return [make() for _ in range(rows)]


def noisy(counts: Sequence[int], epsilon: float, random: "Generator") -> list[float]:
    """Counts with Laplace noise as probabilities. One row more or less changes one count by one."""
    import numpy

    noise = random.laplace(scale=1 / epsilon, size=len(counts))
    positive = numpy.maximum(numpy.asarray(counts) + noise, 0)
    total = positive.sum()
    return (positive / total if total > 0 else numpy.full(len(counts), 1 / len(counts))).tolist()
