"""Reading a plan in this process: kind by content, one reader a kind, one failure."""

import stat
from collections.abc import Callable
from pathlib import Path

from recommender.plan.readers.blocks import PlanText
from recommender.plan.readers.draft import Draft
from recommender.plan.readers.failures import UnreadablePlan, refuse, shown_name
from recommender.plan.readers.kinds import EXPECTED, Kind, detect
from recommender.plan.readers.limits import DEFAULT_LIMITS, Limits

Reader = Callable[[bytes, Draft], None]


def read_plan_here(path: Path, limits: Limits = DEFAULT_LIMITS) -> PlanText:
    """Read a plan in this process, without limits on time and memory.

    Raises:
        UnreadablePlan: one line says what was found and what was expected.
    """
    return parse_plan(load(path, limits), shown_name(path), limits)


def load(path: Path, limits: Limits) -> bytes:
    """Return the file's bytes, at most the limit of them."""
    name = shown_name(path)
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise refuse(name, "not a file", EXPECTED)
        if status.st_size > limits.file_bytes:
            found = f"{status.st_size} bytes"
            raise refuse(name, found, f"at most {limits.file_bytes} bytes are read")
        with path.open("rb") as stream:
            return stream.read(limits.file_bytes)
    except FileNotFoundError:
        raise refuse(name, "no such file", "check the path") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a path"
        raise refuse(name, f"cannot be opened ({reason})", "check the path") from None


def parse_plan(content: bytes, name: str, limits: Limits) -> PlanText:
    """Read a plan from its bytes; the name only has to agree with what they are."""
    try:
        return _parse(content, name, limits)
    except UnreadablePlan:
        raise
    except MemoryError:
        found = "reading it needs more memory than a plan should"
        raise refuse(name, found, "give the part with the plan") from None
    # Parsers of damaged files raise nearly anything, RecursionError too.
    except Exception as error:
        found = f"damaged, its reader stopped ({type(error).__name__})"
        raise refuse(name, found, "save it again from the program it was written in") from None


def _parse(content: bytes, name: str, limits: Limits) -> PlanText:
    kind = detect(content, name)
    draft = Draft(name, limits)
    if kind is Kind.JSON:
        from recommender.plan.readers.body import read_body

        return read_body(content, draft)
    _reader(kind)(content, draft)
    if not draft.blocks:
        raise _without_text(draft)
    return PlanText(name, kind.value, tuple(draft.blocks), tuple(draft.notes))


def _reader(kind: Kind) -> Reader:
    # Imported when needed: a text file shall not wait for the libraries of all other kinds.
    if kind is Kind.DOCX:
        from recommender.plan.readers.word import read_word as reader
    elif kind is Kind.XLSX:
        from recommender.plan.readers.workbook import read_workbook as reader
    elif kind is Kind.PPTX:
        from recommender.plan.readers.slides import read_slides as reader
    elif kind is Kind.PDF:
        from recommender.plan.readers.pdf import read_pdf as reader
    elif kind is Kind.CSV:
        from recommender.plan.readers.plain import read_csv as reader
    else:
        from recommender.plan.readers.plain import read_text as reader
    return reader


def _without_text(draft: Draft) -> UnreadablePlan:
    if any("looks scanned" in note for note in draft.notes):
        pages = sum(note.startswith("page ") for note in draft.notes)
        found = f"no text on any page, looks scanned ({pages} pages)"
        return refuse(draft.name, found, "give the original or run text recognition (OCR) first")
    found = f"no text found ({draft.notes[0]})" if draft.notes else "no text found"
    return refuse(draft.name, found, "expected a plan with words in it")
