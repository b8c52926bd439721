"""`python -m tests.cases.phrases`."""

from tests.cases.phrases import main

main()
