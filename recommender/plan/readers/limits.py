"""How much of a file is read before it is refused. A real plan comes nowhere near any of these."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits on one file; going over any of them refuses the file as a whole."""

    # Long district plans with photographs are 5 to 15 MB.
    file_bytes: int = 25 * 2**20
    # Text and markup of an Office file; pictures are never unpacked. A 300-page plan has 10 MB.
    unpacked_bytes: int = 100 * 2**20
    # What the archive says of all its members, pictures too: more is a bomb or a photo album.
    declared_bytes: int = 500 * 2**20
    # One member a picture, a slide or a sheet; a long plan has some hundreds.
    archive_entries: int = 5_000
    # Pages of a PDF, slides of a presentation, sheets of a workbook.
    pages: int = 400
    # Also counts empty formatted cells, and every cell under a merged one.
    cells: int = 300_000
    # A character is at least one byte of the answer; 400 full pages have about 1.5 million.
    characters: int = 3_000_000
    # Tables in tables, groups in groups, content controls in each other: people stop at three.
    depth: int = 20
    # Strategies in one JSON body; a plan has 5 to 60.
    strategies: int = 1_000
    # A PDF page full of small table cells takes a quarter of a second; a long plan has 150 pages.
    seconds: float = 60.0
    # Address space of the child: 60 to 170 MB with its libraries, 600 MB for a workbook of as many
    # cells as are read.
    memory_bytes: int = 2**30


DEFAULT_LIMITS = Limits()
