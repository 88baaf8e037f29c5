"""The front of the `states` command for a checkout: `python cli.py run machine.json`."""

from states.__main__ import main

if __name__ == "__main__":
    raise SystemExit(main())
