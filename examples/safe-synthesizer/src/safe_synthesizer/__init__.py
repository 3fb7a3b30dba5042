"""Private synthetic tables: rows that look like yours and are nobody's."""

from importlib.metadata import version

__version__ = version("safe-synthesizer")
