"""Boxes to tick: in a plan that ticks any, what stands beside an empty one was not chosen."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from recommender.plan.readers import Block

_TICKED = re.compile(r"[☑☒✅🗹🗷]|\[[xX]\]")
_EMPTY = re.compile(r"[☐□❏❑]|\[ \]")
_BOX = re.compile(f"(?={_TICKED.pattern}|{_EMPTY.pattern})")


def without_unticked(blocks: Sequence[Block], ended: list[str]) -> tuple[Block, ...]:
    """Return the blocks without what was not chosen; each such part adds a note to `ended`.

    A plan without any ticked box may have empty boxes as bullets, so nothing is left out of it.
    """
    if not any(_TICKED.search(block.text) for block in blocks):
        return tuple(blocks)
    return tuple(kept for block in blocks for kept in _chosen(block, ended))


def _chosen(block: Block, ended: list[str]) -> Iterable[Block]:
    if not _EMPTY.search(block.text):
        yield block
        return
    parts = [part.strip() for part in _BOX.split(block.text)]
    empty = [part for part in parts if _EMPTY.match(part)]
    ended.extend(f"{block.place}: its box is not ticked: '{part}'" for part in empty)
    if text := "\n".join(part for part in parts if part and not _EMPTY.match(part)):
        yield replace(block, text=text)
