"""The wheel, in an environment that has nothing else of ours, in an empty folder, with the network off."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest
from conftest import CHECKOUT, QUESTION, SENTENCE

# Runs inside a network namespace of its own, in which not even loopback is up: brings it up (SIOCSIFFLAGS, IFF_UP), starts
# the page, fetches it.
SERVE = """
import fcntl, socket, struct, subprocess, sys, urllib.request
fcntl.ioctl(socket.socket(), 0x8914, struct.pack("16sh14x", b"lo", 1))
server = subprocess.Popen([sys.argv[1], "serve"], stderr=subprocess.PIPE, text=True)
while "http://" not in (line := server.stderr.readline()):
    assert line
page = urllib.request.urlopen(line[line.index("http://"):].split("（")[0]).read().decode()
server.terminate()
server.wait()
print("gradio_config" in page)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The wheel of this checkout, built from a copy, so that the checkout stays as it is."""
    folder = tmp_path_factory.mktemp("wheel")
    ignored = shutil.ignore_patterns(".venv", ".git", "library", "work", "build", "dist", "__pycache__", ".*cache", ".hypothesis")
    shutil.copytree(CHECKOUT, folder / "source", ignore=ignored)
    pip("wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(folder), str(folder / "source"))
    return next(folder.glob("youju-*.whl"))


@pytest.fixture(scope="module")
def youju(wheel, tmp_path_factory) -> Path:
    """The command, installed from the wheel. The dependencies are those of this environment, without the checkout."""
    environment = tmp_path_factory.mktemp("environment")
    venv.create(environment, symlinks=True)
    pip("--python", str(environment / "bin" / "python"), "install", "--quiet", "--no-deps", "--no-index", str(wheel))
    packages = next(environment.glob("lib/python*/site-packages"))
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")  # .pth files in there are not read
    return environment / "bin" / "youju"


def pip(*arguments: str) -> None:
    done = subprocess.run([sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def offline(*command: str, cwd: Path) -> subprocess.CompletedProcess:
    """Runs it where there is no network; where the system does not allow that, at least without any proxy to it."""
    cut_off = ["unshare", "--net", "--map-root-user"]
    if shutil.which("unshare") and subprocess.run([*cut_off, "true"], capture_output=True).returncode == 0:
        command = (*cut_off, *command)
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=180, env={"PATH": "/usr/bin:/bin", "HOME": str(cwd)})


def test_the_wheel_holds_what_the_program_needs_and_no_more(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0].split("-")[0] for name in names} == {"qa", "ui", "youju"}
    for path in [*(CHECKOUT / "seeds").iterdir(), *(CHECKOUT / "ui").glob("page.*")]:
        carried = f"qa/_data/seeds/{path.name}" if path.parent.name == "seeds" else f"ui/{path.name}"
        assert carried in names
    assert any(name.startswith("qa/_data/model/") for name in names)
    assert not any("library" in name.split("/")[:-1] for name in names)
    assert wheel.stat().st_size < 70_000_000


def test_ask_in_an_empty_folder_with_the_network_off(youju, tmp_path):
    done = offline(str(youju), "ask", QUESTION, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert SENTENCE in done.stdout and "已新建资料库" in done.stderr


def test_serve_in_an_empty_folder_with_the_network_off(youju, tmp_path):
    done = offline(sys.executable, "-c", SERVE, str(youju), cwd=tmp_path)
    if "Operation not permitted" in done.stderr:
        pytest.skip("loopback cannot be configured here")
    assert done.stdout.strip() == "True", done.stderr
