from __future__ import annotations

from pathlib import Path

import pytest

from hubkit.repos.address import CodeAddress, Source, code_sources, parse_address, repository_name
from hubkit.repos.errors import RepositoryError

MODELS = "https://gitee.com/mindspore/models"


@pytest.mark.parametrize(
    ("link", "repository", "path"),
    [
        (f"{MODELS}/tree/r1.9/official/cv/resnet", MODELS, "r1.9/official/cv/resnet"),
        (f" {MODELS}.git/ ", MODELS, ""),
        ("https://GitHub.com/mindspore-lab/mindcv/blob/v0.4.0/configs/", "https://github.com/mindspore-lab/mindcv",
         "v0.4.0/configs"),
        ("https://gitlab.com/a/b/c/-/tree/main/x#readme", "https://gitlab.com/a/b/c", "main/x"),
        ("https://host.example:8443/a/b/tree/x?tab=1", "https://host.example:8443/a/b", "x"),
        ("https://host.example:443/a/b/tree/x", "https://host.example/a/b", "x"),
        (f"{MODELS}/tree/r1.9/with%20space/ü", MODELS, "r1.9/with space/ü"),
        ("file:///srv/models/tree/r1.9/net", "file:///srv/models/tree/r1.9/net", ""),
    ],
)  # fmt: skip
def test_a_link_is_taken_apart(link: str, repository: str, path: str) -> None:
    assert parse_address(link) == CodeAddress(repository, tuple(path.split("/")) if path else ())


def test_a_folder_of_this_machine_is_split_where_its_repository_ends(tmp_path: Path) -> None:
    repository = tmp_path / "tree" / "a b"
    (repository / ".git").mkdir(parents=True)
    bare = tmp_path / "bare.git"
    bare.mkdir()
    for link in (f"{repository}/tree/r1/net".replace(" ", "%20"), f"{repository.as_uri()}/tree/r1/net"):
        assert parse_address(link) == CodeAddress(repository.as_uri(), ("r1", "net"))
    assert parse_address(f"{tmp_path}/bare/tree/r1") == CodeAddress((tmp_path / "bare").as_uri(), ("r1",))
    assert parse_address(str(tmp_path)) == CodeAddress(tmp_path.as_uri(), ())


@pytest.mark.parametrize(
    "link",
    [
        "",
        "-u/tmp/x",
        "--upload-pack=touch /tmp/x",
        "ext::sh -c touch% /tmp/x",
        "ssh://git@host.example/a/b",
        "git@host.example:a/b",
        "git://host.example/a/b",
        "http://host.example/a/b/tree/x",
        "https://user:word@host.example/a/b/tree/x",
        "https://token@host.example/a/b/tree/x",
        "https://host.example",
        "https://host.example/a",
        "https://host.example:99999/a/b",
        "https://[::1/a/b",
        "https://host.example/a/b\n/tree/x",
        "https://host.example/a/%0ab/tree/x",
        "https://host.example/a/b/tree/x/../../y",
        "https://host.example/a/b/tree/x/%2e%2e/y",
        "https://host.example/a/b/tree/x/.GIT/hooks",
        "https://host.example/a/b/tree/x/a%00b",
        "https://host.example/a/b/tree/x\\y",
        "file://other.example/a/b",
        "relative/folder",
    ],
)
def test_what_is_no_address_is_refused(link: str) -> None:
    with pytest.raises(RepositoryError, match="repo-link") as caught:
        parse_address(link)
    assert caught.value.hint


def test_spellings_of_a_repository_are_one() -> None:
    for spelling in (MODELS, f"{MODELS}/", f"{MODELS}.git", f"{MODELS}.git/", "https://GITEE.com/mindspore/models"):
        assert repository_name(spelling) == MODELS
    assert repository_name("https://gitee.com/MindSpore/models") != MODELS
    assert repository_name("what is this") == "what is this"


@pytest.mark.parametrize("prefix", ["https://gitee.com/", MODELS, f"{MODELS}/", "https://gitee.com/mindspore/"])
def test_mirrors_come_first_and_the_user_chose_them(prefix: str, tmp_path: Path) -> None:
    end = "" if prefix.endswith("/") else "/x"
    mirrors = {prefix: (f"file://{tmp_path}{end}/" if not end else f"file://{tmp_path}/x", "https://other.example/m/")}
    rest = f"{MODELS}/".removeprefix(prefix).rstrip("/")
    found = list(code_sources(CodeAddress(MODELS, ("r1.9",)), mirrors))
    local = f"file://{tmp_path}{end}/{rest}".rstrip("/")
    assert found[0] == Source(local, "file", chosen_by_user=True)
    assert (found[1].protocol, found[1].chosen_by_user) == ("https", True)
    assert found[2] == Source(MODELS, "https", chosen_by_user=False)


def test_a_mirror_may_be_bare(tmp_path: Path) -> None:
    (tmp_path / "mindspore" / "models.git").mkdir(parents=True)
    found = next(code_sources(CodeAddress(MODELS, ()), {"https://gitee.com/": (f"file://{tmp_path}/",)}))
    assert found.url == (tmp_path / "mindspore" / "models.git").as_uri()
