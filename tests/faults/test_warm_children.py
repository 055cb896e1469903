"""The warm process and what it forks, looked at one by one: clean children, true exit codes, and nothing that leaks."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import psutil
import pytest
from test_warm import are_gone, first
from tiny import private_folder
from workspace import REPOSITORY

from pmf_lib.runs import children
from pmf_lib.runs.warm import wire
from pmf_lib.runs.warm.client import GONE, ColdError, Forked, RefusedError, Server, StaleError
from pmf_lib.runs.warm.owner import Warm, warming

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(wire.why_cold()), reason="nothing is forked on this system"),
]
BEFORE = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}


def environment(**more: str) -> dict[str, str]:
    return {**BEFORE, **wire.SINGLE, **more}


@contextlib.contextmanager
def warm_process(**more: str) -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(prefix="pmf-"))
    made = Server(folder, environment(**more), REPOSITORY, {})
    try:
        made.wait_until_ready()
        yield made
    finally:
        made.close()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with warm_process() as made:
        yield made


def forked(
    server: Server, arguments: tuple[str, ...], log: Path | str = os.devnull, kind: wire.Kind = "item",
    env: Mapping[str, str] | None = None, cwd: Path = REPOSITORY,
) -> Forked:  # fmt: skip
    ask = wire.Ask(kind, arguments, str(cwd), dict(env or environment()))
    with Path(log).open("ab") as said, Path(os.devnull).open("rb") as nothing:
        return Forked(server.address, ask, [nothing.fileno(), said.fileno(), said.fileno()])


def saying(server: Server, place: Path, what: str, **how: object) -> dict[str, object]:
    """What a kernel says of itself: `what` is an expression that JSON can hold."""
    place.mkdir(parents=True, exist_ok=True)
    code = (
        "import json, os, pathlib, random, sys, numpy\n"
        f"pathlib.Path({str(place)!r}, 'said').write_text(json.dumps({what}))\nos._exit(7)"
    )
    arguments = ("-f", str(place / "k.json"), "--transport=ipc", f"--ip={place / 'k'}", "-c", code)
    one = forked(server, arguments, place / "log", "kernel", **how)  # type: ignore[arg-type]
    assert one.wait(60) == 7, (place / "log").read_text()
    return {"said": json.loads((place / "said").read_text())}


def test_a_child_has_the_environment_and_the_folder_that_were_asked_for(
    server: Server, tmp_path: Path
) -> None:
    env = environment(TMPDIR=str(tmp_path), MPLBACKEND="svg", JPY_SESSION_NAME="x", PMF_WARM=server.address)
    env.pop("OLDPWD", None)
    found = saying(server, tmp_path / "k", "[dict(os.environ), os.getcwd()]", env=env, cwd=tmp_path)["said"]
    assert isinstance(found, list)
    made = {
        "PYDEVD_USE_FRAME_EVAL",
        "CLICOLOR",
        "FORCE_COLOR",
        "CLICOLOR_FORCE",
        "PAGER",
        "GIT_PAGER",
        "TERM",
    }
    assert {name: value for name, value in found[0].items() if name not in made} == {
        name: value for name, value in env.items() if name not in made
    }
    assert found[1] == str(tmp_path)


def test_a_child_asks_its_own_folder_for_temporary_files(server: Server, tmp_path: Path) -> None:
    what = "__import__('tempfile').gettempdir()"
    assert saying(server, tmp_path / "k", what, env=environment(TMPDIR=str(tmp_path)))["said"] == str(
        tmp_path
    )


def test_two_children_draw_different_numbers(server: Server, tmp_path: Path) -> None:
    what = "[random.random(), numpy.random.random(), numpy.random.default_rng().random(), str(__import__('uuid').uuid4())]"
    one, other = (saying(server, tmp_path / name, what)["said"] for name in "ab")
    assert isinstance(one, list)
    assert isinstance(other, list)
    assert [a for a, b in zip(one, other, strict=True) if a == b] == []


def test_a_child_holds_nothing_open_of_its_parents(server: Server, tmp_path: Path) -> None:
    waiting = [forked(server, ("-f", str(tmp_path / f"{n}.json")), kind="kernel") for n in range(3)]
    what = "sorted(os.readlink(f'/proc/self/fd/{n}') for n in os.listdir('/proc/self/fd') if os.path.exists(f'/proc/self/fd/{n}') or True if os.path.lexists(f'/proc/self/fd/{n}'))"
    found = saying(server, tmp_path / "k", what)["said"]
    assert isinstance(found, list)
    assert not [name for name in found if "pidfd" in name]
    theirs = {str(path.readlink()) for path in Path(f"/proc/{server.pid}/fd").iterdir()}
    assert not {name for name in theirs & set(found) if name.startswith(("socket:", "pipe:"))} - {
        str(Path(f"/proc/{server.pid}/fd/2").readlink())
    }
    for one in waiting:
        one.kill()
        one.wait(10)


def test_a_child_ends_with_the_code_of_its_own(server: Server, tmp_path: Path) -> None:
    assert forked(server, ("no-order.json",), log := tmp_path / "log").wait(60) == 1
    assert "no-order.json" in log.read_text().splitlines()[-1]
    assert forked(server, ("--version",), kind="kernel").wait(60) == 0
    long = forked(server, ("-f", str(tmp_path / "k.json")), kind="kernel")
    assert long.poll(0.1) is None
    long.kill()
    assert long.wait(10) == -signal.SIGKILL
    assert not long.is_lost


def test_a_child_that_can_not_even_say_its_last_words_does_not_fall_back_into_its_parents_work(
    server: Server,
) -> None:
    assert forked(server, ("no-order.json",), "/dev/full").wait(60) == 1
    assert forked(server, ("--version",), "/dev/full", "kernel").wait(60) == 0
    assert Path(server.address).exists()
    assert server.is_alive()
    assert psutil.Process(server.pid).children() == []


def test_whoever_asks_and_goes_takes_the_child_along(server: Server, tmp_path: Path) -> None:
    asked = [forked(server, ("-f", str(tmp_path / f"{n}.json")), kind="kernel") for n in range(10)]
    pids = [psutil.Process(one.pid) for one in asked]
    for one in asked:
        one._connection.close()
    assert are_gone(pids)
    assert psutil.Process(server.pid).children() == []


def test_whoever_asks_and_goes_at_once_leaves_nothing_either(server: Server, tmp_path: Path) -> None:
    """It goes before the child has a session of its own."""
    ask = wire.Ask("kernel", ("-f", str(tmp_path / "k.json")), str(tmp_path), environment())
    for _ in range(30):
        with wire.connect(server.address) as connection, Path(os.devnull).open("rb") as nothing:
            socket.send_fds(connection, [ask.written()], [nothing.fileno()] * 3)
    assert forked(server, ("no-order.json",)).wait(60) == 1
    until = time.monotonic() + 10
    while psutil.Process(server.pid).children() and time.monotonic() < until:
        time.sleep(0.1)
    assert psutil.Process(server.pid).children() == []


def test_whoever_says_nothing_or_nonsense_keeps_nobody_waiting_for_long(server: Server) -> None:
    with wire.connect(server.address), wire.connect(server.address) as other:
        other.sendall(b"nonsense\n")
        started = time.monotonic()
        assert forked(server, ("no-order.json",)).wait(60) == 1
        assert time.monotonic() - started < wire.ANSWER_SECONDS / 2
        assert other.recv(100) == b""


def test_another_environment_is_refused(server: Server) -> None:
    with pytest.raises(RefusedError, match=r"was started with another LC_ALL, TZ$"):
        forked(server, ("no-order.json",), env=environment(TZ="Asia/Tokyo", LC_ALL="C"))


def test_a_thousand_children_leave_no_trace(server: Server) -> None:
    process = psutil.Process(server.pid)

    def many(count: int) -> tuple[int, int, int]:
        for _ in range(count):
            assert forked(server, ("no-order.json",)).wait(60) == 1
        time.sleep(1)
        return process.num_fds(), len(process.children()), process.memory_full_info().uss

    files, left, memory = many(100)
    own = psutil.Process().num_fds()
    files_after, left_after, memory_after = many(1000)
    assert (files_after, left_after) == (files, left)
    assert psutil.Process().num_fds() == own
    assert memory_after - memory < 16 * 2**20, "it moves by some huge pages, not by the children"


def test_a_warm_process_with_a_thread_of_its_own_forks_nothing(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import threading, time\nthreading.Thread(target=time.sleep, args=(3600,), daemon=True).start()\n"
    )
    path = first(tmp_path)
    with warm_process(**path) as own, pytest.raises(RefusedError, match="has 2 threads"):
        forked(own, ("no-order.json",), env=environment(**path))


def test_a_warm_process_of_a_changed_library_forks_nothing_and_ends_with_its_last_child(
    tmp_path: Path,
) -> None:
    shutil.copytree(
        REPOSITORY / "pmf_lib", tmp_path / "pmf_lib", ignore=shutil.ignore_patterns("__pycache__")
    )
    path = first(tmp_path)
    with warm_process(**path) as own:
        child = forked(own, ("-f", str(tmp_path / "k.json")), kind="kernel", env=environment(**path))
        with (tmp_path / "pmf_lib" / "errors.py").open("a") as stream:
            stream.write("\n")
        for _ in range(2):
            with pytest.raises(StaleError, match="the library has changed"):
                forked(own, ("no-order.json",), env=environment(**path))
        assert child.poll(0.5) is None
        child.kill()
        assert child.wait(10) == -signal.SIGKILL
        assert are_gone([psutil.Process(own.pid)] if psutil.pid_exists(own.pid) else [])
        assert not own.is_alive()


@pytest.fixture
def warm(monkeypatch: pytest.MonkeyPatch) -> Iterator[Warm]:
    monkeypatch.setattr(tempfile, "tempdir", private_folder())
    with warming() as made:
        yield made
    assert list(Path(private_folder()).glob(f"pmf-{os.getpid()}-*")) == []


def log_of(warm: Warm, place: Path) -> str:
    """What the log of an item says whose order can't be read."""
    (place / "private").mkdir(parents=True, exist_ok=True)
    child = children.start(place / "no-order.json", place / "log", str(place / "private"), warm)
    assert child.wait() == 1
    return (place / "log").read_text()


def test_an_item_that_is_refused_starts_cold_and_its_log_says_why(
    warm: Warm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert "cold" not in log_of(warm, tmp_path / "a")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    said = "the warm process was started with another TZ."
    assert f"It starts cold: {said}" in log_of(warm, tmp_path / "b")
    assert f"It starts cold: {said}" in log_of(warm, tmp_path / "c")
    assert [record.getMessage() for record in caplog.records] == [f"Items start cold: {said}"]


def test_a_warm_process_that_ends_is_replaced_three_times_at_most(
    warm: Warm, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for name in "abc":
        assert "cold" not in log_of(warm, tmp_path / name)
        assert warm._server
        warm._server.end()
        assert len(list(Path(private_folder()).glob(f"pmf-{os.getpid()}-*"))) == 1
    assert "It starts cold: the warm process ended 3 times." in log_of(warm, tmp_path / "d")


def test_many_threads_at_once_have_one_warm_process(warm: Warm, tmp_path: Path) -> None:
    logs: list[str] = []
    threads = [
        threading.Thread(target=lambda n=n: logs.append(log_of(warm, tmp_path / str(n)))) for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ["cold" in log for log in logs] == [False] * 8
    assert warm._starts == 1


def test_whoever_has_the_number_of_a_child_that_is_gone_is_not_taken_for_it(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = forked(server, ("no-order.json",))
    first = children.family(child)
    assert child.wait(60) == 1
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as stranger:
        child.pid = stranger.pid
        child.seen = {stranger.pid: next(iter(first))}
        assert stranger.pid not in {process.pid for process in children.family(child) - first}
        children.end(children.family(child) | first)
        assert stranger.poll() is None


def test_a_lost_child_is_told_from_one_that_was_killed(tmp_path: Path) -> None:
    with warm_process() as own:
        child = forked(own, ("-f", str(tmp_path / "k.json")), kind="kernel")
        process = psutil.Process(child.pid)
        own.end()
        assert (child.wait(10), child.is_lost) == (GONE, True)
        assert are_gone([process])
        with pytest.raises(ColdError, match="is not there"):
            forked(own, ("no-order.json",))
