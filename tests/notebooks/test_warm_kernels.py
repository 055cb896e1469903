"""Kernels from the warm process, for whoever starts kernels as Jupyter does: the same outputs, and the same way to end."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest
from jupyter_client.manager import KernelManager
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from nbclient import NotebookClient
from nbformat import v4
from workspace import BIN, REPOSITORY

from pmf_lib.runs.warm import provisioner, wire
from pmf_lib.runs.warm.client import Server

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(wire.why_cold()), reason="nothing is forked on this system"),
]
COLD, WARM = "local-provisioner", "pmf-warm"
SOON = "\nimport time\ntime.sleep(0.5)"
"""What is said past Python reaches a cell's output a little later."""
CELLS = {
    "a value": "1 + 1",
    "both streams": "import sys\nprint('out')\nprint('err', file=sys.stderr)\nprint('out again', flush=True)",
    "what C prints": "import ctypes, os\n_ = os.write(1, b'from C\\n')" + SOON,
    "another process": "import subprocess\n_ = subprocess.run(['echo', 'from another process'], check=True)" + SOON,
    "a shell": "!echo from a shell",
    "a display that changes": "from IPython.display import display\nshown = display('first', display_id='d')\nshown.update('second')\nshown",
    "a picture": "%matplotlib inline\nimport matplotlib.pyplot as plt\n_ = plt.plot([1, 3, 2])",
    "an SVG": "from matplotlib_inline.backend_inline import set_matplotlib_formats\nset_matplotlib_formats('svg', metadata={'Date': None})\nplt.rcParams['svg.hashsalt'] = 'x'\n_ = plt.plot([1, 3, 2])",
    "a figure left as a value": "fig, ax = plt.subplots()\nfig",
    "a table": "import pandas as pd\npd.DataFrame({'a': [1, 2], 'b': ['x', None]})",
    "a warning": "import warnings\nwarnings.warn('look out')",
    "a warning time and again": "from statsmodels.tools.sm_exceptions import ModelWarning\n[warnings.warn('model', ModelWarning) for _ in range(2)]",
    "an error": "{}['nothing']",
    "an end": "sys.exit(3)",
    "after the end": "'still here'",
    "an error of grammar": "1 +",
    "a question": "input('?')",
    "what waits": "import asyncio\nawait asyncio.sleep(0.01)\n'waited'",
    "a thread": "import threading\nthread = threading.Thread(target=print, args=('from a thread',))\nthread.start()\nthread.join()",
    "names": "sorted(name for name in vars() if not name.startswith('_'))",
    "place": "[os.getcwd(), sys.path, __name__, sys.modules['__main__'].__dict__ is vars(), os.path.exists('/dev/null')]",
    "environment": "sorted((k, v) for k, v in os.environ.items() if not k.endswith('_NUM_THREADS') and k != 'JE_ARROW_MALLOC_CONF')",
    "signals": "import signal\n[(s.name, str(signal.getsignal(s)).split(' at ')[0]) for s in (signal.SIGINT, signal.SIGTERM, signal.SIGPIPE, signal.SIGCHLD)]",
    "options": "import numpy, locale, decimal\n[numpy.geterr(), numpy.get_printoptions(), locale.setlocale(locale.LC_ALL), str(decimal.getcontext()), sys.getrecursionlimit(), pd.get_option('display.max_rows')]",
    "style": "import matplotlib\n[matplotlib.get_backend(), {k: v for k, v in matplotlib.rcParams.items() if not k.startswith('backend')}]",
    "filters": "import seaborn, statsmodels.api\nsorted({(f[0], f[2].__name__, str(f[3])) for f in warnings.filters if f[2].__module__.partition('.')[0] in ('statsmodels', 'pandas', 'numpy')})",
    "logging": "import logging\n[logging.root.handlers, logging.root.level]",
    "history": "get_ipython().execution_count",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _no_pytest(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kernel that thinks itself under test leaves out what it does with its streams."""
    monkeypatch.delenv("PYTEST_CURRENT_TEST", raising=False)


@pytest.fixture(scope="module", autouse=True)
def _own_process() -> Iterator[None]:
    """The warm process of this process is gone when all is done."""
    yield
    provisioner._OWN.close()


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> psutil.Process:
    """The warm process, once the first kernel has started cold and it has the stack imported."""
    os.environ.pop("PYTEST_CURRENT_TEST", None)
    with kernel(tmp_path_factory.mktemp("k"), WARM) as first:
        assert parent(first) == os.getpid()
    until = time.monotonic() + 120
    while not provisioner._OWN._is_ready and time.monotonic() < until:
        time.sleep(0.2)
    assert provisioner._OWN._server
    return psutil.Process(provisioner._OWN._server.pid)


@contextlib.contextmanager
def by(name: str) -> Iterator[None]:
    """Kernels of this provisioner, unless their specification names one."""
    factory = KernelProvisionerFactory.instance()
    before, factory.default_provisioner_name = factory.default_provisioner_name, name
    try:
        yield
    finally:
        factory.default_provisioner_name = before


@contextlib.contextmanager
def kernel(folder: Path, name: str) -> Iterator[KernelManager]:
    with by(name), tempfile.TemporaryDirectory() as short:
        manager = KernelManager(kernel_name="python3", transport="ipc", ip=f"{short}/k")
        manager.start_kernel(cwd=str(folder))
        try:
            yield manager
        finally:
            manager.shutdown_kernel(now=True)
            manager.cleanup_resources()


def process(manager: KernelManager) -> psutil.Process:
    return psutil.Process(manager.provisioner.pid)


def parent(manager: KernelManager) -> int:
    return process(manager).ppid()


def outputs(name: str, folder: Path) -> list[list[Any]]:
    """Of each cell, with the numbers of processes and memory taken out."""
    notebook = v4.new_notebook(cells=[v4.new_code_cell(source) for source in CELLS.values()])
    with kernel(folder, name) as manager:
        runner = NotebookClient(notebook, km=manager, allow_errors=True, store_widget_state=False)
        runner.execute(reset_kc=True, cleanup_kc=False)
        runner.kc.stop_channels()
        assert (parent(manager) == os.getpid()) == (name == COLD)
    return [[normal(output) for output in cell.outputs] for cell in notebook.cells]


def normal(output: Any) -> Any:
    text = re.sub(r"ipykernel_\d+/\d+", "ipykernel_N/N", nbformat.v4.writes(v4.new_notebook(metadata=output)))
    return re.sub(r" at 0x[0-9a-f]+|\(PID \d+\)", "", text)


@pytest.fixture(scope="module")
def both(ready: psutil.Process, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Any, Any]]:
    os.environ.pop("PYTEST_CURRENT_TEST", None)
    folder = tmp_path_factory.mktemp("place")
    return dict(zip(CELLS, zip(outputs(COLD, folder), outputs(WARM, folder), strict=True), strict=True))


@pytest.mark.parametrize("what", CELLS)
def test_a_forked_kernel_shows_what_any_other_shows(both: dict[str, tuple[Any, Any]], what: str) -> None:
    cold, warm = both[what]
    assert warm == cold


def test_the_cells_show_what_they_are_for(both: dict[str, tuple[Any, Any]]) -> None:
    said = {"what C prints": "from C", "another process": "from another process", "an end": "SystemExit"}
    assert [what for what, words in said.items() if words not in "".join(both[what][0])] == []
    assert "image/png" in "".join(both["a picture"][0])
    assert "image/svg" in "".join(both["an SVG"][0])


@pytest.fixture
def forked(ready: psutil.Process, tmp_path: Path) -> Iterator[KernelManager]:
    with kernel(tmp_path, WARM) as manager:
        assert parent(manager) == ready.pid
        yield manager


@contextlib.contextmanager
def talking(manager: KernelManager) -> Iterator[Any]:
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    try:
        yield client
    finally:
        client.stop_channels()


def run(manager: KernelManager, *code: str) -> list[str]:
    """The content of what each of these shows, one after the other."""
    with talking(manager) as client:
        shown: list[list[Any]] = [[] for _ in code]
        for one, heard in zip(code, shown, strict=True):
            client.execute_interactive(one, timeout=60, output_hook=heard.append)
    return [str([message["content"] for message in heard]) for heard in shown]


def test_an_interrupt_stops_a_busy_cell_and_the_kernel_goes_on(forked: KernelManager) -> None:
    with talking(forked) as client:
        asked = client.execute("import time\nprint('busy', flush=True)\ntime.sleep(600)")
        while client.get_iopub_msg(timeout=60)["msg_type"] != "stream":
            continue
        forked.interrupt_kernel()
        reply = client.get_shell_msg(timeout=30)
    assert reply["parent_header"]["msg_id"] == asked
    assert (reply["content"]["status"], reply["content"]["ename"]) == ("error", "KeyboardInterrupt")
    assert "2" in run(forked, "1 + 1")[0]


def test_a_kernel_that_is_started_again_is_a_clean_one(forked: KernelManager, ready: psutil.Process) -> None:
    run(forked, "kept = 1\nimport pandas\npandas.spoilt = True")
    before = process(forked)
    assert before.is_running()
    forked.restart_kernel(now=True)
    assert parent(forked) == ready.pid
    assert process(forked) != before
    assert not before.is_running()
    shown = run(
        forked,
        "'kept' in vars()",
        "import pandas\nhasattr(pandas, 'spoilt')",
        "get_ipython().execution_count",
    )
    assert ["False" in one for one in shown] == [True, True, False]


@pytest.mark.parametrize("now", [False, True])
def test_a_kernel_that_is_shut_down_leaves_nothing(ready: psutil.Process, tmp_path: Path, now: bool) -> None:
    before = {one.pid for one in ready.children()}
    with kernel(tmp_path, WARM) as manager:
        run(manager, "import subprocess\nkept = subprocess.Popen(['sleep', '600'])")
        own = process(manager)
        family = [own, *own.children()]
        assert len(family) == 2
        manager.shutdown_kernel(now=now)
        assert not manager.is_alive()
    assert list(psutil.wait_procs(family[:1] if not now else family, timeout=10)[1]) == []
    assert {one.pid for one in ready.children()} == before
    with contextlib.suppress(psutil.Error):
        family[1].kill()


def test_a_kernel_that_is_killed_is_seen_to_be_dead(forked: KernelManager) -> None:
    process(forked).kill()
    until = time.monotonic() + 10
    while forked.is_alive() and time.monotonic() < until:
        time.sleep(0.05)
    assert not forked.is_alive()


def test_kernels_outlive_a_warm_process_that_forks_no_more(forked: KernelManager, tmp_path: Path) -> None:
    """The library has changed: what runs keeps its work, the next kernel starts cold, the one after that is forked again."""
    run(forked, "kept = 'my work'")
    provisioner._OWN.drop()
    with kernel(tmp_path, WARM) as other:
        assert parent(other) == os.getpid()
    assert "my work" in run(forked, "kept")[0]


def papermill(tmp_path: Path, **env: str) -> dict[str, Any]:
    """The stock command on a notebook that fails; what it saved, and what it said."""
    notebook = v4.new_notebook(
        cells=[
            v4.new_code_cell("import os\nprint(os.getppid())"),
            v4.new_code_cell("import ctypes\n_ = ctypes.CDLL(None).puts(b'from C')\n_ = os.system('echo from a shell >&2')"),
            v4.new_code_cell("1 / 0"),
        ],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )  # fmt: skip
    nbformat.write(notebook, tmp_path / "in.ipynb")
    with subprocess.Popen(
        [str(BIN / "papermill"), "in.ipynb", "out.ipynb", "--no-progress-bar"], cwd=tmp_path,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**os.environ, **env},
    ) as running:  # fmt: skip
        said, _ = running.communicate(timeout=120)
    found = nbformat.read(tmp_path / "out.ipynb", as_version=4).cells
    cells = [cell for cell in found if cell.cell_type == "code"]
    parents = [
        int(output.text)
        for cell in cells
        for output in cell.outputs[:1]
        if cell.source.startswith("import os")
    ]
    return {"code": running.returncode, "said": said, "pid": running.pid, "parents": parents}


@pytest.mark.parametrize("name", [COLD, WARM])
def test_stock_papermill_says_the_same_whoever_starts_its_kernel(tmp_path: Path, name: str) -> None:
    with tempfile.TemporaryDirectory(prefix="pmf-") as folder:
        env = {"JUPYTER_DEFAULT_PROVISIONER_NAME": name, **wire.SINGLE}
        server = Server(Path(folder), {**os.environ, **env}, REPOSITORY, {})
        server.wait_until_ready()
        done = papermill(tmp_path, **env, **{wire.ADDRESS: server.address})
        assert done["parents"] == [server.pid if name == WARM else done["pid"]]
        assert psutil.Process(server.pid).children() == []
        server.close()
    assert done["code"] == 1
    assert "ZeroDivisionError: division by zero" in done["said"]
    assert "from C" in done["said"]
    assert "from a shell" in done["said"]


def test_stock_papermill_ends_in_peace_while_its_own_warm_process_is_not_ready(tmp_path: Path) -> None:
    done = papermill(tmp_path, JUPYTER_DEFAULT_PROVISIONER_NAME=WARM)
    assert done["parents"] == [done["pid"]]
    assert done["code"] == 1
    assert done["said"].count("Traceback") <= papermill(tmp_path)["said"].count("Traceback")
    left = list(Path(tempfile.gettempdir()).glob(f"pmf-{done['pid']}-*"))
    assert left == []


@pytest.mark.parametrize("strike", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_papermill_ended_in_the_midst_of_a_cell_takes_its_forked_kernel_along(
    tmp_path: Path, strike: signal.Signals
) -> None:
    with tempfile.TemporaryDirectory(prefix="pmf-") as folder:
        env = {**os.environ, **wire.SINGLE, "JUPYTER_DEFAULT_PROVISIONER_NAME": WARM}
        server = Server(Path(folder), env, REPOSITORY, {})
        server.wait_until_ready()
        notebook = v4.new_notebook(
            cells=[v4.new_code_cell("open('begun', 'w').write('x')\nimport time\ntime.sleep(600)")],
            metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
        )
        nbformat.write(notebook, tmp_path / "in.ipynb")
        with subprocess.Popen(
            [str(BIN / "papermill"), "in.ipynb", "out.ipynb"], cwd=tmp_path, stderr=subprocess.DEVNULL,
            env={**env, wire.ADDRESS: server.address},
        ) as running:  # fmt: skip
            until = time.monotonic() + 120
            while not (tmp_path / "begun").exists() and time.monotonic() < until:
                time.sleep(0.1)
            children = psutil.Process(server.pid).children()
            running.send_signal(strike)
        assert len(children) == 1
        assert psutil.wait_procs(children, timeout=10)[1] == []
        server.close()


def test_a_kernel_of_another_program_starts_as_always(tmp_path: Path, ready: psutil.Process) -> None:
    with by(WARM):
        manager = KernelManager(kernel_name="python3")
        manager.kernel_spec.argv = [sys.executable, "-c", "import time; time.sleep(600)", "{connection_file}"]
        manager.start_kernel(cwd=str(tmp_path))
        assert parent(manager) == os.getpid()
        manager.shutdown_kernel(now=True)
        manager.cleanup_resources()
