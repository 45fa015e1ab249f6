"""Copies of repositories: from this machine and by HTTP, at one commit, one folder, and within limits."""

from __future__ import annotations

import os
import shutil
import threading
from pathlib import Path
from typing import Any

import pytest

from hubkit.repos.address import parse_address
from hubkit.repos.checkout import Checkout, CloneOptions, PinnedCode, checkout, pin
from hubkit.repos.errors import RepositoryError, UnreachableError
from hubkit.repos.git import GitLimits
from hubkit.store.blobs import BlobStore
from hubkit.store.digest import sha256_file
from hubkit.store.listing import Kind, items, remove
from tests.repos.repositories import ENTRY, commit, git, git_host, make_repository, needs_backend

FILES = {
    "official/cv/net/mindspore_hub_conf.py": ENTRY,
    "official/cv/net/src/net.py": "class Net: ...\n",
    "official/cv/other/big.txt": "x" * 100_000,
    "README.md": "# models\n",
}
LINK = "https://git.example/owner/models/tree/r1.9/official/cv/net"


class Place:
    """A repository, and a store to copy it to."""

    def __init__(self, folder: Path) -> None:
        self.repository = folder / "git" / "owner" / "models"
        self.store = folder / "store"
        self.mirrors = {"https://git.example/": (f"file://{folder}/git/",)}

    def options(self, **changes: Any) -> CloneOptions:
        return CloneOptions(**{"root": self.store, "mirrors": self.mirrors, **changes})

    def copy(self, link: str = LINK, wanted: str = "", **changes: Any) -> Checkout:
        options = self.options(**changes)
        return checkout(pin(parse_address(link), wanted, options), options)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())


def test_one_folder_of_one_commit_is_copied(place: Place) -> None:
    made = make_repository(place.repository, FILES)
    found = place.copy()
    assert found.code == PinnedCode("https://git.example/owner/models", made, "official/cv/net")
    assert files(found.path) == ["mindspore_hub_conf.py", "src/net.py"]
    assert found.entry_sha256 == sha256_file(place.repository / "official/cv/net/mindspore_hub_conf.py")
    assert [path.name for path in (place.store / "repositories").glob(".*")] == []  # nothing is left of the work


@pytest.mark.parametrize("spelling", ["{}/tree/r1.9/official/cv/net", "file://{}/tree/r1.9/official/cv/net"])
def test_a_repository_of_this_machine_may_be_named(place: Place, spelling: str) -> None:
    made = make_repository(place.repository, FILES)
    found = place.copy(spelling.format(place.repository), mirrors={})
    assert (found.code.repository, found.code.commit) == (place.repository.as_uri(), made)
    assert files(found.path) == ["mindspore_hub_conf.py", "src/net.py"]


def test_without_a_branch_the_whole_main_one_is_meant(place: Place) -> None:
    make_repository(place.repository, FILES)
    found = place.copy(str(place.repository))
    assert files(found.path) == sorted(FILES)


@pytest.mark.parametrize("path", ["v1", "v2", "feature/x/deep", "r1.9", "{commit}"])
def test_branches_tags_and_commits_are_found(place: Place, path: str) -> None:
    made = make_repository(place.repository, FILES)
    git(place.repository, "tag", "v1")
    git(place.repository, "tag", "-a", "-m", "a tag", "v2")
    git(place.repository, "branch", "feature/x/deep")
    commit(place.repository, {"later": ""})
    git(place.repository, "branch", "--force", "r1.9-later")
    git(place.repository, "reset", "--quiet", "--hard", made)
    link = f"https://git.example/owner/models/tree/{path.format(commit=made)}/official/cv/net"
    assert pin(parse_address(link), "", place.options()).commit == made
    assert place.copy(link).code.folder == "official/cv/net"


def test_the_commit_that_is_given_wins_over_the_branch(place: Place) -> None:
    first = make_repository(place.repository, FILES)
    commit(place.repository, {"official/cv/net/src/net.py": "later\n"})
    assert "class Net" in (place.copy(wanted=first).path / "src" / "net.py").read_text()
    assert (place.copy().path / "src" / "net.py").read_text() == "later\n"


def test_a_copy_is_used_again_without_the_repository(place: Place) -> None:
    make_repository(place.repository, FILES)
    first = place.copy()
    shutil.rmtree(place.repository)
    assert place.copy(wanted=first.code.commit) == first
    assert place.copy(wanted=first.code.commit, offline=True) == first


def test_copies_are_listed_in_the_store_and_removed(place: Place) -> None:
    make_repository(place.repository, FILES)
    found = place.copy()
    store = BlobStore(place.store)
    (item,) = items(store)
    assert (item.kind, item.name) == (Kind.CODE, found.code.commit)
    assert item.size > len(ENTRY)
    assert list(remove([item])) == [item]
    assert list(items(store)) == []
    assert not found.path.exists()


def damage(folder: Path, how: str) -> None:
    if how == "changed":
        (folder / "src" / "net.py").write_text("import os\n")
    elif how == "added":
        (folder / "src" / "os.py").write_text("import sys\n")
    elif how == "removed":
        (folder / "src" / "net.py").unlink()
    else:
        (folder / "src" / "passwd").symlink_to("/etc/passwd")


@pytest.mark.parametrize("how", ["changed", "added", "removed", "linked"])
def test_a_copy_that_is_no_longer_what_it_was_is_made_again(place: Place, how: str) -> None:
    make_repository(place.repository, FILES)
    found = place.copy()
    damage(found.path, how)
    assert files(place.copy().path) == ["mindspore_hub_conf.py", "src/net.py"]
    assert (found.path / "src" / "net.py").read_text() == FILES["official/cv/net/src/net.py"]


@pytest.mark.parametrize("name", ["with space", "[a]*?!", "ü", "a\\b" if os.sep == "\\" else "#a", "-u"])
def test_a_folder_of_any_name_is_copied_alone(place: Place, name: str) -> None:
    make_repository(place.repository, {f"nets/{name}/a.py": "1\n", "nets/w/b.py": "2\n", "nets/a/c.py": "3\n"})
    found = place.copy(
        f"{place.repository}/tree/r1.9/nets/{name}".replace(" ", "%20").replace("#", "%23").replace("?", "%3F")
    )
    assert files(found.path) == ["a.py"]


@pytest.mark.parametrize("target", ["/etc/passwd", "../../../README.md", "src/../../other/big.txt", "inside/../.."])
def test_a_link_that_leads_out_of_the_folder_is_refused(place: Place, target: str) -> None:
    make_repository(place.repository, {**FILES, "official/cv/net/way": f"->{target}"})
    with pytest.raises(RepositoryError, match="official/cv/net/way is a link that leads out of its folder"):
        place.copy()
    assert not list(place.store.rglob("code"))


def test_a_folder_that_is_a_link_is_none(place: Place) -> None:
    make_repository(place.repository, {**FILES, "official/cv/way": "->/etc"})
    with pytest.raises(RepositoryError, match="has no folder official/cv/way"):
        place.copy("https://git.example/owner/models/tree/r1.9/official/cv/way")


def test_a_link_that_stays_inside_is_kept(place: Place) -> None:
    make_repository(place.repository, {**FILES, "official/cv/net/src/same.py": "->net.py"})
    assert (place.copy().path / "src" / "same.py").read_text() == FILES["official/cv/net/src/net.py"]


def test_hooks_filters_and_modules_of_the_repository_do_nothing(place: Place, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    make_repository(
        place.repository,
        {
            **FILES,
            ".gitmodules": f'[submodule "m"]\n\tpath = official/cv/net/m\n\turl = ext::sh -c "touch {mark}"\n',
            ".gitattributes": "* filter=evil\n",
            ".gitconfig": f'[filter "evil"]\n\tsmudge = touch {mark}\n[core]\n\tfsmonitor = touch {mark}\n',
        },
    )
    hook = place.repository / ".git" / "hooks" / "post-checkout"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {mark}\n")
    hook.chmod(0o755)
    place.copy()
    assert not mark.exists()


def test_settings_of_the_user_and_questions_do_nothing(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = tmp_path / "mark"
    config = tmp_path / "config"
    config.write_text(f'[core]\n\tsshCommand = touch {mark}\n[url "ext::touch {mark} "]\n\tinsteadOf = file://\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    make_repository(place.repository, FILES)
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
    place.copy()
    assert not mark.exists()


@pytest.mark.parametrize(
    ("link", "message"),
    [
        ("https://git.example/owner/models/tree/r9.9/net", "has no branch and no tag r9.9 or r9.9/net"),
        ("https://git.example/owner/models/tree/r1.9/research/net", "has no folder research/net in commit"),
        ("https://git.example/owner/models/tree/r1.9/README.md", "has no folder README.md in commit"),
    ],
)
def test_what_the_repository_does_not_have_is_told(place: Place, link: str, message: str) -> None:
    make_repository(place.repository, FILES)
    with pytest.raises(RepositoryError, match=message):
        place.copy(link)


def test_a_commit_that_is_not_there_is_told(place: Place) -> None:
    make_repository(place.repository, FILES)
    with pytest.raises(UnreachableError, match="git fetch failed"):
        place.copy(wanted="0" * 40)


def test_every_source_is_told_where_none_answers(place: Place) -> None:
    mirrors = {"https://git.example/": ("file:///nowhere/",)}
    with pytest.raises(UnreachableError) as caught:
        place.copy("https://git.example/owner/models/tree/r1.9/x", mirrors=mirrors)
    assert "file:///nowhere/owner/models: git ls-remote failed" in caught.value.message
    assert "https://git.example/owner/models: " in caught.value.message


@pytest.mark.parametrize("host", ["127.0.0.1:9", "localhost", "169.254.169.254", "10.0.0.1", "[::1]"])
def test_a_card_cannot_make_hubkit_call_inside_its_network(place: Place, host: str) -> None:
    with pytest.raises(UnreachableError, match="is no host of the Internet"):
        place.copy(f"https://{host}/owner/models/tree/r1.9/x", mirrors={})


def test_a_repository_that_is_too_large_is_stopped(place: Place) -> None:
    make_repository(place.repository, {**FILES, "official/cv/net/big": os.urandom(2_000_000).hex()})
    with pytest.raises(RepositoryError, match="takes over 2 MB and was not copied"):
        place.copy(limits=GitLimits(folder_bytes=2_000_000))
    assert list((place.store / "repositories").iterdir()) == []


def test_a_folder_with_too_many_files_is_refused(place: Place) -> None:
    make_repository(place.repository, FILES)
    with pytest.raises(RepositoryError, match="has over 2 files"):
        place.copy(limits=GitLimits(files=2))


def test_a_copy_that_takes_too_long_is_stopped(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_repository(place.repository, FILES)
    slow = tmp_path / "bin" / "git"
    slow.parent.mkdir()
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", str(slow.parent), prepend=os.pathsep)
    with pytest.raises(UnreachableError, match=r"git ls-remote was stopped: it took longer than 0\.2 s"):
        place.copy(limits=GitLimits(seconds=0.2))


def test_a_copy_can_be_stopped(place: Place) -> None:
    make_repository(place.repository, FILES)
    stop = threading.Event()
    stop.set()
    with pytest.raises(UnreachableError, match="was stopped"):
        place.copy(stop=stop)


def test_offline_nothing_is_asked(place: Place) -> None:
    made = make_repository(place.repository, FILES)
    with pytest.raises(UnreachableError, match="the commit of its branch is not known, and hubkit is offline"):
        place.copy(offline=True)
    with pytest.raises(UnreachableError, match="is not in the store, and hubkit is offline"):
        place.copy(wanted=made, offline=True)


@needs_backend
def test_by_http_one_folder_is_copied_and_no_credentials_are_sent(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_repository(place.repository, FILES)
    git(place.repository, "config", "uploadpack.allowFilter", "true")
    home = tmp_path / "home"
    home.mkdir()
    (home / ".netrc").write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("HOME", str(home))
    with git_host(tmp_path / "git") as host:
        found = place.copy(mirrors={"https://git.example/": (host.url,)})
    assert (found.code.commit, files(found.path)) == (made, ["mindspore_hub_conf.py", "src/net.py"])
    assert host.requests
    assert all("Authorization" not in sent for sent in host.headers)


@needs_backend
def test_by_http_other_folders_are_not_sent(place: Place, tmp_path: Path) -> None:
    make_repository(place.repository, {**FILES, "official/cv/other/big": os.urandom(1_000_000).hex()})
    git(place.repository, "config", "uploadpack.allowFilter", "true")
    with git_host(tmp_path / "git") as host:
        found = place.copy(mirrors={"https://git.example/": (host.url,)}, limits=GitLimits(folder_bytes=500_000))
    assert files(found.path) == ["mindspore_hub_conf.py", "src/net.py"]


@needs_backend
def test_by_http_nobody_is_sent_elsewhere(place: Place, tmp_path: Path) -> None:
    make_repository(place.repository, FILES)
    with git_host(tmp_path / "git") as other, git_host(tmp_path / "git") as host:
        host.moved_to = other.url.rstrip("/")
        with pytest.raises(UnreachableError, match="ls-remote failed"):
            place.copy(mirrors={"https://git.example/": (host.url,)})
    assert other.requests == []
