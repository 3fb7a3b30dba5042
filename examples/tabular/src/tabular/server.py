"""The console script `tabular`: serves until it is told to stop."""

import os
import signal

import uvicorn


def main() -> None:
    """Serves on HOST:PORT (0.0.0.0:8000). SIGTERM and SIGINT let running requests finish; the exit code is then 0."""
    # After its own shutdown uvicorn raises the signal once more for the handlers that were there before it. A stop that
    # was asked for is a success, so there is nothing left to do then.
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, lambda *_: None)
    host = os.environ.get("HOST", "0.0.0.0")
    port = int(os.environ.get("PORT", "8000"))
    uvicorn.run("tabular.app:app", host=host, port=port, timeout_graceful_shutdown=10)


if __name__ == "__main__":
    main()
