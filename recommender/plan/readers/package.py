"""An Office file made safe before a library sees it: counted while unpacked, cut to its text.

Pictures, macros, embedded objects and links to elsewhere are left out of the copy that the
library gets, so no reader can follow them.
"""

import io
import re
import zipfile
import zlib
from pathlib import PurePosixPath
from posixpath import normpath

from lxml import etree

from recommender.plan.readers.failures import UnreadablePlan, refuse
from recommender.plan.readers.limits import Limits

_CONTENT_TYPES = "[Content_Types].xml"
_BROKEN = "save it again from the program it was written in"
_CHUNK = 2**18
_MAIN_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
}
# Templates, slide shows and files with macros differ from the plain kinds in this word only.
_VARIANTS = {
    "docx": r"application/vnd\.ms-word\.(?:document|template)\.macroEnabled(?:Template)?\.main\+xml"
    r"|application/vnd\.openxmlformats-officedocument\.wordprocessingml\.template\.main\+xml",
    "xlsx": r"application/vnd\.ms-excel\.(?:sheet|template)\.macroEnabled\.main\+xml"
    r"|application/vnd\.openxmlformats-officedocument\.spreadsheetml\.template\.main\+xml",
    "pptx": r"application/vnd\.ms-powerpoint\.\w+\.macroEnabled\.main\+xml"
    r"|application/vnd\.openxmlformats-officedocument\.presentationml\.(?:slideshow|template)"
    r"\.main\+xml",
}
# Other archives that people send, by what they hold.
_OTHERS = (
    ("content.xml", "an OpenDocument file", "save it as .docx, .xlsx or .pptx"),
    ("Index/Document.iwa", "an Apple iWork file", "export it as .docx, .xlsx, .pptx or .pdf"),
    ("xl/workbook.bin", "a binary Excel workbook (.xlsb)", "save it as .xlsx"),
)
# Relations that lead to more than text. Those to parts that are not XML go in any case.
_CUT_RELATIONS = re.compile(
    r"/(?:image|oleObject|package|control|ctrlProp|vbaProject|drawing|vmlDrawing|chart\w*|video|audio"
    r"|media|externalLink\w*|attachedTemplate|aFChunk|frame|subDocument|activeXControlBinary"
    r"|printerSettings|customXml|queryTable|connections|pivotTable|slicer\w*|comments"
    r"|threadedComment|person|notesSlide|notesMaster)$"
)
# Word keeps text boxes in the document itself; of a workbook's sheets only the grid is read.
_STRICT_NAMESPACE = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")
_DOCTYPES = tuple("<!DOCTYPE".encode(code) for code in ("ascii", "utf-16-le", "utf-16-be"))
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


def main_kind(content: bytes, name: str, expected: str) -> str:
    """Tell which Office kind a zip archive is, or refuse it.

    Raises:
        UnreadablePlan: damaged, or an archive of something else.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            for inside, found, wanted in _OTHERS:
                if inside in names:
                    raise refuse(name, f"the content is {found}", wanted)
            if _CONTENT_TYPES not in names:
                raise refuse(name, "the content is a zip archive, not a document", expected)
            with archive.open(_CONTENT_TYPES) as stream:
                types = stream.read(_CHUNK)
    except (UnreadablePlan, MemoryError):
        raise
    except Exception as error:  # a hostile archive can make zipfile raise nearly anything
        raise _damaged(name, error) from None
    for kind, plain in _MAIN_TYPES.items():
        if plain.encode() in types or re.search(_VARIANTS[kind].encode(), types):
            return kind
    raise refuse(name, "an Office file that is no document, workbook or presentation", expected)


class Package:
    """The XML parts of an Office file, unpacked within the limits."""

    def __init__(self, content: bytes, name: str, limits: Limits) -> None:
        self._name = name
        self._limits = limits
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                self.parts = self._unpack(archive)
        except (UnreadablePlan, MemoryError):
            raise
        except Exception as error:  # a hostile archive can make zipfile raise nearly anything
            raise _damaged(name, error) from None

    def cleaned(self, kind: str) -> io.BytesIO:
        """Return the file again with its text parts only, as a plain file of its kind."""
        copy = io.BytesIO()
        with zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as archive:
            for part, content in self.parts.items():
                if part == _CONTENT_TYPES:
                    plain = _MAIN_TYPES[kind].encode()
                    content = re.sub(_VARIANTS[kind].encode(), plain, content)
                elif part.endswith(".rels"):
                    content = self._without_cut_relations(part, content)
                archive.writestr(part, content)
        copy.seek(0)
        return copy

    def _unpack(self, archive: zipfile.ZipFile) -> dict[str, bytes]:
        infos = [info for info in archive.infolist() if not info.is_dir()]
        self._check_declared(infos)
        parts: dict[str, bytes] = {}
        left = self._limits.unpacked_bytes
        for info in infos:
            if not info.filename.lower().endswith((".xml", ".rels")):
                continue
            if info.filename in parts:
                raise refuse(self._name, f"two parts are named {info.filename}", _BROKEN)
            content = self._read(archive, info, left)
            left -= len(content)
            parts[info.filename] = _STRICT_NAMESPACE.sub(
                rb"http://schemas.openxmlformats.org/\1/2006/", content
            )
        return parts

    def _check_declared(self, infos: list[zipfile.ZipInfo]) -> None:
        if len(infos) > self._limits.archive_entries:
            found = f"{len(infos)} parts inside"
            raise refuse(self._name, found, f"at most {self._limits.archive_entries} are read")
        declared = sum(info.file_size for info in infos)
        if declared > self._limits.declared_bytes:
            found = f"it unpacks to {declared} bytes"
            raise refuse(self._name, found, f"at most {self._limits.declared_bytes} are read")
        if any(info.flag_bits & 0x1 for info in infos):
            raise refuse(
                self._name, "the file is locked with a password", "give it without the password"
            )

    def _read(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo, left: int) -> bytes:
        # Counted while reading, because the size in the header can lie.
        chunks, total = [], 0
        with archive.open(info) as stream:
            while chunk := stream.read(_CHUNK):
                total += len(chunk)
                if total > left:
                    limit = self._limits.unpacked_bytes
                    found = f"its text unpacks to more than {limit} bytes"
                    raise refuse(self._name, found, "give the plan alone")
                chunks.append(chunk)
        content = b"".join(chunks)
        if any(doctype in content for doctype in _DOCTYPES):
            found = f"{info.filename} declares entities"
            raise refuse(self._name, found, f"no Office program writes these; {_BROKEN}")
        return content

    def _without_cut_relations(self, part: str, content: bytes) -> bytes:
        base = PurePosixPath("/" + part).parent.parent
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
        for relation in root.findall(_RELATIONSHIP):
            target = normpath(base / relation.get("Target", "")).lstrip("/")
            external = relation.get("TargetMode") == "External"
            kept = target in self.parts and not _CUT_RELATIONS.search(relation.get("Type", ""))
            if external or not kept:
                root.remove(relation)
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _damaged(name: str, error: Exception) -> UnreadablePlan:
    found = "an Office file or archive that is cut off or damaged"
    if isinstance(error, zlib.error | zipfile.BadZipFile | EOFError):
        return refuse(name, found, _BROKEN)
    return refuse(name, f"{found} ({type(error).__name__})", _BROKEN)
