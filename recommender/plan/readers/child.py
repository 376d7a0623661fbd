"""The process that parses: requests on standard input, answers on standard output.

A request is a line of JSON (name, limits, number of bytes) and then the bytes of the file; the
answer is a line of JSON. It never opens the plan itself, and it serves until its input ends.
"""

import os
import resource
import sys
from typing import BinaryIO

import msgspec

from recommender.plan.readers.blocks import PlanText
from recommender.plan.readers.failures import UnreadablePlan
from recommender.plan.readers.here import parse_plan
from recommender.plan.readers.limits import Limits


class Request(msgspec.Struct):
    """The line before the bytes of a file."""

    name: str
    limits: Limits
    size: int


class Answer(msgspec.Struct):
    """Either the plan or the reason why there is none."""

    plan: PlanText | None = None
    failure: str | None = None


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests until there are none."""
    while line := requests.readline():
        request = msgspec.json.decode(line, type=Request)
        _confine(request.limits)
        content = requests.read(request.size)
        answers.write(msgspec.json.encode(_answer(content, request)) + b"\n")
        answers.flush()


def _answer(content: bytes, request: Request) -> Answer:
    try:
        return Answer(plan=parse_plan(content, request.name, request.limits))
    except UnreadablePlan as error:
        return Answer(failure=str(error))


def _confine(limits: Limits) -> None:
    # A parser needs no file to write to. Lowering is for good, so a child keeps its first limits.
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    memory = limits.memory_bytes
    memory = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
    resource.setrlimit(resource.RLIMIT_AS, (memory, hard))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Serve on the standard streams; what libraries print goes nowhere."""
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
