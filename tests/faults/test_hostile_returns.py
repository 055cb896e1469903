"""Returns from somebody who means harm, or whose file was broken on the way: refused in words, or read as plain text."""

from __future__ import annotations

import io
import re
import time
import tracemalloc
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
from returns_made import MEASURE, NODES, figures, filled, repacked, sheet_part, small_council, taken
from workspace import Workspace

from pmf_lib.council import Council
from pmf_lib.errors import ParameterError, PmfError, RecordsError
from pmf_lib.records.collect import collect
from pmf_lib.records.returns.book import opened
from pmf_lib.records.returns.safe import MOST_UNPACKED
from pmf_lib.reports.export import csv_text

FORMULAS = ('=HYPERLINK("http://x.example","y")', "@SUM(1)", "+cmd|' /C calc'!A0", "-1+1", "\t=1+1")
SCRIPT = "<script>alert(1)</script>"
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><worksheet '
    'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
)
FOOT = "</sheetData></worksheet>"
DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'


@pytest.fixture
def council(workspace: Workspace) -> Council:
    return small_council(workspace)


@pytest.fixture
def plain(council: Council) -> bytes:
    return filled(council, observations=[{"measure_id": "swims", "period": "2024-25 Q2", "value": "7"}])


def with_sheet(content: bytes, rows: str) -> bytes:
    """The workbook with other rows of observations."""
    return repacked(content, {sheet_part(content, "observations"): (HEAD + rows + FOOT).encode()})


def cells(number: int, *texts: str) -> str:
    made = "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in texts)
    return f'<row r="{number}">{made}</row>'


HEADER = cells(1, "measure_id", "period", "value", "recorded_at")


def bomb(content: bytes) -> bytes:
    return repacked(content, {"xl/media/zeros.xml": bytes(60 * 2**20)})


def many_bombs(content: bytes) -> bytes:
    return repacked(
        content, {f"xl/p{number}.xml": bytes(3 * 2**20) for number in range(MOST_UNPACKED // 2**20 // 3 + 1)}
    )


def encrypted(content: bytes) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)


def lying(content: bytes) -> bytes:
    """The directory says that a part is smaller than it is."""
    spoilt = bytearray(content)
    at = spoilt.rfind(b"PK\x01\x02")
    spoilt[at + 24 : at + 28] = (5).to_bytes(4, "little")
    return bytes(spoilt)


def twice(content: bytes) -> bytes:
    out = io.BytesIO(content)
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(out, "a") as book:
        book.writestr("xl/workbook.xml", b"<x/>")
    return out.getvalue()


def part(name: str, content: bytes) -> Callable[[bytes], bytes]:
    return lambda book: repacked(book, {name: content})


REFUSED: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "a zip bomb": (bomb, "unpack to far more than a return holds"),
    "many middling bombs": (many_bombs, "unpack to far more than a return holds"),
    "thousands of parts": (
        lambda book: repacked(book, {f"xl/p{n}.xml": b"<x/>" for n in range(1100)}),
        "parts, a return has at most 1000",
    ),
    "a part of the same name twice": (twice, "two parts of the same name"),
    "a path that leads out": (part("../../evil.xml", b"<x/>"), "leads out of the file"),
    "a path of another system": (part("xl\\..\\..\\evil.xml", b"<x/>"), "leads out of the file"),
    "a DOCTYPE with an entity": (part("xl/sharedStrings.xml", DOCTYPE + b"<sst>&e;</sst>"), "has a DOCTYPE"),
    "a DOCTYPE in the properties": (part("docProps/core.xml", DOCTYPE + b"<x/>"), "has a DOCTYPE"),
    "a DOCTYPE in a relation": (part("xl/_rels/more.xml.rels", b"<!DOCTYPE x><x/>"), "has a DOCTYPE"),
    "another encoding": (part("xl/styles.xml", "<x/>".encode("utf-16")), "not in UTF-8"),
    "an encoding that is only said": (
        part("xl/styles.xml", b'<?xml version="1.0" encoding="UTF-7"?><x/>'),
        "not in UTF-8|no XML",
    ),
    "macros": (part("xl/vbaProject.bin", b"x"), "macros or embedded objects"),
    "an embedded program": (part("xl/embeddings/oleObject1.bin", b"x"), "macros or embedded objects"),
    "a password": (encrypted, "protected by a password"),
    "a file cut short": (lambda book: book[: len(book) // 2], "is damaged"),
    "a directory that lies": (lying, "is damaged"),
    "half a sheet": (part("xl/workbook.xml", b"<workbook><sheets>"), "is damaged"),
    "no workbook at all": (lambda book: b"measure_id,period\n", "is no workbook"),
    "an empty file": (lambda book: b"", "is no workbook"),
    "a document of another kind": (
        lambda book: repacked(book, {"xl/workbook.xml": None, "word/document.xml": b"<x/>"}),
        "no workbook of kind",
    ),
    "two cells at opposite corners": (
        lambda book: with_sheet(
            book, '<row r="1"><c r="A1"><v>1</v></c></row><row r="9"><c r="XFD1048576"><v>1</v></c></row>'
        ),
        "reaches to row 1,048,576 and column 16,384",
    ),
    "a text without end": (
        lambda book: with_sheet(book, HEADER + cells(2, "swims", "x" * 40_000)),
        "more than 32,767 char",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_hostile_or_broken_workbook_is_refused_in_words_and_nothing_is_kept(
    case: str, council: Council, plain: bytes, workspace: Workspace
) -> None:
    spoil, words = REFUSED[case]
    with pytest.raises(RecordsError, match=words) as refused:
        taken(council, spoil(plain))
    assert str(refused.value).startswith("return.xlsx")
    assert len(str(refused.value)) < 600
    assert not (workspace.home / "data/returns/own").exists()


@pytest.mark.parametrize("file", ["return.xlsm", "return.ods", "return.csv", "return"])
def test_a_name_that_does_not_say_what_the_file_is_is_refused(
    file: str, council: Council, plain: bytes
) -> None:
    with pytest.raises(RecordsError, match=r"is a workbook of kind \.xlsx, but its name ends with"):
        taken(council, plain, file=file)


def test_an_encrypted_opendocument_is_refused(council: Council) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr("META-INF/manifest.xml", "<m><manifest:encryption-data xmlns:manifest='m'/></m>")
        book.writestr("content.xml", b"\x8f\x12\x99")
    with pytest.raises(RecordsError, match="protected by a password"):
        taken(council, out.getvalue(), file="return.ods")


def test_an_opendocument_that_repeats_a_filled_cell_without_end_is_refused(council: Council) -> None:
    names = 'xmlns:office="o" xmlns:table="t" xmlns:text="x"'
    cell = '<table:table-cell office:value-type="string" table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell>'
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr(
            "content.xml",
            f'<office:c {names}><table:table table:name="observations">{row}</table:table></office:c>',
        )
    with pytest.raises(RecordsError, match="reaches to row 1,048,576"):
        taken(council, out.getvalue(), file="return.ods")


@pytest.mark.slow
@pytest.mark.parametrize(
    "blank", ['<row r="{0}"><c r="A{0}" s="1"/><c r="B{0}" s="1"/></row>', '<row r="{0}"><c r="A{0}" t="inlineStr"><is><t> </t></is></c></row>']
)  # fmt: skip
def test_a_million_blank_rows_take_bounded_time_and_memory(blank: str, plain: bytes) -> None:
    rows = HEADER + "".join(blank.format(number) for number in range(2, 1_000_002))
    content = with_sheet(plain, rows)
    tracemalloc.start()
    began = time.process_time()
    book = opened(content, "return.xlsx")
    seconds, (_, peak) = time.process_time() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert list(book.sheets["observations"].rows) == [1]
    assert seconds < 60
    assert peak < 400 * 2**20


def test_many_blank_rows_among_the_filled_ones_do_no_harm(council: Council, plain: bytes) -> None:
    rows = HEADER + '<row r="50000">' + cells(50_000, "swims", "2024-25 Q2", "8").partition(">")[2]
    got = taken(council, with_sheet(plain, rows))
    assert got.receipt.rows_read == 1
    assert ["swims", "2024-25 Q2", "2024-10-15", 8.0] in figures(council)


@pytest.mark.parametrize(
    "text", [FORMULAS[0], *(pytest.param(one, marks=pytest.mark.slow) for one in FORMULAS[1:]), SCRIPT]
)
def test_formulas_and_markup_stay_plain_text_everywhere(
    text: str, council: Council, workspace: Workspace
) -> None:
    rows = [{"measure_id": "trees", **MEASURE, "title": text, "owner": text}]
    wrong = [{"measure_id": "trees", "period": text, "value": text, "state": text}]
    got = taken(council, filled(council, measures=rows, observations=wrong))
    shown = text.strip()
    table = collect(council, nodes=NODES).tables["measures"].set_index("measure_id")
    assert table.loc["trees", "title"] == shown
    book = openpyxl.load_workbook(io.BytesIO((workspace.home / got.to_mend).read_bytes()))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if shown in str(cell.value)]
    assert len(cells) >= 5
    assert {cell.data_type for cell in cells} == {"s"}
    if shown[0] in "=+-@":
        assert f"'{shown[:3]}" in csv_text(table.reset_index()[["title"]]).replace('"', "")


def test_formulas_links_and_names_of_the_sender_do_not_survive(
    council: Council, workspace: Workspace
) -> None:
    book = openpyxl.load_workbook(
        io.BytesIO(filled(council, observations=[{"measure_id": "swims", "period": "x", "value": "7"}]))
    )
    sheet = book["observations"]
    sheet["H2"] = '=WEBSERVICE("http://x.example/?"&A1)'
    sheet["A2"].hyperlink = "http://x.example"
    out = io.BytesIO()
    book.save(out)
    got = taken(council, out.getvalue())
    with zipfile.ZipFile(workspace.home / got.to_mend) as copy:
        parts = {name: copy.read(name) for name in copy.namelist()}
    assert not [
        name for name, content in parts.items() if b"x.example" in content or b"WEBSERVICE" in content
    ]
    formulas = [found for name, content in parts.items() for found in re.findall(rb"<f>(.*?)</f>", content)]
    assert formulas
    assert all(found.startswith((b"SUM(", b"SUMPRODUCT(", b"0")) for found in formulas)


@pytest.mark.parametrize("trick", ["../../x", "/etc", "..", "places/../people", "C:\\x", "places\x00"])
@pytest.mark.parametrize("label", ["Directorate id", "Quarter", "Council id"])
def test_paths_in_the_cells_of_the_cover_lead_nowhere(
    label: str, trick: str, council: Council, plain: bytes, workspace: Workspace
) -> None:
    before = sorted(path for path in workspace.home.rglob("*") if path.is_file())
    book = openpyxl.load_workbook(io.BytesIO(plain))
    [cell] = [row[1] for row in book["Cover"].iter_rows() if row[0].value == label]
    cell.value = trick.replace("\x00", "%00")
    out = io.BytesIO()
    book.save(out)
    with pytest.raises((RecordsError, ParameterError)):
        taken(council, out.getvalue())
    assert sorted(path for path in workspace.home.rglob("*") if path.is_file()) == before


@pytest.mark.parametrize(
    "name", ["../../../evil.xlsx", "..\\..\\evil.xlsx", "\x1b[31mevil.xlsx", "x" * 300 + ".xlsx"]
)
def test_a_files_own_name_is_only_ever_text(
    name: str, council: Council, plain: bytes, workspace: Workspace
) -> None:
    got = taken(council, plain, file=name)
    assert got.receipt.kept_as == "2024-10-15.xlsx"
    assert (workspace.home / "data/returns/own/2024-25-q2/places/2024-10-15.xlsx").exists()
    assert not re.search(r"[/\\\x00-\x1f]", got.receipt.file)
    assert len(got.receipt.file) <= 100


def test_sheets_of_odd_names_are_named_and_left(council: Council, plain: bytes) -> None:
    names = ["'; DROP TABLE", "=cmd", "été ☃", "<b>x<b>"]
    book = openpyxl.load_workbook(io.BytesIO(plain))
    for name in names:
        book.create_sheet(name)["A1"] = "x"
    out = io.BytesIO()
    book.save(out)
    got = taken(council, out.getvalue())
    assert got.receipt.rows_read == 1
    assert [name for name in names if f"'{name}'" not in got.receipt.notes[0]] == []


def test_hidden_and_repeated_sheets_are_no_way_in(council: Council, plain: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(plain))
    book.create_sheet("Observations ")["A1"] = "x"
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(RecordsError, match="the sheet 'observations' is there twice"):
        taken(council, out.getvalue())


def test_a_crafted_receipt_does_not_lead_elsewhere(
    council: Council, plain: bytes, workspace: Workspace
) -> None:
    taken(council, plain)
    [receipt] = (workspace.home / "data/returns/own").rglob("*.json")
    receipt.write_text(receipt.read_text().replace('"2024-10-15.xlsx"', '"../../../../../../etc/passwd"'))
    with pytest.raises(PmfError, match="which is gone"):
        collect(council, nodes=NODES)
