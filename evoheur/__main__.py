"""`python -m evoheur`: the command line."""

from evoheur.cli.main import main

if __name__ == "__main__":
    main()
