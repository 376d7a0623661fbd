"""`python -m service.load`: what the service costs beside the bare encoder, in one run.

Every figure is a ratio of times measured side by side, because seconds differ from machine to
machine and from minute to minute. The clients run in a process of their own, on the same machine.
"""

import asyncio
import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection
from typing import Any

import numpy as np

from recommender import paths
from recommender.evaluation.judgments import read_queries
from recommender.index.encoder import Encoder, SentenceEncoder

CLIENTS = 32
ROUNDS = 3
PLANS = 15
STRATEGIES = 10
STARTS = 3
START_LIMIT_S = 180.0
JSON = "application/json"

_SERVE = (
    "import sys; from pathlib import Path; import uvicorn;"
    "from service.app import create_app; from service.settings import Settings;"
    "uvicorn.run(create_app(Settings(data=Path(sys.argv[1]))), port=int(sys.argv[2]),"
    " log_config=None)"
)
_ENCODER = "from recommender.index.encoder import SentenceEncoder; SentenceEncoder()"


@dataclass(frozen=True, slots=True)
class Seen:
    """One answer, as its client saw it."""

    status: int
    seconds: float


def root_causes() -> list[str]:
    """Return the root causes of the development set, which is what people write."""
    asked = read_queries(paths.corpus_folder() / "judgments" / "development.jsonl")
    return [query.root_cause for query in asked]


def plan_texts(number: int) -> list[str]:
    """Return the strategies of one plan; every plan has others."""
    path = paths.corpus_folder() / "judgments" / "strategies.jsonl"
    texts = [json.loads(line)["text"] for line in path.read_text("utf-8").splitlines()]
    return [texts[(number * STRATEGIES + i) % len(texts)] for i in range(STRATEGIES)]


@contextmanager
def running() -> Iterator[int]:
    """Start the service in a process of its own; give its port once it is ready."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", _SERVE, folder, str(port)]
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
            try:
                _wait_until_ready(process, port)
                yield port
            finally:
                process.terminate()


def _wait_until_ready(process: "subprocess.Popen[bytes]", port: int) -> None:
    limit = time.monotonic() + START_LIMIT_S
    while time.monotonic() < limit and process.poll() is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.02)
        finally:
            connection.close()
    raise RuntimeError("the service did not become ready")


def start_ratio() -> dict[str, float]:
    """From the start of the process to ready, against a process that only loads the encoder."""
    whole, bare = [], []
    for _ in range(STARTS):
        bare.append(_seconds(lambda: subprocess.run([sys.executable, "-c", _ENCODER], check=True)))
        start = time.perf_counter()
        with running():
            whole.append(time.perf_counter() - start)
    ready, encoder = float(np.median(whole)), float(np.median(bare))
    return {"ratio": ready / encoder, "ready_s": ready, "encoder_s": encoder}


def load_ratio(port: int, encoder: Encoder, causes: Sequence[str]) -> dict[str, float]:
    """Recommendations a second under many clients, against the encoder's own batches."""
    bodies = [json.dumps({"root_cause": cause}).encode() for cause in causes]
    asyncio.run(_ask_all(port, bodies))
    bare: list[float] = []
    seen: list[Seen] = []
    spent = 0.0
    for _ in range(ROUNDS):
        bare.append(_seconds(partial(encoder.encode, causes)))
        start = time.perf_counter()
        seen += asyncio.run(_ask_all(port, bodies * 2))
        spent += time.perf_counter() - start
    alone = len(causes) * len(bare) / sum(bare)
    times = np.array([each.seconds for each in seen]) * 1000
    median, p99 = float(np.median(times)), float(np.quantile(times, 0.99))
    return {
        "ratio": len(seen) / spent / alone,
        "recommendations_per_s": len(seen) / spent,
        "encoder_texts_per_s": alone,
        "median_ms": median,
        "p99_ms": p99,
        "p99_to_median": p99 / median,
        "requests": len(seen),
        "errors": sum(each.status != 200 for each in seen),
    }


async def _ask_all(port: int, bodies: Sequence[bytes]) -> list[Seen]:
    """Send all bodies, as many at once as there are clients."""
    left = list(reversed(bodies))
    found: list[Seen] = []

    async def client() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while left:
            request = _request(port, left.pop())
            start = time.perf_counter()
            writer.write(request)
            status = await _status(reader)
            found.append(Seen(status, time.perf_counter() - start))
        writer.close()
        await writer.wait_closed()

    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    return found


def _request(port: int, body: bytes) -> bytes:
    head = (
        f"POST /v1/recommendations HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        f"Content-Type: {JSON}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _status(reader: asyncio.StreamReader) -> int:
    """Read one answer to its end; the standard client would cost more than the service."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    size = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
    await reader.readexactly(size)
    return int(head.split(b" ")[1])


def check_ratio(port: int, encoder: Encoder) -> dict[str, float]:
    """A check of ten strategies against encoding their texts; times alternate."""
    whole, bare = [], []
    connection = HTTPConnection("127.0.0.1", port)
    for number in range(PLANS):
        texts = plan_texts(number)
        bare.append(_seconds(partial(encoder.encode, texts)))
        whole.append(_seconds(partial(_check, connection, texts)))
    connection.close()
    check, encoding = float(np.median(whole[2:])), float(np.median(bare[2:]))
    return {"ratio": check / encoding, "check_ms": check * 1000, "encoding_ms": encoding * 1000}


def _check(connection: HTTPConnection, texts: Sequence[str]) -> None:
    strategies = [{"id": f"s{i}", "text": text} for i, text in enumerate(texts)]
    body: dict[str, Any] = {"strategies": strategies, "school": {"grades": ["3", "4"]}}
    connection.request("POST", "/v1/plan-checks", json.dumps(body), {"Content-Type": JSON})
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        raise RuntimeError(f"a plan check was answered with {answer.status}")


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def run() -> dict[str, dict[str, float]]:
    """Measure everything."""
    results = {"start": start_ratio()}
    encoder, causes = SentenceEncoder(), root_causes()
    encoder.encode(causes)
    with running() as port:
        results["load"] = load_ratio(port, encoder, causes)
        results["check"] = check_ratio(port, encoder)
    return results


def main() -> None:
    """Print the figures as JSON."""
    sys.stdout.write(json.dumps(run(), indent=2) + "\n")


if __name__ == "__main__":
    main()
