"""Reading a plan in a child process, which can be killed and has its memory limited."""

import os
import subprocess
import sys
from pathlib import Path

import msgspec

from recommender.plan.readers.blocks import PlanText
from recommender.plan.readers.child import Answer, Request
from recommender.plan.readers.failures import UnreadablePlan, refuse, shown_name
from recommender.plan.readers.here import load
from recommender.plan.readers.limits import DEFAULT_LIMITS, Limits

_ROOT = Path(__file__).resolve().parents[3]
# No writing of byte code, no start-up hooks of the user, nothing from the working folder.
_COMMAND = (sys.executable, "-B", "-P", "-s", "-m", "recommender.plan.readers.child")


def read_plan(path: Path, limits: Limits = DEFAULT_LIMITS) -> PlanText:
    """Read a plan in a child process.

    Raises:
        UnreadablePlan: one line says what was found and what was expected.
    """
    return _ask_child(load(path, limits), shown_name(path), limits)


def _ask_child(content: bytes, name: str, limits: Limits) -> PlanText:
    request = msgspec.json.encode(Request(name, limits, len(content))) + b"\n" + content
    child = subprocess.Popen(
        _COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
        cwd="/",
        start_new_session=True,
    )
    with child:
        try:
            output, _ = child.communicate(request, timeout=limits.seconds)
        except subprocess.TimeoutExpired:
            found = f"not read within {limits.seconds:g} seconds"
            raise refuse(name, found, "give the part with the plan, or save it anew") from None
        finally:
            child.kill()
    return _plan(output, name, limits)


def _plan(output: bytes, name: str, limits: Limits) -> PlanText:
    try:
        answer = msgspec.json.decode(output, type=Answer)
    except msgspec.DecodeError:
        found = f"its reader broke down or needed more than {limits.memory_bytes} bytes of memory"
        raise refuse(name, found, "save it again from the program it was written in") from None
    if answer.plan is None:
        raise UnreadablePlan(answer.failure or f"{name}: not read")
    return answer.plan


def _environment() -> dict[str, str]:
    # Threads of numerical libraries, if one is loaded at all, would reserve address space.
    paths = [str(_ROOT), *(os.path.abspath(path) for path in sys.path if path)]
    return {
        "PYTHONPATH": os.pathsep.join(paths),
        "LANG": "C.UTF-8",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }
