"""What goes wrong becomes one line on stderr and an exit status, on every way into the program.

Loads nothing before something does go wrong: the inbox opens through here.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from pathlib import Path

from regrets.domain.errors import ConfigError, RegretsError
from regrets.domain.text import safe_line


def guarded(work: Callable[[], int]) -> int:
    """What `work` returns; 1 where it fails, which is then said (of a config, one line for each fault)."""
    logging.getLogger("regrets").addHandler(logging.NullHandler())
    try:
        return work()
    except KeyboardInterrupt:
        return _failed("Stopped.")
    except ConfigError as error:
        return _failed(*(f"regrets: {fault}" for fault in error.faults))
    except RegretsError as error:
        return _failed(f"regrets: {error}")
    except BrokenPipeError:
        return 1
    except Exception as error:
        return _failed(f"regrets: an unexpected error ({type(error).__name__}){_where(error)}.")


def _failed(*lines: str) -> int:
    from regrets.cli import output

    for line in lines:
        output.say(safe_line(line))
    return 1


def _where(error: Exception) -> str:
    """The log, if it has taken the details (never the values of local variables); else the place alone."""
    logger = logging.getLogger("regrets")
    logger.error("unexpected", exc_info=error)
    for handler in logger.handlers:
        if isinstance(handler, logging.FileHandler) and Path(handler.baseFilename).is_file():
            return f"; see the log: {handler.baseFilename}"
    frames = traceback.extract_tb(error.__traceback__)
    place = [frame for frame in frames if "regrets" in Path(frame.filename).parts][-1:] or frames[-1:]
    return f" at line {place[0].lineno} of {Path(place[0].filename).name}"
