"""Turns to compute: few threads work at once, and one that waits for vectors gives its turn up."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")


class Turns:
    """A fixed number of turns, given in the order in which they were asked for."""

    def __init__(self, count: int) -> None:
        self._free = threading.Semaphore(count)
        self._mine = threading.local()

    def take(self, work: Callable[..., T], *args: object, **kwargs: object) -> T:
        """Do the work when a turn is free."""
        with self._free:
            self._mine.held = True
            try:
                return work(*args, **kwargs)
            finally:
                self._mine.held = False

    @contextmanager
    def given_up(self) -> Iterator[None]:
        """Let another thread compute during the block; nothing to give up is fine."""
        if not getattr(self._mine, "held", False):
            yield
            return
        self._free.release()
        try:
            yield
        finally:
            self._free.acquire()
