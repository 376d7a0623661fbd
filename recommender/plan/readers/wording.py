"""Text of a file -> the words a person sees there: no layout characters, no merge fields."""

import re
import unicodedata

# Signs that NFKC would turn into other words: iReady™ to iReadyTM, 2½ to 21⁄2, note² to note2.
_KEPT_DECOMPOSITIONS = ("<super>", "<sub>", "<fraction>")
_HYPHENS = str.maketrans({"\u2010": "-", "\u2011": "-"})
# Bullets of the Symbol and Wingdings fonts come as characters of a private area.
_PRIVATE_BULLETS = dict.fromkeys(map(ord, "\uf0b7\uf0a7\uf0d8\uf0fc\uf076\uf06e\uf0a8"), "•")
_MERGE_JUNK = re.compile(
    r"«\w{1,64}»|<<\w{1,64}>>|\{\s*MERGEFIELD[^{}\n]{0,200}\}"
    r"|Error! (?:Bookmark not defined|Reference source not found|MergeField was not found[^.\n]*)\."
    r"|(?:Click|Tap)(?: or tap)?(?: here)? to (?:enter|add)(?: a)? (?:text|date|title)\.?"
    r"|Choose an item\.",
)
_BULLET = re.compile(r"^(?:[•●▪■◦○‣⁃∙·➢✓❖*–—-]|o(?= ))\s+(?=\S)")
_NUMBER = re.compile(r"^(?:\(?\d{1,2}[.)]|\(?[a-zA-Z][.)]|\(?[ivx]{1,4}[.)])\s+\S")


def clean(text: str) -> str:
    """Normalise white space, ligatures and hyphens; lines stay apart, empty ones go."""
    if not text.isascii():
        text = _compatible(text.translate(_PRIVATE_BULLETS)).translate(_HYPHENS)
    lines = (
        " ".join(_drop_invisible(line).split()) for line in _MERGE_JUNK.sub(" ", text).splitlines()
    )
    return "\n".join(line for line in lines if line)


def without_bullet(line: str) -> tuple[str, bool]:
    """Take a bullet off; a typed number stays, being the plan's own. Tells if it is a list item."""
    bare = _BULLET.sub("", line)
    return bare, bare != line or bool(_NUMBER.match(line))


def is_short(text: str, words: int = 8) -> bool:
    """Tell whether text could be a label: few words, one of them with a letter, no sentence."""
    return (
        len(text) <= 80
        and len(text.split()) <= words
        and not text.endswith((".", ";", ","))
        and any(char.isalpha() for char in text)
    )


def _compatible(text: str) -> str:
    return "".join(
        char if _is_kept(char) else unicodedata.normalize("NFKC", char)
        for char in unicodedata.normalize("NFC", text)
    )


def _is_kept(char: str) -> bool:
    return char.isascii() or unicodedata.decomposition(char).startswith(_KEPT_DECOMPOSITIONS)


def _drop_invisible(text: str) -> str:
    # Cf: soft hyphens, zero-width and direction marks. Cs: half characters no encoder takes.
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        char if char.isprintable() else " " if char.isspace() or char < " " else ""
        for char in text
        if unicodedata.category(char) not in ("Cf", "Cs")
    )
