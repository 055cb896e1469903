"""What a warm process and its users say to each other, without the process."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from pmf_lib.runs.warm import child, client, provisioner, server, wire
from pmf_lib.runs.warm.client import GONE, ColdError, Forked, RefusedError

pytestmark = pytest.mark.skipif(
    not hasattr(socket, "AF_UNIX"), reason="the warm process is reached by a Unix socket"
)
ASK = wire.Ask("item", ("order.json",), "/", {"LANG": "C.UTF-8", "NAME": "Zoë"})
Say = Callable[[socket.socket], None]


@contextmanager
def answering(tmp_path: Path, say: Say) -> Iterator[str]:
    """Somebody who hears one client out, and says this."""
    address = str(tmp_path / "s")
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(address)
    listener.listen()
    ended = threading.Event()

    def answer() -> None:
        heard, _ = listener.accept()
        with heard:
            heard.recv(65536)
            say(heard)
            ended.wait(30)

    thread = threading.Thread(target=answer)
    thread.start()
    try:
        yield address
    finally:
        ended.set()
        thread.join()
        listener.close()


def lines(*said: dict[str, object]) -> Say:
    return lambda heard: heard.sendall(b"".join(map(wire.line, said)))


def ended_process() -> int:
    """The number of a process that is no more."""
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()
    return done.pid


def test_what_is_asked_is_what_is_heard() -> None:
    assert wire.asked(ASK.written()) == ASK
    assert ASK.written().count(b"\n") == 1


@pytest.mark.parametrize("content", [b"", b"\n", b"[]\n", b'{"kind": "item"}\n', b'"x"\n', b"\xff\n"])
def test_what_is_no_question_is_not_taken_for_one(content: bytes) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        wire.asked(content)


@pytest.mark.parametrize(
    ("own", "wanted", "names"),
    [
        ({}, {}, ""),
        ({"LANG": "C"}, {"LANG": "C"}, ""),
        ({"LANG": "C"}, {"LANG": "de_DE.UTF-8"}, "LANG"),
        ({"TZ": "UTC", "LANG": "C"}, {}, "LANG, TZ"),
        ({}, {"PYTHONPATH": ""}, "PYTHONPATH"),
        ({}, {"TMPDIR": "/a", "JPY_PARENT_PID": "1", "TERM_PROGRAM": "x", "GIT_PAGER": "cat"}, ""),
        ({"PMF_HOME": "/a"}, {"PMF_HOME": "/b"}, "PMF_HOME"),
        ({"OMP_NUM_THREADS": "1"}, {"OMP_NUM_THREADS": "4"}, "OMP_NUM_THREADS"),
    ],
)
def test_another_environment_is_told_by_the_names_that_matter(
    own: dict[str, str], wanted: dict[str, str], names: str
) -> None:
    assert wire.difference(wanted, own) == names


def test_what_the_imports_of_a_library_set_is_no_difference() -> None:
    started, now = {"LANG": "C"}, {"LANG": "C", "SPARK_LOCAL_IP": "127.0.0.1"}
    assert wire.difference(started, started, now) == ""
    assert wire.difference(now, started, now) == ""
    assert wire.difference({**now, "SPARK_LOCAL_IP": "10.0.0.1"}, started, now) == "SPARK_LOCAL_IP"


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        ([sys.executable, "-m", "ipykernel_launcher", "-f", "k.json"], ("-f", "k.json")),
        (
            [sys.executable, "-Xfrozen_modules=off", "-m", "ipykernel_launcher", "-f", "k.json"],
            ("-f", "k.json"),
        ),
        (
            [sys.executable, "-m", "ipykernel_launcher", "-f", "k.json", "--matplotlib=agg"],
            ("-f", "k.json", "--matplotlib=agg"),
        ),
        ([sys.executable, "-m", "ipykernel", "-f", "k.json"], ()),
        ([sys.executable, "-O", "-m", "ipykernel_launcher", "-f", "k.json"], ()),
        ([sys.executable + "0", "-m", "ipykernel_launcher", "-f", "k.json"], ()),
        (["R", "--slave", "-e", "IRkernel::main()"], ()),
        ([], ()),
    ],
)
def test_only_this_pythons_own_kernel_is_forked(command: list[str], arguments: tuple[str, ...]) -> None:
    assert child.kernel_arguments(command) == arguments


def test_where_nothing_can_be_forked_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert wire.why_cold() == "this system has no safe fork"
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.delattr(os, "pidfd_open", raising=False)
    assert wire.why_cold() == "this system has no safe fork"


def test_a_sockets_path_may_not_be_too_long() -> None:
    assert wire.fits(Path("/tmp") / ("x" * 90))
    assert not wire.fits(Path("/tmp") / ("x" * 100))
    assert not wire.fits(Path("/tmp") / ("ä" * 60))


def test_a_child_is_heard_of_until_its_end(tmp_path: Path) -> None:
    with answering(tmp_path, lines({"pid": os.getpid()}, {"kernel": 7}, {"kernel": 8}, {"code": 3})) as at:
        forked = Forked(at, ASK, ())
        assert (forked.pid, forked.wait(5), forked.poll()) == (os.getpid(), 3, 3)
        assert sorted(forked.kernels) == [7, 8]
        assert not forked.is_lost


def test_words_may_come_in_pieces(tmp_path: Path) -> None:
    def say(heard: socket.socket) -> None:
        for part in (b'{"pi', b'd": 1}\n{"co', b'de": 0}', b"\n"):
            heard.sendall(part)
            time.sleep(0.05)

    with answering(tmp_path, say) as at:
        assert Forked(at, ASK, ()).wait(5) == 0


def test_a_refusal_says_why(tmp_path: Path) -> None:
    with (
        answering(tmp_path, lines({"refused": "it rains"})) as at,
        pytest.raises(RefusedError, match="it rains"),
    ):
        Forked(at, ASK, ())


def test_a_refusal_is_heard_though_whoever_refused_has_gone_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between two steps of a slow asker."""
    send = socket.send_fds

    def slowly(*given: Any) -> int:
        sent = send(*given)
        time.sleep(0.3)
        return sent

    def say(heard: socket.socket) -> None:
        lines({"refused": "it rains"})(heard)
        heard.shutdown(socket.SHUT_RDWR)

    monkeypatch.setattr(socket, "send_fds", slowly)
    with answering(tmp_path, say) as at, pytest.raises(RefusedError, match="it rains"):
        Forked(at, ASK, ())


def test_nobody_there_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(ColdError, match="is not there"):
        Forked(str(tmp_path / "s"), ASK, ())


def test_who_hangs_is_not_waited_for_for_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "ANSWER_SECONDS", 0.2)
    with answering(tmp_path, lines()) as at, pytest.raises(ColdError, match="did not answer"):
        Forked(at, ASK, ())


def test_who_hangs_up_before_the_child_has_ended_has_lost_it(tmp_path: Path) -> None:
    def say(heard: socket.socket) -> None:
        heard.sendall(wire.line({"pid": os.getpid()}))
        heard.shutdown(socket.SHUT_RDWR)

    with answering(tmp_path, say) as at:
        forked = Forked(at, ASK, ())
        assert forked.wait(5) == GONE
        assert forked.is_lost


def test_a_child_that_runs_is_waited_for_no_longer_than_asked(tmp_path: Path) -> None:
    with answering(tmp_path, lines({"pid": os.getpid()})) as at:
        forked = Forked(at, ASK, ())
        assert forked.poll() is None
        assert forked.poll(0.1) is None
        with pytest.raises(subprocess.TimeoutExpired):
            forked.wait(0.1)
        forked._lose()


@pytest.mark.parametrize("seconds", [None, 20.0])
def test_the_end_of_a_child_is_seen_though_the_warm_process_says_nothing_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seconds: float | None
) -> None:
    """A warm process that hangs, and somebody who waits without limit, as for a child that was just killed."""
    monkeypatch.setattr(client, "SILENT_SECONDS", 0.1)
    found: list[int] = []
    with answering(tmp_path, lines({"pid": ended_process()})) as at:
        forked = Forked(at, ASK, ())
        waiting = threading.Thread(target=lambda: found.append(forked.wait(seconds)), daemon=True)
        waiting.start()
        waiting.join(5)
        assert found == [GONE]
        assert forked.is_lost


def test_a_signal_is_not_sent_to_whoever_has_the_number_of_a_child_that_has_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[int] = []
    monkeypatch.setattr(os, "kill", lambda pid, number: sent.append(pid))
    with answering(tmp_path, lines({"pid": os.getpid()}, {"code": 0})) as at:
        forked = Forked(at, ASK, ())
        forked.kill()
        forked.terminate()
    assert sent == []


def test_many_open_files_are_no_hindrance(tmp_path: Path) -> None:
    """As in a JupyterLab of many kernels: `select` knows no descriptor beyond 1023."""
    resource = pytest.importorskip("resource")
    if resource.getrlimit(resource.RLIMIT_NOFILE)[0] < 2100:
        pytest.skip("this system allows too few open files")
    opened = [os.open(os.devnull, os.O_RDONLY) for _ in range(1024)]
    try:
        with answering(tmp_path, lines({"pid": os.getpid()}, {"code": 0})) as at:
            assert Forked(at, ASK, ()).wait(5) == 0
    finally:
        for file in opened:
            os.close(file)


@pytest.fixture
def serving(monkeypatch: pytest.MonkeyPatch) -> Iterator[server.ForkServer]:
    """A fork server whose owner is there, in this very process."""
    life, end = socket.socketpair()
    monkeypatch.setattr(server, "LIFE", life.fileno())
    monkeypatch.setattr(server.ForkServer, "_why_not", lambda self, ask: "")
    own, theirs = socket.socketpair()
    made = server.ForkServer(own, os.environ)
    yield made
    made.selector.close()
    for file in (own, theirs, life, end):
        file.close()


def refusal(serving: server.ForkServer, ask: wire.Ask) -> dict[str, object]:
    """What a client hears of it."""
    near, far = socket.socketpair()
    with near:
        serving._forked_or_refused(far, ask, [])
        near.settimeout(5)
        return dict(json.loads(near.recv(65536)))


def test_a_system_that_gives_no_more_processes_is_a_refusal_not_the_end(
    serving: server.ForkServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fork() -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", fork)
    assert "Resource temporarily unavailable" in str(refusal(serving, ASK)["refused"])
    assert serving.children == {}


def test_descriptors_that_come_with_nonsense_are_closed() -> None:
    near, far = socket.socketpair()
    with near, far, Path(os.devnull).open("rb") as nothing:
        before = set(Path("/proc/self/fd").iterdir())
        socket.send_fds(near, [b"nonsense\n"], [nothing.fileno()] * 3)
        with pytest.raises(ValueError, match="Expecting value"):
            server._received(far)
        assert set(Path("/proc/self/fd").iterdir()) == before


def test_whoever_starts_kernels_can_do_other_things_while_one_is_forked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    let_go = threading.Event()

    def slow(command: list[str], how: dict[str, Any]) -> None:
        assert let_go.wait(30), "nothing else was done meanwhile"
        raise ColdError("enough")

    async def cold(self: LocalProvisioner, command: list[str], **how: Any) -> dict[str, Any]:
        return {"started": "cold"}

    async def both() -> Any:
        asyncio.get_running_loop().call_later(0.01, let_go.set)
        return await provisioner.WarmProvisioner().launch_kernel([])

    monkeypatch.setattr(provisioner, "forked_kernel", slow)
    monkeypatch.setattr(LocalProvisioner, "launch_kernel", cold)
    assert asyncio.run(both()) == {"started": "cold"}
