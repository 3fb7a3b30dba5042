"""`python -m vortex --models PATH`: requests on standard input, answers on standard output, words for people on the other.

It leaves when its input is closed, so it never outlives the node that started it.
"""

import argparse
import logging
import signal
import sys
from pathlib import Path

from vortex.director import Director
from vortex.protocol import serve


def main() -> None:
    parser = argparse.ArgumentParser(prog="vortex", description=__doc__.splitlines()[0])
    parser.add_argument("--models", type=Path, required=True, help="folder with a folder for each model")
    options = parser.parse_args()

    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="vortex: %(levelname)s: %(message)s")
    # A terminal interrupts the whole group; the node decides when the sidecar leaves.
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    director = Director.load(options.models)
    logging.info("the models are read from %s", options.models)
    serve(director, sys.stdin, sys.stdout)
    logging.info("the node has closed the pipe")


if __name__ == "__main__":
    main()
