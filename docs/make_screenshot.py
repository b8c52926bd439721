"""Makes docs/screenshot.svg from the demo: python docs/make_screenshot.py"""

from __future__ import annotations

import asyncio
import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

from regrets.bootstrap import Program
from regrets.demo.world import demo_world
from regrets.tui.app import RegretsApp

NOW = dt.datetime(2026, 11, 23, 8, 0, tzinfo=ZoneInfo("Europe/Ljubljana"))
TARGET = Path(__file__).parent / "screenshot.svg"


async def picture(program: Program) -> str:
    """The inbox once the letter stands on it."""
    app = RegretsApp(program.desk, program.preferences())
    async with app.run_test(size=(100, 40)) as pilot:
        for _ in range(600):
            await pilot.pause(0.05)
            svg = app.export_screenshot(title="regrets")
            if "synced" in svg and "Reply&#160;goes&#160;to" in svg:
                await pilot.pause(0.3)
                return app.export_screenshot(title="regrets")
    raise SystemExit("The inbox did not come up.")


def main() -> None:
    """Writes the picture."""
    with demo_world(NOW) as world:
        program = Program(str(world.config_dir), str(world.data_dir), NOW.isoformat())
        TARGET.write_text(asyncio.run(picture(program)), encoding="utf-8")
    print(TARGET)


if __name__ == "__main__":
    main()
