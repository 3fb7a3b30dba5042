"""What can go wrong, and the exit code that says so."""


class Failure(Exception):
    """Ends the program with a message on standard error. 1 is Python's own code, 2 also argparse's."""

    exit_code = 1


class BadConfig(Failure):
    """The configuration is wrong or not there."""

    exit_code = 2


class BadData(Failure):
    """The input does not fit the configuration, or the output cannot be written."""

    exit_code = 3


class NoDevice(Failure):
    """A GPU was asked for and there is none."""

    exit_code = 4


class MissingExtra(Failure):
    """The package was installed without what this run needs."""

    exit_code = 5
