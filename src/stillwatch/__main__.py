"""`python -m stillwatch` is the `stillwatch` command."""

from stillwatch.cli.main import main

main()
