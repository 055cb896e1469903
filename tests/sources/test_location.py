"""A folder elsewhere is read as one here; what goes wrong is told by the place's label, never by its address."""

from __future__ import annotations

import zipfile
from typing import ClassVar

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from pmf_lib.council import Location
from pmf_lib.errors import RecordsError, SettingsError
from pmf_lib.records.sources.hidden import Address
from pmf_lib.records.sources.location import read_location

LINKS = "framework,node,measure_id,reason\nwpf-2009,x,missed-bins,Because\n"
SECRET = "hunter2-4711"


def at(url: str) -> Location:
    return Location(label="share", url=url)


def from_environment(monkeypatch: pytest.MonkeyPatch, url: str) -> Location:
    monkeypatch.setenv("SHARE_URL", url)
    return Location(label="share", url_from="SHARE_URL")


def test_a_folder_of_this_machine_is_read_by_its_address(home):
    (home.folder() / "links.csv").write_text(LINKS)
    (home.folder() / "README.md").write_text("Read me")
    found = read_location(at(home.folder().as_uri()))["links"]
    assert found[["source_file", "source_row"]].to_numpy().tolist() == [["share:links.csv", 2]]


def test_an_archive_is_read_without_being_unpacked(home):
    with zipfile.ZipFile(home.path / "quarter.zip", "w") as archive:
        archive.writestr("q2/links.csv", LINKS)
    found = read_location(at(f"zip://q2::{(home.path / 'quarter.zip').as_uri()}"))
    assert found["links"]["source_file"].to_list() == ["share:links.csv"]


class Remembering(MemoryFileSystem):
    """Lists a folder once and remembers, as places on a network do, until it is told to forget."""

    protocol = "remembering"
    listed: ClassVar[dict] = {}

    @classmethod
    def _strip_protocol(cls, path):
        return super()._strip_protocol(path.removeprefix("remembering:/"))

    def ls(self, path, detail=True, **options):
        if path not in self.listed:
            self.listed[path] = super().ls(path, detail, **options)
        return self.listed[path]

    def invalidate_cache(self, path=None):
        self.listed.clear()


def test_what_was_put_there_since_is_seen():
    fsspec.register_implementation("remembering", Remembering, clobber=True)
    memory, place = fsspec.filesystem("memory"), at("remembering://since")
    memory.mkdir("/since")
    try:
        assert read_location(place) == {}
        memory.pipe_file("/since/links.csv", LINKS.encode())
        assert list(read_location(place)) == ["links"]
    finally:
        memory.rm("/since", recursive=True)


@pytest.mark.parametrize(
    "url",
    [
        "memory://nowhere/at/all",
        "file:///nowhere/at/all",
        "zip://q2::file:///nowhere/quarter.zip",
        "no-such-kind://place",
        "ftp://127.0.0.1:1/records",
    ],
)
def test_a_place_that_cannot_be_read_is_refused_in_words(home, url):
    with pytest.raises(RecordsError) as caught:
        read_location(at(url))
    assert str(caught.value).startswith("The location 'share' cannot be read: ")
    assert "its 'url' is right" in str(caught.value)
    assert "nowhere" not in str(caught.value)
    assert "read: ***" not in str(caught.value)


def test_a_refusal_holds_no_part_of_an_address_with_a_password(home, monkeypatch):
    with pytest.raises(RecordsError) as caught:
        read_location(from_environment(monkeypatch, f"ftp://reader:{SECRET}@127.0.0.1:1/records"))
    said = str(caught.value)
    assert "SHARE_URL holds in the environment" in said
    for part in (SECRET, "reader", "127.0.0.1"):
        assert part not in said
    assert caught.value.__suppress_context__


def test_a_place_whose_package_is_not_installed_says_so(home):
    with pytest.raises(SettingsError, match=r"needs a Python package that is not installed: .*s3fs"):
        read_location(at("s3://bucket/records"))


def test_an_address_that_the_environment_lacks_is_asked_for(home, monkeypatch):
    monkeypatch.delenv("SHARE_URL", raising=False)
    with pytest.raises(
        SettingsError, match=r"The location 'share' takes its address.*'SHARE_URL' is not set"
    ):
        read_location(Location(label="share", url_from="SHARE_URL"))


def test_a_file_that_breaks_while_it_is_read_is_named(home):
    with zipfile.ZipFile(home.path / "quarter.zip", "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("links.csv", LINKS)
    content = (home.path / "quarter.zip").read_bytes()
    (home.path / "quarter.zip").write_bytes(content.replace(b"missed-bins", b"missed-bin$"))
    with pytest.raises(RecordsError, match=r"'share' cannot be read while 'links\.csv' was read: .*CRC"):
        read_location(at(f"zip://::{(home.path / 'quarter.zip').as_uri()}"))


def test_a_fault_in_a_file_is_told_by_label_and_name(home):
    (home.folder() / "links.csv").write_text("framework,nod\n")
    with pytest.raises(RecordsError, match=r"share:links\.csv: column 'nod'.*Did you mean 'node'\?"):
        read_location(at(home.folder().as_uri()))


def test_a_file_too_large_for_a_table_is_refused_unread(home, monkeypatch):
    monkeypatch.setattr("pmf_lib.records.sources.location.MOST_BYTES", 10)
    (home.folder() / "links.csv").write_text(LINKS)
    with pytest.raises(RecordsError, match=r"'links\.csv' is larger than"):
        read_location(at(home.folder().as_uri()))


@pytest.mark.parametrize(
    "said",
    [
        "cannot open sftp://reader:hun%40ter@files.example/pmf?token=abc123",
        "user reader, password hun@ter at files.example refused",
        "GET /pmf?token=abc123 gave 403",
    ],
)
def test_words_of_an_error_lose_every_part_of_the_address(said):
    address = Address("sftp://reader:hun%40ter@files.example/pmf?token=abc123")
    for part in ("reader", "hun%40ter", "hun@ter", "files.example", "abc123"):
        assert part not in address.words(OSError(said))


def test_an_address_is_never_shown_by_accident():
    assert SECRET not in repr(Address(f"sftp://a:{SECRET}@b/c"))
