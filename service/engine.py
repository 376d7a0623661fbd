"""The one holder of the live index: questions run beside the event loop, builds swap under it.

Every question takes the snapshot of its moment and keeps it to the end, so a swap drops nothing.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import cached_property, partial
from pathlib import Path
from typing import ParamSpec, TypeVar

from recommender.errors import RecommenderError
from recommender.index.encoder import Encoder, SentenceEncoder
from recommender.index.store import current_build, load_index, read_manifest
from recommender.plan.check import PlanChecker
from recommender.plan.document import DocumentChecker
from recommender.plan.rules import FOLDER, Rule, read_rule
from recommender.plan.verdicts import Plan, PlanVerdict
from recommender.search.evidence_map import MapRow, evidence_map
from recommender.search.recommender import Answer, Recommender, Request
from recommender.tags import TurnaroundTagger
from service.engine_encoder import SharedEncoder
from service.engine_turns import Turns

log = logging.getLogger("service")

P = ParamSpec("P")
T = TypeVar("T")

# Threads that answer. Most of them wait for vectors at any moment; more requests than these queue.
WORKERS = 32
# Threads that compute at once. Python runs one at a time anyhow, and the more want to, the longer
# the event loop waits for its turn; two, so that a long plan does not hold up a short question.
COMPUTING = 2
# Documents read at once, each by a child process of up to a gigabyte.
DOCUMENTS = 2


class Snapshot:
    """One build with all that answers from it."""

    def __init__(
        self,
        recommender: Recommender,
        checker: PlanChecker,
        documents: DocumentChecker,
        rules: dict[str, Rule],
    ) -> None:
        self.recommender = recommender
        self.checker = checker
        self.documents = documents
        self.rules = rules

    @property
    def build_id(self) -> str:
        """The build's name."""
        return self.recommender.index.manifest.build_id

    @cached_property
    def map_rows(self) -> tuple[MapRow, ...]:
        """The evidence map."""
        index = self.recommender.index
        return evidence_map(index.cards, index.areas)


class Engine:
    """Answers questions and checks plans with the current build."""

    def __init__(
        self, snapshot: Snapshot, encoder: SharedEncoder, indexes: Path, corpus: Path
    ) -> None:
        self.indexes = indexes
        self._snapshot = snapshot
        self._encoder = encoder
        self._corpus = corpus
        self._turns = Turns(COMPUTING)
        self._pool = ThreadPoolExecutor(WORKERS, "answer")
        self._documents = asyncio.Semaphore(DOCUMENTS)
        encoder.while_waiting = self._turns.given_up

    @classmethod
    def open(
        cls,
        indexes: Path,
        corpus: Path,
        encoder: Encoder | None = None,
        observe: Callable[[int], None] = lambda texts: None,
    ) -> "Engine":
        """Load the current build and its encoder.

        Raises:
            BadIndex: no index, or a damaged one.
        """
        model = encoder or SentenceEncoder(read_manifest(current_build(indexes)).model)
        shared = SharedEncoder(model, observe=observe)
        return cls(load_snapshot(indexes, corpus, shared), shared, indexes, corpus)

    @property
    def snapshot(self) -> Snapshot:
        """The current build; take it once a request and keep it."""
        return self._snapshot

    @property
    def recommender(self) -> Recommender:
        """The recommender of the current build."""
        return self._snapshot.recommender

    @property
    def rules(self) -> dict[str, Rule]:
        """The rules of the money, by id."""
        return self._snapshot.rules

    @property
    def encoder(self) -> SharedEncoder:
        """The encoder that all share."""
        return self._encoder

    async def recommend(self, request: Request) -> Answer:
        """Rank practices for one root cause."""
        return await self.run(self.recommender.recommend, request)

    async def check(self, plan: Plan, rule: Rule) -> PlanVerdict:
        """Check a plan under a rule."""
        return await self.run(self._snapshot.checker.check, plan, rule)

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run Python work in a thread, when its turn to compute comes."""
        return await self.wait_for(self._turns.take, work, *args, **kwargs)

    async def wait_for(self, work: Callable[..., T], *args: object, **kwargs: object) -> T:
        """Run in a thread what waits more than it computes, such as a child process."""
        job = partial(copy_context().run, partial(work, *args, **kwargs))
        return await asyncio.wrap_future(self._pool.submit(job))

    async def read_document(self, read: Callable[[], T]) -> T:
        """Read a document; the children that read take much memory, so few run at once."""
        async with self._documents:
            return await self.wait_for(read)

    def reload(self) -> bool:
        """Take up the build that the pointer names, if it is another one; say whether it was.

        A build that cannot be loaded is logged and the old one goes on serving.
        """
        try:
            found = read_manifest(current_build(self.indexes))
            if found == self.recommender.index.manifest:
                return False
            self._snapshot = load_snapshot(self.indexes, self._corpus, self._encoder)
        except (RecommenderError, OSError) as error:
            log.warning("the new build was not taken up: %s", error)
            return False
        log.info("serving build %s", self._snapshot.build_id)
        return True

    def close(self) -> None:
        """Finish what was begun, then stop the threads."""
        self._pool.shutdown(wait=True)
        self._encoder.close()


def load_snapshot(indexes: Path, corpus: Path, encoder: SharedEncoder) -> Snapshot:
    """Load the current build.

    Raises:
        BadIndex: no index, a damaged one, or one of another model.
    """
    index = load_index(indexes)
    recommender = Recommender(index, encoder)
    tagger = TurnaroundTagger.load(current_build(indexes).tagger)
    checker = PlanChecker.open(recommender, corpus, tagger)
    documents = DocumentChecker(recommender, checker, corpus)
    return Snapshot(recommender, checker, documents, read_rules(corpus))


def read_rules(corpus: Path) -> dict[str, Rule]:
    """Read every rule of the corpus, by id."""
    names = sorted(path.stem for path in (corpus / FOLDER).glob("*.yaml"))
    return {name: read_rule(name, corpus) for name in names}
