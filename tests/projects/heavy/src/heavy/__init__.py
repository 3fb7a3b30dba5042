"""A project with one package of a heavy family, which happens to be small."""


def main() -> None:
    """Says that it runs."""
    print("heavy runs")
