"""Works through the files of audit batches beside the event loop, one after another.

Files are read by a child process that can be killed. What a process that died had begun is taken
up again by another one when its claim runs out.
"""

import asyncio
import logging
import tempfile
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Any

from recommender.audit.reading import ReadingChild
from recommender.errors import BadInput, RecommenderError
from recommender.plan.check import MAX_STRATEGIES
from recommender.plan.document import CheckedDocument, PlanDocument, document_json, sha256_of
from recommender.plan.readers import DEFAULT_LIMITS, PlanText
from service.api.documents import document_of
from service.api.uploads import safe_name
from service.engine import Engine
from service.limits import MEGABYTE
from service.store import Conflict, PlanDraft, SavedStrategy, Store
from service.store.audit_records import Claim

log = logging.getLogger("service")

# How long until a look at what another process may have left behind.
IDLE_SECONDS = 20.0
# A file that is being read when the service stops may take this long to finish.
STOP_SECONDS = 10.0
MAX_TITLE = 200


class AuditWorker:
    """Checks waiting files until it is stopped."""

    def __init__(self, engine: Engine, store: Store, max_bytes: int) -> None:
        self._engine = engine
        self._store = store
        self._child = ReadingChild(replace(DEFAULT_LIMITS, file_bytes=max_bytes))
        self._woken = asyncio.Event()
        self._is_stopping = False

    def wake(self) -> None:
        """Say that there is work; call it from the event loop."""
        self._woken.set()

    async def run(self) -> None:
        """Work until stopped."""
        while not self._is_stopping:
            self._woken.clear()
            try:
                is_busy = await self.step()
            except RecommenderError as error:
                log.warning("audit batches wait: %s", type(error).__name__)
                is_busy = False
            if not is_busy:
                await asyncio.to_thread(self._child.close)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._woken.wait(), IDLE_SECONDS)

    async def stop(self, running: "asyncio.Task[None]") -> None:
        """Let the file at hand finish, but not for long."""
        self._is_stopping = True
        self.wake()
        await asyncio.wait({running}, timeout=STOP_SECONDS)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        self._child.close()

    async def step(self) -> bool:
        """Check the next waiting file; say whether there was one."""
        claim = await asyncio.to_thread(self._store.batches.claim)
        if claim is None:
            return False
        try:
            draft, answer = await self._checked(claim)
            await asyncio.to_thread(self._store.batches.finish, claim, draft, answer)
        except Conflict:
            return True
        except BadInput as error:
            await self._fail(claim, str(error))
        except RecommenderError:
            raise
        except Exception as error:
            # Whatever is wrong with one file or with the check, the others go on.
            # Its words are not logged: they may be the plan's.
            log.error("a file of an audit batch broke the check: %s", where(error))
            await self._fail(claim, f"{claim.file.name}: {BROKEN} ({type(error).__name__})")
        return True

    async def _fail(self, claim: Claim, reason: str) -> None:
        with suppress(Conflict):
            await asyncio.to_thread(self._store.batches.fail, claim, reason)

    async def _checked(self, claim: Claim) -> tuple[PlanDraft, dict[str, Any]]:
        snapshot = self._engine.snapshot
        text, sha256 = await self._engine.wait_for(self._read, claim)
        document = document_of(text, sha256, claim.rule, None)
        require_few(document)
        checked = await self._engine.run(snapshot.documents.check, document)
        return draft_of(claim, document), answer_of(claim, checked)

    def _read(self, claim: Claim) -> tuple[PlanText, str]:
        with tempfile.TemporaryDirectory(prefix="plan-") as folder:
            path = Path(folder) / safe_name(claim.file.name)
            path.write_bytes(claim.content)
            return self._child.read(path), sha256_of(path)


BROKEN = "the check broke down on this file; tell whoever runs the service"


def where(error: Exception) -> str:
    """Return what went wrong and in which line of which module."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {PurePath(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return type(error).__name__ + place


def require_few(document: PlanDocument) -> None:
    """Refuse a plan with more strategies than the desk keeps of one.

    Raises:
        BadInput: too many.
    """
    found = len(document.plan.strategies)
    if found > MAX_STRATEGIES:
        raise BadInput(
            f"{document.file}: {found} strategies found, at most {MAX_STRATEGIES} in one plan; "
            "send it in parts"
        )


def draft_of(claim: Claim, document: PlanDocument) -> PlanDraft:
    """Return the plan that is kept of a file."""
    plan = document.plan
    title = PurePath(claim.file.name).stem.replace("_", " ").strip() or claim.file.name
    return PlanDraft(
        title=title[:MAX_TITLE],
        school=plan.school,
        strategies=tuple(SavedStrategy(s.strategy_id, s.text) for s in plan.strategies),
        school_name=plan.name,
        district=claim.district,
    )


def answer_of(claim: Claim, checked: CheckedDocument) -> dict[str, Any]:
    """Return the check that is kept, under the name that the file was sent with."""
    return document_json(checked) | {"file": claim.file.name}


@asynccontextmanager
async def working(app: Any) -> AsyncIterator[None]:
    """Run a worker as long as the service runs."""
    state = app.state
    worker = AuditWorker(state.engine, state.store, state.settings.max_upload_mb * MEGABYTE)
    state.audit_worker = worker
    running = asyncio.create_task(worker.run())
    try:
        yield
    finally:
        await worker.stop(running)


def wake_worker(app: Any) -> None:
    """Say that files wait, if a worker runs in this process."""
    worker = getattr(app.state, "audit_worker", None)
    if worker is not None:
        worker.wake()
