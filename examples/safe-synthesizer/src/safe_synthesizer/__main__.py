"""`python -m safe_synthesizer`."""

from safe_synthesizer.cli import main

raise SystemExit(main())
