"""`python -m sparsetool` is `sparsetool`."""

from .cli import main

if __name__ == "__main__":
    main()
