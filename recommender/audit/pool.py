"""Files over the cores: each process loads the index once and checks some files at a time."""

import multiprocessing
import os
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait as wait_for_end
from threading import Thread

from recommender.audit.desk import Desk
from recommender.audit.files import PlanFile
from recommender.audit.journal import Outcome
from recommender.audit.reading import ReadingChild
from recommender.errors import RecommenderError, WorkFailed

OpenDesk = Callable[[], Desk]
"""Must be found by name in a fresh process, such as a partial of a module's function."""

# Plans that share a batch of encoding; also what a kill can cost each worker.
FILES_A_CHUNK = 12
# Chunks in flight for each worker, so that none waits and none piles up.
AHEAD = 2
# A worker that dies takes the pool with it; more than this is no accident.
MOST_RESTARTS = 3


def check_files(
    files: Sequence[PlanFile], open_desk: OpenDesk, workers: int
) -> Iterator[list[Outcome]]:
    """Yield outcomes as they come, in no particular order.

    Raises:
        WorkFailed: the workers die again and again.
    """
    chunks = [list(files[at : at + FILES_A_CHUNK]) for at in range(0, len(files), FILES_A_CHUNK)]
    if workers < 2 or len(chunks) < 2:
        yield from _check_here(chunks, open_desk)
        return
    waiting = chunks
    for _ in range(MOST_RESTARTS):
        waiting = yield from _check_in_pool(waiting, open_desk, min(workers, len(waiting)))
        if not waiting:
            return
    names = ", ".join(file.name for file in waiting[0][:3])
    raise WorkFailed(
        f"{MOST_RESTARTS} times a worker died, last near {names}; what is finished is kept: run "
        "the audit again with --workers 1, or with more memory"
    )


def _check_here(
    chunks: Sequence[Sequence[PlanFile]], open_desk: OpenDesk
) -> Iterator[list[Outcome]]:
    if not chunks:
        return
    desk = open_desk()
    with ReadingChild() as child:
        for chunk in chunks:
            yield desk.outcomes(chunk, child)


def _check_in_pool(
    chunks: list[list[PlanFile]], open_desk: OpenDesk, workers: int
) -> Generator[list[Outcome], None, list[list[PlanFile]]]:
    """Yield outcomes and return the chunks that a dead worker left undone."""
    todo = list(reversed(chunks))
    running: dict[Future[list[Outcome]], list[PlanFile]] = {}
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, context, _open, (open_desk,))
    try:
        while todo or running:
            while todo and len(running) < workers * AHEAD:
                # A broken pool refuses here too; the chunk must still be among what is left.
                running[pool.submit(_check_chunk, todo[-1])] = todo[-1]
                todo.pop()
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                yield future.result()
                del running[future]
    except BrokenProcessPool:
        return [*running.values(), *reversed(todo)]
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    return []


class _Worker:
    """What a worker process keeps between chunks."""

    desk: Desk | RecommenderError
    child: ReadingChild


def _open(open_desk: OpenDesk) -> None:
    Thread(target=_end_with_parent, daemon=True).start()
    _Worker.child = ReadingChild()
    try:
        _Worker.desk = open_desk()
    except RecommenderError as error:
        # Raised here, it would break the pool and lose its message.
        _Worker.desk = error


def _end_with_parent() -> None:
    # Workers of a killed audit would wait for ever, each with an index in memory.
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait_for_end([parent.sentinel])
        os._exit(1)


def _check_chunk(files: list[PlanFile]) -> list[Outcome]:
    if isinstance(_Worker.desk, RecommenderError):
        raise _Worker.desk
    return _Worker.desk.outcomes(files, _Worker.child)
