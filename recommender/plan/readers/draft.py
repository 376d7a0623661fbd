"""The plan while it is being read: blocks gather here, counted against the limits."""

from dataclasses import replace

from recommender.plan.readers.blocks import Block, BlockKind, Place
from recommender.plan.readers.failures import refuse
from recommender.plan.readers.limits import Limits
from recommender.plan.readers.wording import clean

# A plan with more odd pages than this needs no longer list.
_MAX_NOTES = 50


class Draft:
    """Blocks read so far, with the heading in force and the running numbers."""

    def __init__(self, name: str, limits: Limits) -> None:
        self.name = name
        self.limits = limits
        self.blocks: list[Block] = []
        self.notes: list[str] = []
        self.section: str | None = None
        self._page: int | None = None
        self._paragraphs = 0
        self._tables = 0
        self._characters = 0

    def turn_to(self, page: int) -> None:
        """Start a page or slide; paragraphs and tables are numbered anew on each."""
        if page > self.limits.pages:
            raise self.over(f"more than {self.limits.pages} pages", "give the part with the plan")
        self._page, self._paragraphs, self._tables = page, 0, 0

    def start_table(self) -> Place:
        """Return the place of the next table."""
        self._tables += 1
        return Place(page=self._page, table=self._tables)

    def paragraph(self, text: str, style: BlockKind = BlockKind.PARAGRAPH) -> None:
        """Add a heading, paragraph or list item; text without words is left out."""
        words = clean(text)
        if words:
            self._paragraphs += 1
            self.add(words, Place(page=self._page, paragraph=self._paragraphs), style)

    def add(self, words: str, place: Place, style: BlockKind, *, opens: bool | None = None) -> None:
        """Add clean words; a heading opens a section unless `opens` says otherwise."""
        self._characters += len(words)
        if self._characters > self.limits.characters:
            limit = self.limits.characters
            raise self.over(f"more than {limit} characters of text", "give the plan alone")
        self.blocks.append(Block(words, replace(place, section=self.section), style))
        if style is BlockKind.HEADING if opens is None else opens:
            self.section = " ".join(words.split())

    def note(self, text: str) -> None:
        """Say once what was not read."""
        if text not in self.notes and len(self.notes) < _MAX_NOTES:
            self.notes.append(text)

    def over(self, found: str, wanted: str) -> Exception:
        """Return the failure for a limit that was passed."""
        return refuse(self.name, found, wanted)
