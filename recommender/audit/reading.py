"""Reading many plans through one confined child process, replaced after any trouble.

Starting a child takes as long as checking a plan, so it reads a number of files; it is the
readers' own child, which serves requests until its input ends.
"""

import subprocess
from pathlib import Path
from threading import Event, Timer
from types import TracebackType

import msgspec

from recommender.plan.readers import DEFAULT_LIMITS, Limits, PlanText, UnreadablePlan
from recommender.plan.readers import process as single
from recommender.plan.readers.child import Answer, Request
from recommender.plan.readers.failures import refuse, shown_name
from recommender.plan.readers.here import load

# Parsers keep memory; a fresh child also bounds what one hostile file could do to later ones.
FILES_A_CHILD = 25


class ReadingChild:
    """Reads plans one after another in a child that can be killed."""

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self._limits = limits
        self._child: subprocess.Popen[bytes] | None = None
        self._files = 0

    def __enter__(self) -> "ReadingChild":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def read(self, path: Path) -> PlanText:
        """Read one plan.

        Raises:
            UnreadablePlan: one line says what was found and what was expected.
        """
        name = shown_name(path)
        content = load(path, self._limits)
        if self._files >= FILES_A_CHILD:
            self.close()
        self._files += 1
        answer = self._ask(name, content)
        if answer.plan is None:
            # What made a reader give up may have left it in a poor state.
            self.close()
            raise UnreadablePlan(answer.failure or f"{name}: not read")
        return answer.plan

    def close(self) -> None:
        """End the child, if there is one."""
        child, self._child, self._files = self._child, None, 0
        if child is not None:
            child.kill()
            child.communicate()

    def _ask(self, name: str, content: bytes) -> Answer:
        child = self._child = self._child or _start()
        timed_out = Event()

        def stop() -> None:
            timed_out.set()
            child.kill()

        timer = Timer(self._limits.seconds, stop)
        timer.start()
        try:
            line = _exchange(child, Request(name, self._limits, len(content)), content)
        finally:
            timer.cancel()
        try:
            return msgspec.json.decode(line, type=Answer)
        except msgspec.DecodeError:
            self.close()
        if timed_out.is_set():
            found = f"not read within {self._limits.seconds:g} seconds"
            raise refuse(name, found, "give the part with the plan, or save it anew")
        found = f"its reader broke down or needed more than {self._limits.memory_bytes} bytes"
        raise refuse(name, found, "save it again from the program it was written in")


def _start() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        single._COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=single._environment(),
        cwd="/",
        start_new_session=True,
    )


def _exchange(child: subprocess.Popen[bytes], request: Request, content: bytes) -> bytes:
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        child.stdin.write(msgspec.json.encode(request) + b"\n" + content)
        child.stdin.flush()
        return child.stdout.readline()
    except BrokenPipeError:
        return b""
