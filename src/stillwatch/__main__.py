"""`python -m stillwatch` is the command line program."""

from stillwatch.cli.main import main

if __name__ == "__main__":
    main()
