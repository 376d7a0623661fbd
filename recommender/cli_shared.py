"""What the command modules share: consoles, the JSON flag, progress bars."""

import json
import sys
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def progress_bar() -> Progress:
    """Return a progress display that vanishes when the work is done."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=err,
        transient=True,
    )


def print_json(body: Any) -> None:
    """Print a document to standard output."""
    sys.stdout.write(json.dumps(body, ensure_ascii=False, indent=2) + "\n")


def builtins(record: Any) -> Any:
    """Turn records into plain lists and mappings."""
    return msgspec.to_builtins(record)
