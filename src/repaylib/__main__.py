"""The command line: ``python -m repaylib``."""

from repaylib.cli.main import main

if __name__ == "__main__":
    raise SystemExit(main())
