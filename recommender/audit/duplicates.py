"""Plans that are copies of each other: the same bytes, the same strategies, or nearly so.

Nearly the same is told by word triples: each plan keeps the least hash of its triples under a
number of hash functions (MinHash, Broder 1997), and the share of equal ones estimates the share
of common triples. Plans are compared only if a band of these agrees, so thousands take seconds.
"""

import hashlib
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

# 32 bands of 4: plans with 0.8 of their triples in common meet in some band with 0.9999, with
# half of them in 0.87, with a fifth in 0.05.
_BANDS = 32
_ROWS = 4
# Share of common word triples; a plan copied with the school's name and some numbers changed
# keeps about this many. The comparison in docs/auditors_guide.md says what the words mean.
LEAST_COMMON = 0.75
# With fewer words two plans are alike by chance.
LEAST_WORDS = 25
_WORD = re.compile(r"[^\W\d_]+")
_SEEDS = np.random.default_rng(20_250_825).integers(1, 2**61 - 1, (2, _BANDS * _ROWS), np.uint64)
_PRIME = np.uint64(2**31 - 1)

Signature = npt.NDArray[np.uint32]


class Likeness(StrEnum):
    """How alike the plans of a group are, at the least."""

    SAME_FILE = "same file"
    SAME_STRATEGIES = "same strategies"
    NEARLY_SAME = "nearly the same strategies"


@dataclass(frozen=True, slots=True)
class PlanPrint:
    """What is kept of one plan to compare it."""

    file: str
    sha256: str | None
    strategies_sha256: str | None
    """`None` for a file without a verdict."""
    signature: Signature | None
    """`None` where there are too few words."""


@dataclass(frozen=True, slots=True)
class DuplicateGroup:
    """Plans that are alike, by name."""

    number: int
    likeness: Likeness
    files: tuple[str, ...]


def plan_print(record: Mapping[str, Any]) -> PlanPrint:
    """Return what is compared of an audit's record."""
    file, sha256 = record["file"], record.get("sha256")
    if "strategies" not in record:
        return PlanPrint(file, sha256, None, None)
    texts = sorted({normal_text(one["text"]) for one in record["strategies"]})
    digest = hashlib.sha256("\n".join(texts).encode()).hexdigest()
    return PlanPrint(file, sha256, digest, _signature(texts))


def find_duplicates(prints: Sequence[PlanPrint]) -> tuple[DuplicateGroup, ...]:
    """Group plans that are alike; every group in the order of its first file."""
    leader = list(range(len(prints)))
    likeness: dict[int, Likeness] = {}
    for kind, pairs in (
        (Likeness.SAME_FILE, _equal([p.sha256 for p in prints])),
        (Likeness.SAME_STRATEGIES, _equal([p.strategies_sha256 for p in prints])),
        (Likeness.NEARLY_SAME, _near([p.signature for p in prints])),
    ):
        for one, other in pairs:
            first, second = sorted((_lead(leader, one), _lead(leader, other)))
            if first != second:
                leader[second] = first
                likeness[first] = kind
    groups: dict[int, list[str]] = defaultdict(list)
    for number, plan in enumerate(prints):
        groups[_lead(leader, number)].append(plan.file)
    # The kinds come from the closest to the loosest, so the last that joined is the loosest.
    several = sorted((sorted(files), likeness[n]) for n, files in groups.items() if len(files) > 1)
    return tuple(DuplicateGroup(n, k, tuple(f)) for n, (f, k) in enumerate(several, start=1))


def normal_text(text: str) -> str:
    """Return the words of a text in small letters; numbers and marks do not count."""
    return " ".join(_WORD.findall(text.lower()))


def _signature(texts: Iterable[str]) -> Signature | None:
    words = [text.split() for text in texts]
    if sum(map(len, words)) < LEAST_WORDS:
        return None
    triples = {" ".join(line[i : i + 3]) for line in words for i in range(max(1, len(line) - 2))}
    hashes = np.array([zlib.crc32(t.encode()) for t in triples], np.uint64)
    mixed = (hashes[:, None] * (_SEEDS[0] >> np.uint64(33)) + _SEEDS[1]) % _PRIME
    signature: Signature = mixed.min(axis=0).astype(np.uint32)
    return signature


def _lead(leader: list[int], number: int) -> int:
    while leader[number] != number:
        leader[number] = leader[leader[number]]
        number = leader[number]
    return number


def _equal(keys: Sequence[str | None]) -> Iterator[tuple[int, int]]:
    first: dict[str, int] = {}
    for number, key in enumerate(keys):
        if key is not None and first.setdefault(key, number) != number:
            yield first[key], number


def _near(signatures: Sequence[Signature | None]) -> Iterator[tuple[int, int]]:
    for band in range(_BANDS):
        buckets: dict[bytes, list[int]] = defaultdict(list)
        for number, signature in enumerate(signatures):
            if signature is not None:
                buckets[signature[band * _ROWS : (band + 1) * _ROWS].tobytes()].append(number)
        for numbers in buckets.values():
            # Against the first of a bucket only: with many copies of one template, all pairs
            # would be quadratic, and copies of a template find each other through its first.
            for other in numbers[1:]:
                if _common(signatures[numbers[0]], signatures[other]) >= LEAST_COMMON:
                    yield numbers[0], other


def _common(one: Signature | None, other: Signature | None) -> float:
    return 0.0 if one is None or other is None else float((one == other).mean())
