"""The wall clock."""

import asyncio
from datetime import UTC, datetime


class SystemClock:
    """Real time, for everything that is not a demo or a test."""

    def now(self) -> datetime:
        """Return the current instant."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Wait `seconds` of real time."""
        await asyncio.sleep(seconds)
