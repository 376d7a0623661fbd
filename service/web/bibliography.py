"""References as RIS, BibTeX and CSL-JSON, for reference managers."""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from service.web.citation import OTHERS, Author, Reference


class CitationFormat(StrEnum):
    """File formats of a citation download."""

    RIS = "ris"
    BIBTEX = "bib"
    CSL_JSON = "json"


def to_ris(references: Iterable[Reference]) -> str:
    """Return RIS: one tag a line, a value never breaks its line."""
    return "".join(_ris_entry(reference) for reference in references)


def _ris_entry(reference: Reference) -> str:
    fields: list[tuple[str, str | None]] = [
        ("TY", "JOUR" if reference.is_article else "RPRT"),
        ("ID", reference.key),
        *(("AU", _name(author)) for author in reference.authors),
        ("PY", _text(reference.year)),
        ("TI", reference.title),
        ("T2" if reference.is_article else "PB", reference.container or reference.publisher),
        ("AN", reference.eric_id),
        ("UR", reference.url),
    ]
    lines = [f"{tag}  - {_one_line(value)}" for tag, value in fields if value]
    return "\r\n".join([*lines, "ER  - ", "", ""])


def to_bibtex(references: Iterable[Reference]) -> str:
    """Return BibTeX; special characters are escaped, so braces and strings always close."""
    return "".join(_bibtex_entry(reference) for reference in references)


def _bibtex_entry(reference: Reference) -> str:
    kind, place = ("article", "journal") if reference.is_article else ("techreport", "institution")
    fields: list[tuple[str, str | None]] = [
        ("author", " and ".join(_bibtex_name(author) for author in reference.authors)),
        ("title", f"{{{_escape(reference.title)}}}"),
        ("year", _text(reference.year)),
        (place, _escape(reference.container or reference.publisher or "")),
        ("url", _escape_url(reference.url)),
        ("note", f"ERIC {reference.eric_id}" if reference.eric_id else None),
    ]
    body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields if value)
    return f"@{kind}{{{reference.key},\n{body}\n}}\n\n"


def to_csl(references: Iterable[Reference]) -> str:
    """Return CSL-JSON."""
    return json.dumps([_csl_entry(r) for r in references], ensure_ascii=False, indent=2) + "\n"


def _csl_entry(reference: Reference) -> dict[str, Any]:
    place = "container-title" if reference.is_article else "publisher"
    entry: dict[str, Any] = {
        "id": reference.key,
        "type": "article-journal" if reference.is_article else "report",
        "title": reference.title,
        "author": [_csl_name(author) for author in reference.authors] or None,
        "issued": {"date-parts": [[reference.year]]} if reference.year else None,
        place: reference.container or reference.publisher,
        "URL": reference.url,
        "archive": "ERIC" if reference.eric_id else None,
        "archive_location": reference.eric_id,
    }
    return {name: value for name, value in entry.items() if value}


@dataclass(frozen=True, slots=True)
class _Writer:
    media_type: str
    write: Callable[[Iterable[Reference]], str]


_WRITERS = {
    CitationFormat.RIS: _Writer("application/x-research-info-systems", to_ris),
    CitationFormat.BIBTEX: _Writer("application/x-bibtex", to_bibtex),
    CitationFormat.CSL_JSON: _Writer("application/vnd.citationstyles.csl+json", to_csl),
}


def media_type(form: CitationFormat) -> str:
    """Return the media type of a format."""
    return _WRITERS[form].media_type


def write_references(references: Sequence[Reference], form: CitationFormat) -> str:
    """Return references in a format."""
    return _WRITERS[form].write(references)


def _name(author: Author) -> str:
    return f"{author.family}, {author.given}" if author.given else author.family


def _bibtex_name(author: Author) -> str:
    """An organisation keeps its words together by a second pair of braces."""
    if author is OTHERS:
        return "others"
    if author.given:
        return f"{_bibtex_part(author.family)}, {_bibtex_part(author.given)}"
    return f"{{{_escape(author.family)}}}"


def _bibtex_part(value: str) -> str:
    """A comma or "and" inside a name would split it."""
    text = _escape(value)
    return f"{{{text}}}" if "," in text or re.search(r"\band\b", text, re.IGNORECASE) else text


def _csl_name(author: Author) -> dict[str, str]:
    if author.given:
        return {"family": author.family, "given": author.given}
    return {"literal": author.family}


def _text(value: int | None) -> str | None:
    return None if value is None else str(value)


def _one_line(value: str) -> str:
    return " ".join(re.sub(r"[\x00-\x1f\x7f\x85\u2028\u2029]", " ", value).split())


_SPECIAL = {
    "\\": r"\textbackslash ",
    "{": r"\textbraceleft ",
    "}": r"\textbraceright ",
    "~": r"\textasciitilde ",
    "^": r"\textasciicircum ",
    **{character: f"\\{character}" for character in "&%$#_"},
}


def _escape(value: str) -> str:
    return "".join(_SPECIAL.get(character, character) for character in _one_line(value))


def _escape_url(value: str) -> str:
    """Addresses keep their characters; those that would end a field are percent-encoded."""
    codes = {"{": "%7B", "}": "%7D", "\\": "%5C"}
    return "".join(codes.get(character, character) for character in _one_line(value))
