"""One encoder for all requests: whoever waits shares the next batch.

A text's vector never depends on what else is in its batch, so an answer is the same on a busy
service and on an idle one; `recommender.index.packed` says how.
"""

import os
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from recommender.errors import WorkFailed
from recommender.index.encoder import Asked, Encoder, Vectors
from recommender.index.placed import Placed, PlacedText

# Texts in one batch. More gain little, and make a short question wait longer behind a plan.
BATCH_TEXTS = 16

BatchEncode = Callable[[Sequence[Asked]], list[Any]]
"""Texts in parts or with places -> for each `Vectors` or `Placed`."""


@dataclass(slots=True)
class _Job:
    """What one request wants encoded, and how far that is."""

    texts: Sequence[Asked]
    answer: Future[list[Any]] = field(default_factory=Future)
    begun: int = 0
    answers: dict[int, Any] = field(default_factory=dict)


class SharedEncoder:
    """An encoder for many threads; few threads of its own encode what all others wait for."""

    def __init__(
        self,
        encoder: Encoder,
        observe: Callable[[int], None] = lambda texts: None,
        threads: int | None = None,
    ) -> None:
        self.name = encoder.name
        self._encode = batch_encode_of(encoder)
        self._observe = observe
        self._waiting: deque[_Job] = deque()
        self._changed = threading.Condition()
        self._closed = False
        # A caller can have another thread compute while it waits for its vectors.
        self.while_waiting: Callable[[], AbstractContextManager[object]] = nullcontext
        # One text after the other has no use for more threads.
        count = threads or (os.cpu_count() or 1 if hasattr(encoder, "encode_each") else 1)
        self._threads = [
            threading.Thread(target=self._serve, name=f"encoder-{number}", daemon=True)
            for number in range(count)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def queued(self) -> int:
        """Texts that nobody encodes yet."""
        with self._changed:
            return self._left()

    def encode(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """Return one unit vector a text, in order."""
        found = self._ask([(text,) for text in texts])
        if progress:
            progress(len(texts))
        return np.concatenate(found) if found else self._ask([("-",)])[0][:0]

    def encode_with_parts(self, parts: Sequence[str]) -> Vectors:
        """Return the unit vector of the joined parts, then of each part if several."""
        vectors: Vectors = self._ask([tuple(parts)])[0]
        return vectors

    def encode_places(self, texts: Sequence[PlacedText]) -> list[Placed]:
        """Return for each text its unit vector and what stands around its places."""
        return self._ask(texts)

    def close(self) -> None:
        """Finish what waits, then stop."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()

    def _ask(self, texts: Sequence[Asked]) -> list[Any]:
        if not texts:
            return []
        job = _Job(texts)
        with self._changed:
            if self._closed:
                raise WorkFailed("the service is shutting down")
            self._waiting.append(job)
            self._changed.notify_all()
        with self.while_waiting():
            return job.answer.result()

    def _serve(self) -> None:
        while batch := self._next_batch():
            self._observe(len(batch))
            try:
                vectors = self._encode([job.texts[number] for job, number in batch])
            except Exception as error:
                self._fail(batch, error)
            else:
                self._hand_out(batch, vectors)

    def _next_batch(self) -> list[tuple[_Job, int]]:
        """Wait for texts and take some of every job in turn; nothing once closed and empty."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed)
            batch = list(self._taken())
            self._waiting = deque(job for job in self._waiting if job.begun < len(job.texts))
            return batch

    def _taken(self) -> Iterator[tuple[_Job, int]]:
        # A fair share for each thread, and by turns: a question of one text never waits for the
        # two hundred of a plan.
        room = min(BATCH_TEXTS, -(-self._left() // len(self._threads)))
        jobs = list(self._waiting)
        while jobs and room:
            for job in jobs[:room]:
                yield job, job.begun
                job.begun += 1
                room -= 1
            jobs = [job for job in jobs if job.begun < len(job.texts)]

    def _left(self) -> int:
        return sum(len(job.texts) - job.begun for job in self._waiting)

    def _hand_out(self, batch: Sequence[tuple[_Job, int]], vectors: Sequence[Vectors]) -> None:
        with self._changed:
            for (job, number), rows in zip(batch, vectors, strict=True):
                job.answers[number] = rows
            whole = {id(job): job for job, _ in batch if len(job.answers) == len(job.texts)}
        for job in whole.values():
            if not job.answer.done():
                job.answer.set_result([job.answers[n] for n in range(len(job.texts))])

    def _fail(self, batch: Sequence[tuple[_Job, int]], error: Exception) -> None:
        failed = {id(job): job for job, _ in batch}
        with self._changed:
            self._waiting = deque(job for job in self._waiting if id(job) not in failed)
            for job in failed.values():
                if not job.answer.done():
                    job.answer.set_exception(error)


def batch_encode_of(encoder: Encoder) -> BatchEncode:
    """Return how an encoder encodes many texts; one by one where it knows no better."""
    own: BatchEncode | None = getattr(encoder, "encode_each", None)
    if own is not None:
        return own
    return lambda texts: [_encode_one(encoder, asked) for asked in texts]


def _encode_one(encoder: Encoder, asked: Asked) -> Vectors | Placed:
    if isinstance(asked, PlacedText):
        return encoder.encode_places([asked])[0]
    return encoder.encode_with_parts(asked)
