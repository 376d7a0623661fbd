"""Logs as one JSON object a line. What people write about their schools is never among it."""

import json
import logging
import sys
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
"""Id of the request being answered, for every line logged meanwhile."""

FIELDS = "fields"
"""Attribute of a log record with the facts of the line."""


class JsonLines(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; an error's kind and place stand in fields of their own."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if (known := request_id.get()) is not None:
            line["request_id"] = known
        line |= getattr(record, FIELDS, {})
        if record.exc_info and record.exc_info[1] is not None:
            line |= _failure(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def _failure(error: BaseException) -> dict[str, Any]:
    # Without the error's message: it may quote what somebody wrote.
    frames = traceback.extract_tb(error.__traceback__)
    trace = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    cause = error.__cause__ or error.__context__
    failure: dict[str, Any] = {"error": type(error).__qualname__, "trace": trace}
    return failure | ({"cause": _failure(cause)} if cause is not None else {})


def set_up_logs(level: str) -> None:
    """Send the logs of the service and its server to standard error, one object a line."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    for name in ("service", "uvicorn", "uvicorn.error"):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(level.upper())
        logger.propagate = False
    # Our own line about each request says more, and never the query string.
    access = logging.getLogger("uvicorn.access")
    access.handlers, access.propagate = [], False
