"""What a file is, told by its content; its name only has to agree."""

from enum import StrEnum
from pathlib import PurePath

from recommender.plan.readers.failures import refuse
from recommender.plan.readers.package import main_kind

EXPECTED = "expected a plan as docx, pdf, xlsx, pptx, csv, txt or json"


class Kind(StrEnum):
    """Kinds of file that can be read."""

    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    PDF = "pdf"
    CSV = "csv"
    TXT = "txt"
    JSON = "json"


# Names that promise a kind of content. A name outside this table promises nothing.
_SUFFIXES = {
    **dict.fromkeys((".docx", ".docm", ".dotx", ".dotm"), Kind.DOCX),
    **dict.fromkeys((".xlsx", ".xlsm", ".xltx", ".xltm"), Kind.XLSX),
    **dict.fromkeys((".pptx", ".pptm", ".ppsx", ".ppsm", ".potx"), Kind.PPTX),
    ".pdf": Kind.PDF,
    **dict.fromkeys((".csv", ".tsv", ".tab"), Kind.CSV),
    **dict.fromkeys((".txt", ".text", ".md"), Kind.TXT),
    ".json": Kind.JSON,
}
_OLD_SUFFIXES = (".doc", ".xls", ".ppt", ".rtf", ".odt", ".ods", ".odp", ".pages", ".numbers")
_WORDS = {
    Kind.DOCX: "a Word document",
    Kind.XLSX: "an Excel workbook",
    Kind.PPTX: "a PowerPoint presentation",
    Kind.PDF: "a PDF",
    Kind.CSV: "plain text",
    Kind.TXT: "plain text",
    Kind.JSON: "plain text",
}
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Names of streams in a compound file, and what each says about it.
_STREAMS = (
    ("EncryptedPackage", "locked with a password", "give it without the password"),
    ("WordDocument", "an old Word file (.doc)", "save it as .docx"),
    ("Workbook", "an old Excel file (.xls)", "save it as .xlsx"),
    ("PowerPoint Document", "an old PowerPoint file (.ppt)", "save it as .pptx"),
)
_SIGNATURES = (
    (b"{\\rtf", "rich text (RTF)", "save it as .docx"),
    (b"\x89PNG", "a picture", "give the document itself, not a picture of it"),
    (b"\xff\xd8\xff", "a picture", "give the document itself, not a picture of it"),
    (b"GIF8", "a picture", "give the document itself, not a picture of it"),
    (b"II*\0", "a picture", "give the document itself, not a picture of it"),
    (b"MM\0*", "a picture", "give the document itself, not a picture of it"),
    (b"\x1f\x8b", "a compressed file (gzip)", EXPECTED),
    (b"7z\xbc\xaf", "a compressed archive (7z)", EXPECTED),
    (b"Rar!", "a compressed archive (rar)", EXPECTED),
    (b"MZ", "a program", EXPECTED),
    (b"\x7fELF", "a program", EXPECTED),
    (b"%!PS", "PostScript", "save it as .pdf"),
)
_MARKUP = (b"<!doctype html", b"<html", b"<?xml")
_PDF_SIGNATURE = b"%PDF-"
# Readers accept some bytes before the signature; mail gateways put them there.
_PDF_WITHIN = 1024


def detect(content: bytes, name: str) -> Kind:
    """Return the kind of the content.

    Raises:
        UnreadablePlan: empty, of no kind that can be read, or of another kind than its name says.
    """
    if not content.strip(b"\0 \t\r\n"):
        found = "the file is empty" if not content else "the file holds nothing but blanks"
        raise refuse(name, found, EXPECTED)
    kind = _binary_kind(content, name) or _text_kind(content, name)
    suffix = PurePath(name).suffix.lower()
    promised = _SUFFIXES.get(suffix)
    if suffix in _OLD_SUFFIXES or (promised and _WORDS[promised] != _WORDS[kind]):
        found = f"the content is {_WORDS[kind]} but the name ends in {suffix}"
        raise refuse(name, found, f"check that it is the right file and rename it to .{kind}")
    return kind


def _binary_kind(content: bytes, name: str) -> Kind | None:
    if _PDF_SIGNATURE in content[:_PDF_WITHIN]:
        return Kind.PDF
    if content.startswith(b"PK"):
        return Kind(main_kind(content, name, EXPECTED))
    if content.startswith(_COMPOUND):
        raise _compound_failure(content, name)
    for signature, found, wanted in _SIGNATURES:
        if content.startswith(signature):
            raise refuse(name, f"the content is {found}", wanted)
    if content.lstrip()[:20].lower().startswith(_MARKUP):
        raise refuse(name, "the content is a web page or XML", EXPECTED)
    return None


def _compound_failure(content: bytes, name: str) -> Exception:
    for stream, found, wanted in _STREAMS:
        if stream.encode("utf-16-le") in content:
            return refuse(name, f"the file is {found}", wanted)
    return refuse(name, "an old Office file or mail", EXPECTED)


def _text_kind(content: bytes, name: str) -> Kind:
    suffix = PurePath(name).suffix.lower()
    promised = _SUFFIXES.get(suffix)
    if promised in (Kind.CSV, Kind.TXT, Kind.JSON):
        return promised
    return Kind.JSON if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" else Kind.TXT
