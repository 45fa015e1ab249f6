"""Running git on the repositories of strangers: no questions, no credentials, no hooks, one protocol, and limits.

Sources: git-config(1) on ``protocol.*``, ``http.*`` and ``core.hooksPath``; git(1) on ``GIT_*``.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from hubkit.repos.errors import RepositoryError, UnreachableError

_POLL_SECONDS = 0.05
_SHOWN_LINES = 3
_MAX_OUTPUT = 1024 * 1024  # of a list of references or files; more is cut
_KEPT = ("PATH", "LANG", "LC_ALL", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO", "CURL_CA_BUNDLE")
PROXIES = ("https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY")
"""Variables by which the user names a proxy."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SETTINGS = {
    "core.hooksPath": os.devnull,
    "core.fsmonitor": "false",
    "core.attributesFile": os.devnull,
    "core.protectHFS": "true",
    "core.protectNTFS": "true",
    "credential.helper": "",
    "credential.interactive": "false",
    "gc.auto": "0",
    "http.followRedirects": "false",
    "http.lowSpeedLimit": "1000",  # bytes a second
    "http.lowSpeedTime": "60",  # seconds
    "maintenance.auto": "false",
    "protocol.allow": "never",
    "submodule.recurse": "false",
    "fetch.recurseSubmodules": "false",
    "init.defaultBranch": "unused",
}


@dataclass(frozen=True, slots=True)
class GitLimits:
    """What a repository may cost."""

    seconds: float = 600.0
    """Time for one call of git."""
    folder_bytes: int = 1024**3
    """Bytes on the disk, git's own files included."""
    files: int = 20_000
    """Files in the folder of the code."""


@dataclass(frozen=True)
class Git:
    """git, as it is called for one repository."""

    folder: Path
    """The folder that holds everything that git writes: its copy of the repository, its home, what it says."""
    protocol: str
    """The one protocol that it may use."""
    limits: GitLimits = field(default_factory=GitLimits)
    """Limits of each call."""
    stop: threading.Event = field(default_factory=threading.Event)
    """Setting it ends a call."""
    resolve: str = ""
    """``host:port:address`` that connections go to, whatever a name server says later; empty for no such rule."""

    @property
    def copy(self) -> Path:
        """The folder of the copy, in which git runs."""
        return self.folder / "copy"

    def run(self, *arguments: str, online: bool = False) -> str:
        """What git prints. ``online`` says that it may call on the repository.

        Raises UnreachableError where it fails online or takes too long, RepositoryError where it fails otherwise or
        the folder grows over its limit.
        """
        program = shutil.which("git")
        if program is None:
            raise UnreachableError("git is not installed, so no repository can be copied", hint="Install git.")
        if self.stop.is_set():
            raise UnreachableError(f"git {arguments[0]} was stopped")
        settings = dict(_SETTINGS)
        if online:
            settings[f"protocol.{self.protocol}.allow"] = "always"
        if self.resolve:
            settings["http.curloptResolve"] = self.resolve
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self.copy.mkdir(exist_ok=True)
        output, errors = self.folder / "git-output", self.folder / "git-errors"
        with output.open("wb") as out, errors.open("wb") as err:
            process = subprocess.Popen(
                [program, *options, *arguments],
                cwd=self.copy,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )
            try:
                self._wait(process, arguments[0])
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        if process.returncode:
            kind = UnreachableError if online else RepositoryError
            raise kind(f"git {arguments[0]} failed: {_last_lines(errors)}")
        with output.open("rb") as stream:
            return stream.read(_MAX_OUTPUT).decode("utf-8", "surrogateescape")

    def _environment(self) -> dict[str, str]:
        kept = _KEPT if self.resolve else (*_KEPT, *PROXIES)
        return {name: os.environ[name] for name in kept if name in os.environ} | {
            "GIT_ALLOW_PROTOCOL": self.protocol,
            "GIT_ASKPASS": "true",
            "GIT_CEILING_DIRECTORIES": str(self.folder),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_LFS_SKIP_SMUDGE": "1",
            "GIT_PROTOCOL_FROM_USER": "0",
            "GIT_TERMINAL_PROMPT": "0",
            "HOME": str(self.folder),
            "SSH_ASKPASS": "true",
            "XDG_CONFIG_HOME": str(self.folder),
        }

    def _wait(self, process: subprocess.Popen[bytes], what: str) -> None:
        deadline = time.monotonic() + self.limits.seconds
        ended = False
        while True:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_POLL_SECONDS)
                ended = True
            if folder_bytes(self.folder) > self.limits.folder_bytes:
                raise RepositoryError(
                    f"the repository takes over {self.limits.folder_bytes / 1e6:,.0f} MB and was not copied",
                    hint="Its server may not support partial clones; name a mirror that does.",
                )
            if ended:
                return
            if self.stop.is_set():
                raise UnreachableError(f"git {what} was stopped")
            if time.monotonic() > deadline:
                raise UnreachableError(f"git {what} was stopped: it took longer than {self.limits.seconds:g} s")


def folder_bytes(folder: Path) -> int:
    """The bytes of all files below ``folder``; what vanishes meanwhile is not counted."""
    total, waiting = 0, [str(folder)]
    while waiting:
        with contextlib.suppress(OSError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                with contextlib.suppress(OSError):
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    else:
                        total += entry.stat(follow_symlinks=False).st_size
    return total


def _last_lines(path: Path) -> str:
    """The last lines of what git said, without characters that would act on a terminal."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        stream.seek(max(0, size - 4096))
        text = stream.read().decode("utf-8", "replace")
    lines = [_CONTROL.sub("", line).strip() for line in text.splitlines()]
    return "; ".join([line for line in lines if line][-_SHOWN_LINES:]) or "it gave no reason"
