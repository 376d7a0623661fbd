"""Rate limits: a bucket of requests for each caller, filled steadily.

The buckets are kept in this process; with several processes a caller has so many times the rate.
"""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from time import monotonic

# A caller who has been silent for a minute has a full bucket, so forgetting the
# longest silent one costs nothing unless this many are active at once.
MAX_CALLERS = 20_000


class RateLimit:
    """At most `per_minute` requests a minute for each caller; 0 sets no limit."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = monotonic) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def wait(self, caller: str) -> float:
        """Take one request; return 0.0 if it is allowed, else the seconds until the next is."""
        if not self._per_minute:
            return 0.0
        with self._lock:
            left = self._left(caller)
            allowed = left >= 1.0
            self._keep(caller, left - 1.0 if allowed else left)
        return 0.0 if allowed else (1.0 - left) * 60.0 / self._per_minute

    def exhausted(self, caller: str) -> float:
        """Return the seconds until the next request is allowed, without taking one."""
        if not self._per_minute:
            return 0.0
        with self._lock:
            left = self._left(caller)
        return 0.0 if left >= 1.0 else (1.0 - left) * 60.0 / self._per_minute

    def _left(self, caller: str) -> float:
        left, then = self._buckets.get(caller, (float(self._per_minute), self._clock()))
        gained = (self._clock() - then) * self._per_minute / 60.0
        return min(float(self._per_minute), left + gained)

    def _keep(self, caller: str, left: float) -> None:
        self._buckets[caller] = (left, self._clock())
        self._buckets.move_to_end(caller)
        while len(self._buckets) > MAX_CALLERS:
            self._buckets.popitem(last=False)
