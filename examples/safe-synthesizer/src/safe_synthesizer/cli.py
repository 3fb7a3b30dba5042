"""The console script `safe-synthesizer`.

Exit codes: 0 done, 2 wrong usage or configuration, 3 wrong data, 4 no GPU where one was asked for, 5 an extra of the
package is missing.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import safe_synthesizer
from safe_synthesizer import config, device, synthesis, table
from safe_synthesizer.failure import Failure


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and gives its exit code."""
    options = parser().parse_args(arguments)
    try:
        options.command(options)
    except Failure as failure:
        print(f"safe-synthesizer: {failure}", file=sys.stderr)
        return failure.exit_code
    return 0


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(prog="safe-synthesizer", description="Generate private synthetic data on a GPU.")
    top.add_argument("--version", action="version", version=f"safe-synthesizer {safe_synthesizer.__version__}")
    commands = top.add_subparsers(metavar="COMMAND", required=True)

    run = commands.add_parser("run", help="read a table and write a synthetic one")
    run.add_argument("--config", type=Path, required=True, metavar="FILE", help="the configuration of the run")
    run.set_defaults(command=run_command)

    about = commands.add_parser("config", help="work with configuration files")
    verbs = about.add_subparsers(metavar="VERB", required=True)
    validate = verbs.add_parser("validate", help="check a configuration file; needs no GPU")
    validate.add_argument("config", type=Path, metavar="FILE")
    validate.set_defaults(command=validate_command)
    return top


def validate_command(options: argparse.Namespace) -> None:
    """`config validate FILE`"""
    checked = config.load(options.config)
    print(f"{options.config}: valid, {len(checked.columns)} columns, {checked.rows} rows")


def run_command(options: argparse.Namespace) -> None:
    """`run --config FILE`"""
    settings = config.load(options.config)
    device.require("numpy", "cu128", "cpu")
    device.require("faker", "engine")
    chosen = device.choose(settings.device)
    looking = [name for name, column in settings.columns.items() if not isinstance(column, config.Fake)]
    source = table.read(settings.input, looking)
    table.write(settings.output, synthesis.synthesize(settings, source))
    print(f"{settings.output}: {settings.rows} rows, epsilon {settings.epsilon:g}, on {chosen}")
