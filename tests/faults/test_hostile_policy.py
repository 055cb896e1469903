"""Policy files from strangers: refused in words that name file and line, at once and at little cost, or read plainly."""

import os
import re
import shutil
import sys
import time
import tracemalloc
from pathlib import Path

import pytest
import yaml
from workspace import REPOSITORY, Workspace

from pmf_lib import council, framework, plain_yaml, policy
from pmf_lib.errors import ParameterError, PmfError, PolicyError
from pmf_lib.framework.files import AlignmentFile
from pmf_lib.framework.load import read
from pmf_lib.reports.failure import failure_html
from pmf_lib.runs.plan import Request

SECONDS, BYTES = 1.0, 100 * 2**20
LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
CHAIN = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 5000))
HOSTILE = {
    "a billion laughs": (LAUGHS, "aliases counted as often as they are used", "line 5"),
    "an alias to itself": ("council: &a [*a]", "alias '*a' stands for nothing that ends before it", "line 1"),
    "an alias to nothing": ("council: *a", "alias '*a' stands for nothing", "line 1"),
    "a tower of aliases": (CHAIN, "more than 40 deep", "line 38"),
    "a tower of lists": ("council: " + "[" * 500_000, "more than 40 deep", "line 1"),
    "a tower of mappings": ("council:\n" + "\n".join(" " * n + "a:" for n in range(1, 900)), "more than 40 deep", "line 39"),
    "a tower in blocks": ("- " * 300_000 + "x", "more than 40 deep", "line 1"),
    "too many values": ("council: [" + "1," * 500_000 + "]", "more than 20,000 values", "line 1"),
    "too many empty lists": ("council: [" + "[]," * 200_000 + "]", "more than 20,000 values", "line 1"),
    "too many unknown keys": ("\n".join(f"counci{n}: x" for n in range(9_000)), "and 8994 more", "'counci0' is not known"),
    "a Python object": ("council: !!python/object/apply:os.system ['touch hurt']", "python/object/apply:os.system' is not used here", "line 1"),
    "a tag that no value bears out": ("council: !!bool maybe", "the tag 'tag:yaml.org,2002:bool' is not used here", "line 1"),
    "a tag of its own": ("a: 1\ncouncil: !mine x", "the tag '!mine' is not used here", "line 2"),
    "merged keys": ("a: &a {council: x}\n<<: *a", "merge keys", "line 2"),
    "merged keys without an alias": ("<<: {council: x}", "merge keys", "line 1"),
    "a number as a key": ("council: x\n2024: y", "key '2024' is not text; put it in quotes", "line 2"),
    "yes as a key": ("council: x\non: y", "key 'True' is not text", "line 2"),
    "a list as a key": ("? [a, b]\n: x", "key '['a', 'b']' is not text", "line 1"),
    "a mapping as a key": ("? {a: b}\n: x", "is not text", "line 1"),
    "nothing as a key": ("~: x", "key 'None' is not text", "line 1"),
    "a number of a million digits": ("council: " + "1" * 1_000_000, "can't be a value", "line 1"),
    "a day that no month has": ("council: x\nas_at: 2024-02-30", "'2024-02-30' can't be a value", "line 2"),
    "a colour for the terminal": ('council: x\nquarter: "\\e[31mred"', "the character U+001B can't be seen", "line 2"),
    "text that runs backwards": ("council: x\nquarter: a\u202eb", "the character U+202E can't be seen", "line 2"),
    "two documents": ("council: x\n---\ncouncil: y", "found another document", "line 2"),
    "a key of a million letters": ("a" * 1000 + ": x", "is not known", "…"),
    "a value of a million letters": ("council: [" + "a" * 1_000_000 + "]", "got '['aaaa", "…"),
    "addresses without end": ("council: ['" + "://" * 300_000 + "']", "got '", "…"),
    "no mapping at all": ("- council", "Input should be", "mine.yml"),
}  # fmt: skip
RAW = {
    "a NUL": (b"council: x\nquarter: a\x00b", "U+0000", "line 2"),
    "another control character": (b"council: x\nquarter: a\x07b", "U+0007", "line 2"),
    "UTF-16": ("council: x".encode("utf-16"), "is not UTF-8 text", "line 1"),
    "Latin-1": ("a: 1\ncouncil: Bezirksämter".encode("latin-1"), "is not UTF-8 text", "line 2"),
    "a file beyond all bounds": (b"# " + b"x" * 3_000_000, "is larger than 1 MB", "mine.yml"),
}


def refused(path: Path) -> str:
    """What is said of the file, within a second and at little cost."""
    tracemalloc.start()
    started = time.process_time()
    try:
        with pytest.raises(PolicyError) as error:
            policy.load(path, Request)
        assert time.process_time() - started < SECONDS * 4, "tracing memory takes most of this time"
        assert tracemalloc.get_traced_memory()[1] < BYTES
    finally:
        tracemalloc.stop()
    started = time.process_time()
    with pytest.raises(PolicyError):
        policy.load(path, Request)
    assert time.process_time() - started < SECONDS
    return str(error.value)


@pytest.mark.parametrize("case", [*HOSTILE, *RAW])
def test_a_hostile_file_is_refused_at_once_by_file_and_line(tmp_path: Path, case: str) -> None:
    content, *words = {**HOSTILE, **RAW}[case]
    path = tmp_path / "mine.yml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    said = refused(path)
    assert [word for word in (*words, "mine.yml") if word not in said] == []
    assert len(said) < 3000
    assert said.replace("\n", "").isprintable()
    assert not (tmp_path / "hurt").exists()


def test_the_command_says_so_too_and_ends_with_four(workspace: Workspace) -> None:
    path = workspace.home / "parameters" / "runs" / "mine.yml"
    path.write_text(LAUGHS, encoding="utf-8")
    done = workspace.here("run", str(path))
    assert done.code == 4
    assert "'mine.yml' is not valid YAML: it comes to more than 20,000 values" in done.err


@pytest.mark.skipif(sys.platform == "win32", reason="pipes and devices are a POSIX matter")
@pytest.mark.parametrize("kind", ["a pipe", "a device"])
def test_what_is_no_ordinary_file_is_not_waited_for(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "mine.yml"
    os.mkfifo(path) if kind == "a pipe" else path.symlink_to("/dev/zero")
    with pytest.raises(PolicyError, match="is not an ordinary file"):
        policy.load(path, Request)


PLAIN = {
    "an alias used now and then": ("a: &a {b: 1}\nc: [*a, *a]", {"a": {"b": 1}, "c": [{"b": 1}, {"b": 1}]}),
    "a byte order mark": ("\ufeffa: 1", {"a": 1}),
    "hard spaces and soft hyphens": (
        "a: £1\u00a0000 and Ver\u00adwaltung",
        {"a": "£1\u00a0000 and Ver\u00adwaltung"},
    ),
    "lines of a paragraph": ("a: |\n  one\n  two\n", {"a": "one\ntwo\n"}),
    "nothing": ("", None),
    "Windows line ends": ("a: 1\r\nb: 2\r\n", {"a": 1, "b": 2}),
}


@pytest.mark.parametrize("case", PLAIN)
def test_what_is_plain_is_read_as_it_is(tmp_path: Path, case: str) -> None:
    text, content = PLAIN[case]
    path = tmp_path / "mine.yml"
    path.write_bytes(text.encode())
    assert plain_yaml.read(path) == content


def test_every_file_of_this_workspace_is_plain_and_far_from_the_bounds() -> None:
    paths = [*REPOSITORY.glob("parameters/**/*.yml"), *REPOSITORY.glob("notebooks/*.yml")]
    assert len(paths) > 10
    for path in paths:
        assert plain_yaml.read(path) == yaml.safe_load(path.read_text(encoding="utf-8")), path
        assert path.stat().st_size < plain_yaml.LARGEST_BYTES / 4


@pytest.mark.parametrize(
    "name", ["../frameworks/pmf-2022-25/framework", "./sample", "../councils/sample", "/etc/passwd", "a\nb"]
)
def test_a_council_is_only_ever_looked_for_by_its_id(workspace: Workspace, name: str) -> None:
    with pytest.raises(ParameterError, match="is not a known council"):
        council.load(name)
    done = workspace.here("run", "--plan", "--council", name)
    assert done.code == 2
    assert not (workspace.home / "outputs").exists()


@pytest.mark.parametrize("name", ["../pmf-2022-25", "..", "pmf-2022-25/../wpf-2009", "/etc"])
def test_a_framework_is_only_ever_looked_for_by_its_id(workspace: Workspace, name: str) -> None:
    done = workspace.here("framework", "show", name)
    assert done.code == 2
    assert "is not a known framework" in done.err


TITLE = '<script>alert("x")</script><img src=x onerror=alert(1)> & "quoted"'


@pytest.fixture
def strangers(workspace: Workspace) -> Path:
    """A copy of a framework with HTML where a title is."""
    home = workspace.home / "parameters" / "frameworks"
    folder = shutil.copytree(home / "pmf-2022-25", home / "strangers")
    text = (
        (folder / "framework.yml").read_text(encoding="utf-8").replace("id: pmf-2022-25", "id: strangers", 1)
    )
    title = yaml.safe_dump({"title": TITLE}, width=1000).strip()
    (folder / "framework.yml").write_text(
        re.sub(r"^title: .*$", lambda _: title, text, count=1, flags=re.M), encoding="utf-8"
    )
    return folder


def test_html_in_a_frameworks_title_is_text_on_the_terminal_and_on_pages(
    workspace: Workspace, strangers: Path
) -> None:
    shown = workspace.here("framework", "show", strangers.name)
    assert shown.code == 0, shown.said
    assert TITLE in shown.out
    title = framework.load(strangers.name).title
    page = failure_html({
        "framework": title, "title": title, "unit": title, "message": title, "council": title, "evidence": "own",
        "quarter_words": "q", "as_at_words": "d", "edition": "full", "outcome": "failed", "content_key": "k",
        "index_href": "i", "glossary_url": "g", "stands": [title], "again": title,
    })  # fmt: skip
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("file", ["framework.yml", "thread.yml"])
def test_a_framework_folder_whose_file_is_a_link_to_a_device_is_refused(strangers: Path, file: str) -> None:
    (strangers / file).unlink()
    (strangers / file).symlink_to("/dev/zero")
    with pytest.raises(PmfError):
        read(strangers)


def test_a_framework_that_goes_by_another_ones_name_is_refused(strangers: Path) -> None:
    moved = strangers.rename(strangers.with_name("another"))
    with pytest.raises(PolicyError, match="id is 'strangers', but the folder is 'another'"):
        framework.load(moved.name)


def test_near_misses_are_sought_for_the_first_faults_alone() -> None:
    started = time.process_time()
    with pytest.raises(PolicyError, match="and 49990 more"):
        policy.build({f"alignmen{n}": 1 for n in range(50_000)}, AlignmentFile, Path("x.yml"))
    assert time.process_time() - started < SECONDS
