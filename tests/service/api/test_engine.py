"""The engine: one encoder for all, a loop that never waits, builds that swap while it serves."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import httpx
import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.errors import WorkFailed
from recommender.index.build import Build
from recommender.index.store import POINTER, IndexPaths, current_build, load_index, publish
from recommender.search.recommender import Recommender, Request
from recommender.wire import answer_json
from service.engine import Engine
from service.engine_encoder import BATCH_TEXTS, SharedEncoder
from service.engine_turns import Turns
from service.engine_watch import mark_of, watch
from tests.conftest import ROOT, WordEncoder

CAUSES = [
    "Gr. 1 readers cannot blend sounds; phonics is taught without a sequence",
    "Fractions are taught as rules. Families hear of absences late and nobody follows up",
    "Chronic absence in grade 9",
    "MLLs have few chances to talk about texts",
    "Referrals rise because adults respond in different ways",
]


class SlowWords(WordEncoder):
    """Takes a batch when told to, and remembers what came together."""

    def __init__(self):
        self.go, self.batches = threading.Event(), []

    def encode_each(self, texts):
        self.go.wait(10)
        self.batches.append(list(texts))
        return [self.encode_with_parts(parts) for parts in texts]


def waiting_for(condition, seconds=5.0):
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit
        time.sleep(0.002)


@pytest.fixture
def slow():
    encoder = SlowWords()
    shared = SharedEncoder(encoder, threads=1)
    yield encoder, shared
    encoder.go.set()
    shared.close()


def test_all_that_wait_share_the_next_batch(slow):
    encoder, shared = slow
    with ThreadPoolExecutor(12) as pool:
        first = pool.submit(shared.encode, ["first"])
        waiting_for(lambda: shared.queued == 0)
        others = [pool.submit(shared.encode, [f"text {i}"]) for i in range(10)]
        waiting_for(lambda: shared.queued == 10)
        encoder.go.set()
        vectors = [future.result() for future in (first, *others)]
    assert [len(batch) for batch in encoder.batches] == [1, 10]
    wanted = encoder.encode(["first", *(f"text {i}" for i in range(10))])
    assert np.array_equal(np.concatenate(vectors), wanted)


def test_a_short_question_does_not_wait_behind_a_long_plan(slow):
    encoder, shared = slow
    with ThreadPoolExecutor(3) as pool:
        pool.submit(shared.encode, ["first"])
        waiting_for(lambda: shared.queued == 0)
        plan = pool.submit(shared.encode, [f"strategy {i}" for i in range(200)])
        waiting_for(lambda: shared.queued == 200)
        question = pool.submit(shared.encode, ["question"])
        waiting_for(lambda: shared.queued == 201)
        encoder.go.set()
        question.result(), plan.result()
    sizes = [len(batch) for batch in encoder.batches]
    assert max(sizes) == BATCH_TEXTS
    assert ("question",) in encoder.batches[1]


@given(st.lists(st.lists(st.text(max_size=20), max_size=30), max_size=6))
def test_every_text_gets_its_own_vector_in_order(plans):
    encoder = SlowWords()
    encoder.go.set()
    shared = SharedEncoder(encoder, threads=2)
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(shared.encode, plans))
    shared.close()
    for texts, vectors in zip(plans, found, strict=True):
        wanted = encoder.encode(texts) if texts else np.zeros((0, 512), np.float32)
        assert np.array_equal(vectors, wanted)


def test_a_failing_batch_fails_those_in_it_and_nobody_else():
    class Fragile(WordEncoder):
        def encode_each(self, texts):
            if ("bad",) in texts:
                raise RuntimeError("no")
            return [self.encode_with_parts(parts) for parts in texts]

    shared = SharedEncoder(Fragile(), threads=2)
    with pytest.raises(RuntimeError):
        shared.encode(["bad", *map(str, range(100))])
    assert shared.encode(["good"]).shape == (1, 512)
    assert shared.queued == 0
    shared.close()


def test_the_rest_of_a_failed_plan_is_not_encoded():
    class Broken(SlowWords):
        def encode_each(self, texts):
            super().encode_each(texts)
            raise RuntimeError("no")

    encoder = Broken()
    encoder.go.set()
    shared = SharedEncoder(encoder, threads=1)
    with pytest.raises(RuntimeError):
        shared.encode([str(number) for number in range(100)])
    shared.close()
    assert [len(batch) for batch in encoder.batches] == [BATCH_TEXTS]


def test_closing_finishes_what_waits_and_takes_no_more(slow):
    encoder, shared = slow
    with ThreadPoolExecutor(2) as pool:
        waits = pool.submit(shared.encode, ["a", "b"])
        waiting_for(lambda: shared.queued == 0)
        closing = pool.submit(shared.close)
        encoder.go.set()
        assert waits.result().shape == (2, 512)
        closing.result()
    with pytest.raises(WorkFailed):
        shared.encode(["late"])


def test_no_more_compute_at_once_than_there_are_turns():
    turns, running, most = Turns(2), [], []

    def work():
        running.append(1)
        most.append(len(running))
        time.sleep(0.005)
        running.pop()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: turns.take(work), range(40)))
    assert max(most) == 2


def test_who_waits_gives_the_turn_up_and_gets_it_back():
    turns, order = Turns(1), []
    inside = threading.Event()

    def waits():
        with turns.given_up():
            inside.set()
            waiting_for(lambda: "other" in order)
        order.append("again")

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(turns.take, waits)
        inside.wait(5)
        pool.submit(turns.take, lambda: order.append("other")).result()
        first.result()
    assert order == ["other", "again"]


def answer_bytes(search, cause):
    return msgspec.json.encode(answer_json(search.recommend(Request(cause))))


def test_many_at_once_get_what_each_gets_alone(word_engine, word_search):
    async def ask_all():
        asked = (word_engine.recommend(Request(cause)) for cause in CAUSES * 12)
        return await asyncio.gather(*asked)

    found = [msgspec.json.encode(answer_json(answer)) for answer in asyncio.run(ask_all())]
    alone = [answer_bytes(word_search, cause) for cause in CAUSES]
    assert found == alone * 12


def test_thirty_two_clients_and_no_error(app):
    async def client(http, number):
        statuses = []
        for turn in range(4):
            body = {"root_cause": CAUSES[(number + turn) % len(CAUSES)], "limit": 3}
            statuses.append((await http.post("/v1/recommendations", json=body)).status_code)
        return statuses

    async def run():
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
            return await asyncio.gather(*(client(http, number) for number in range(32)))

    assert {status for statuses in asyncio.run(run()) for status in statuses} == {200}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/recommendations", {"root_cause": "x"}),
        ("/v1/plan-checks", {"strategies": [{"id": "s", "text": "x"}]}),
        ("/v1/practices", None),
        ("/v1/practices/wwc-intervention:209", None),
        ("/readyz", None),
    ],
)
def test_the_event_loop_goes_on_while_a_thread_works(app, monkeypatch, path, body):
    """The work of each route is made to block its thread until the loop has answered another."""
    health_came = threading.Event()

    def blocking(work):
        def blocked(*args, **kwargs):
            assert health_came.wait(10), "the loop stood still"
            return work(*args, **kwargs)

        return blocked

    engine = app.state.engine
    submit = engine._pool.submit
    monkeypatch.setattr(engine._pool, "submit", lambda work: submit(blocking(work)))

    async def run():
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
            slow = http.post(path, json=body) if body else http.get(path)
            answer = asyncio.create_task(slow)
            await asyncio.sleep(0.05)
            health = await asyncio.wait_for(http.get("/healthz"), 5)
            health_came.set()
            return health.status_code, (await answer).status_code

    assert asyncio.run(run()) == (200, 200)


@pytest.fixture(scope="module")
def swapping(corpus, tmp_path_factory):
    """An engine over a small index of its own, and a function that publishes the next build."""
    root = tmp_path_factory.mktemp("swapping")
    Build(corpus, WordEncoder.name).run(root, WordEncoder(), datetime(2026, 1, 2, tzinfo=UTC))
    engine = Engine.open(root, ROOT / "corpus", WordEncoder())
    numbers = iter(range(1000))

    def publish_next(**changes):
        import shutil

        number = next(numbers)
        staging = IndexPaths(root / f".building-{number}")
        shutil.copytree(current_build(root).folder, staging.folder)
        manifest = load_index(root).manifest
        changed = msgspec.structs.replace(manifest, build_id=f"build-{number:010}", **changes)
        publish(root, staging, changed)
        return changed.build_id

    yield engine, root, publish_next
    engine.close()


def test_a_new_build_is_taken_up(swapping):
    engine, _, publish_next = swapping
    old = engine.snapshot
    name = publish_next()
    assert engine.reload() is True
    assert engine.snapshot.build_id == name
    assert old.build_id != name
    assert engine.reload() is False


@pytest.mark.parametrize("fault", ["format", "model", "missing"])
def test_a_build_that_cannot_be_loaded_leaves_the_old_one(swapping, fault, caplog):
    engine, root, publish_next = swapping
    old = engine.snapshot.build_id
    pointed = (root / POINTER).read_text("utf-8")
    if fault == "missing":
        (root / POINTER).write_text("nowhere\n", "utf-8")
    else:
        publish_next(**{"format": {"format": 1}, "model": {"model": "other"}}[fault])
    assert engine.reload() is False
    assert engine.snapshot.build_id == old
    assert "not taken up" in caplog.text
    (root / POINTER).write_text(pointed, "utf-8")


def test_the_mark_changes_with_the_pointer(tmp_path):
    assert mark_of(tmp_path) is None
    (tmp_path / POINTER).write_text("a\n")
    first = mark_of(tmp_path)
    assert first == mark_of(tmp_path)
    (tmp_path / "new").write_text("b\n")
    (tmp_path / "new").replace(tmp_path / POINTER)
    assert mark_of(tmp_path) != first


def test_builds_swap_under_load_and_no_request_fails(swapping, make_app):
    engine, _, publish_next = swapping
    app = make_app(engine)
    published, seen, wrong = [engine.snapshot.build_id], set(), []

    async def client(http, stop):
        while not stop.is_set():
            response = await http.post("/v1/recommendations", json={"root_cause": CAUSES[0]})
            if response.status_code != 200 or not response.json()["results"]:
                wrong.append(response.text)
            else:
                seen.add(response.json()["index"]["build_id"])
            # The evidence of the build that answered is still there.
            evidence = await http.get("/v1/practices/wwc-intervention:209/findings")
            if evidence.status_code != 200:
                wrong.append(evidence.text)

    async def run():
        stop = asyncio.Event()
        watching = asyncio.create_task(watch(engine, seconds=0.01))
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
            clients = [asyncio.create_task(client(http, stop)) for _ in range(8)]
            for _ in range(3):
                published.append(await asyncio.to_thread(publish_next))
                while engine.snapshot.build_id != published[-1]:
                    await asyncio.sleep(0.01)
                await asyncio.sleep(0.2)
            stop.set()
            await asyncio.gather(*clients)
        watching.cancel()

    asyncio.run(asyncio.wait_for(run(), 60))
    assert wrong == []
    assert seen >= set(published[1:])


def test_the_answer_of_a_snapshot_does_not_depend_on_the_engine(word_engine, word_indexes):
    """The aligned copy of the vectors gives the bits that the stored ones give."""
    plain = Recommender(load_index(word_indexes), WordEncoder())
    for cause in CAUSES:
        assert answer_bytes(word_engine.recommender, cause) == answer_bytes(plain, cause)
