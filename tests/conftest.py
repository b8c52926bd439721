"""What holds for all tests: none of their programs writes down the passwords that they sign in with."""

from tests.support.canary import nothing_leaks, pytest_runtest_makereport

__all__ = ["nothing_leaks", "pytest_runtest_makereport"]
