"""A workbook from a stranger, made safe to parse: its parts are looked at one by one before any reader sees them.

A workbook is a ZIP of XML. Refused are: what is no ZIP, too many or too large parts, parts of one name, names that
lead elsewhere, XML with a DOCTYPE or in another encoding than UTF-8, macros and embedded programs, protection by
password, and sheets that reach too far. The reader is then given a new ZIP of the XML parts that passed and no other.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from xml.parsers import expat

from pmf_lib.errors import RecordsError
from pmf_lib.records.returns.extent import Area, ExtentError, check_extent

MOST_BYTES = 50 * 2**20
MOST_UNPACKED = 150 * 2**20
MOST_PARTS = 1000
MOST_RATIO, RATIO_FROM = 200, 4 * 2**20
"""A part larger than this that shrank to less than a two-hundredth was made to do harm."""
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SPREADSHEET = {
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/vnd.oasis.opendocument.spreadsheet-template": ".ods",
}
PROGRAMS = re.compile(
    r"vbaProject|vbaData|(^|/)(activeX|embeddings|macrosheets|ctrlProps)/|^(Basic|Scripts)/|\.(bin|exe|dll|js|vbs)$",
    re.I,
)
HARMLESS = re.compile(r"^xl/printerSettings/|^Object \d+|^Configurations2/", re.I)
ERROR_CELLS = {
    ".xlsx": (re.compile(rb"""(<(?:\w+:)?c\b[^>]*?\st\s*=\s*)(["'])e\2"""), rb"\1\2str\2"),
    ".ods": (
        re.compile(
            rb"""(<table:table-cell\b[^>]*?)\soffice:string-value=""([^>]*\scalcext:value-type="error")"""
        ),
        rb"\1\2",
    ),
}
"""How a cell with an error is written, and how it is made to show what it says as text."""
AGAIN = "Fill in the template as it was sent and save it as .xlsx or .ods; then send the file again."


@dataclass(frozen=True)
class Clean:
    """A workbook that may be parsed: its kind ('.xlsx' or '.ods'), its content, and of .ods its merged areas by sheet."""

    kind: str
    content: bytes
    merged: dict[str, list[Area]]


def checked(content: bytes, name: str) -> Clean:
    """A clean copy of a workbook, which alone is to be parsed.

    Parameters
    ----------
    content, name
        The bytes as they came, and what to call the file in messages; its ending must be what the content is.

    Raises
    ------
    RecordsError
        It is refused; the message says why and what to do.
    """
    _refuse_at_sight(content, name)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            parts = _parts(book, name)
            kind = _kind(book, parts, name)
            _refuse_programs(parts, name)
            return _rebuilt(book, parts, kind, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError) as error:
        raise RecordsError(f"{name} is damaged: {_few_words(error)}. {AGAIN}") from error


def _refuse_at_sight(content: bytes, name: str) -> None:
    """What the first bytes and the length tell."""
    if len(content) > MOST_BYTES:
        raise RecordsError(
            f"{name} is larger than {MOST_BYTES // 2**20} MB, which no return is. Take out pictures and other sheets, "
            "and send the file again."
        )
    if content.startswith(OLE):
        raise RecordsError(
            f"{name} is protected by a password, or is of the old kind .xls. Open it, take the password off, save it "
            "as 'Excel workbook (.xlsx)', and send the file again."
        )
    if not content.startswith(b"PK"):
        raise RecordsError(f"{name} is no workbook, whatever its name says. {AGAIN}")


def _parts(book: zipfile.ZipFile, name: str) -> list[zipfile.ZipInfo]:
    """The directory of the ZIP, refused where it was made to do harm."""
    parts = [part for part in book.infolist() if not part.is_dir()]
    if len(parts) > MOST_PARTS:
        raise RecordsError(f"{name} has {len(parts)} parts, a return has at most {MOST_PARTS}. {AGAIN}")
    if len({part.filename.lower() for part in parts}) < len(parts):
        raise RecordsError(f"{name} holds two parts of the same name. {AGAIN}")
    if sum(part.file_size for part in parts) > MOST_UNPACKED or any(map(_swells, parts)):
        raise RecordsError(
            f"{name} would unpack to far more than a return holds (at most {MOST_UNPACKED // 2**20} MB), so it was "
            f"not opened. {AGAIN}"
        )
    for part in parts:
        _refuse_part(part, name)
    return parts


def _swells(part: zipfile.ZipInfo) -> bool:
    return part.file_size > RATIO_FROM and part.file_size > MOST_RATIO * max(part.compress_size, 1)


def _refuse_part(part: zipfile.ZipInfo, name: str) -> None:
    path = PurePosixPath(part.filename)
    if path.is_absolute() or ".." in path.parts or "\\" in part.filename or ":" in part.filename:
        raise RecordsError(f"{name} holds a part whose name leads out of the file. {AGAIN}")
    if part.flag_bits & 1:
        raise RecordsError(f"{name} is protected by a password. Take it off, and send the file again.")


def _kind(book: zipfile.ZipFile, parts: Iterable[zipfile.ZipInfo], name: str) -> str:
    """'.xlsx' or '.ods' by content; the file's name must say the same."""
    names = {part.filename for part in parts}
    said = PurePosixPath(name).suffix.lower()
    if "mimetype" in names:
        kind = SPREADSHEET.get(book.read("mimetype")[:200].decode("ascii", "replace").strip(), "")
    else:
        kind = ".xlsx" if {"[Content_Types].xml", "xl/workbook.xml"} <= names else ""
    if not kind:
        raise RecordsError(f"{name} is a ZIP file, but no workbook of kind .xlsx or .ods. {AGAIN}")
    if said != kind:
        raise RecordsError(
            f"{name} is a workbook of kind {kind}, but its name ends with '{said}'. Workbooks with macros (.xlsm) are "
            f"not taken. Save it as {kind}, and send the file again."
        )
    return kind


def _refuse_programs(parts: Iterable[zipfile.ZipInfo], name: str) -> None:
    for part in parts:
        if PROGRAMS.search(part.filename) and not HARMLESS.search(part.filename):
            raise RecordsError(
                f"{name} holds macros or embedded objects, which are not taken. Save it as a plain workbook (.xlsx or "
                ".ods), and send the file again."
            )


def _rebuilt(book: zipfile.ZipFile, parts: list[zipfile.ZipInfo], kind: str, name: str) -> Clean:
    """A new ZIP of the XML parts that passed, and of nothing else."""
    out, merged = io.BytesIO(), {}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as clean:
        for part in parts:
            if part.filename == "mimetype" or part.filename.lower().endswith((".xml", ".rels")):
                content = book.read(part)
                if part.filename != "mimetype":
                    content, areas = _checked_xml(content, part.filename, kind, name)
                    merged.update(areas)
                clean.writestr(zipfile.ZipInfo(part.filename), content)
    return Clean(kind, out.getvalue(), merged)


def _checked_xml(content: bytes, part: str, kind: str, name: str) -> tuple[bytes, dict[str, list[Area]]]:
    """One XML part, refused where it could lead its reader elsewhere or to a sheet without end."""
    if part == "META-INF/manifest.xml" and b"encryption-data" in content:
        raise RecordsError(f"{name} is protected by a password. Take it off, and send the file again.")
    if b"\x00" in content[:4] or content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise RecordsError(f"{name}: its part '{part[:80]}' is not in UTF-8. {AGAIN}")
    try:
        looked = check_extent(content, part, kind)
    except ExtentError as refused:
        raise RecordsError(f"{name}: {refused}") from None
    except expat.ExpatError as error:
        raise RecordsError(f"{name} is damaged: its part '{part[:80]}' is no XML. {AGAIN}") from error
    if not looked.errors:
        return content, looked.merged
    pattern, as_text = ERROR_CELLS[kind]
    shown, count = pattern.subn(as_text, content)
    if count != looked.errors:
        raise RecordsError(f"{name} holds cells with errors that can't be read. Mend the formulas. {AGAIN}")
    return shown, looked.merged


def _few_words(error: BaseException) -> str:
    return re.sub(r"[^\w .,()-]", "", str(error))[:80] or type(error).__name__
