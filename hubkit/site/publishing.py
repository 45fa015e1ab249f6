"""Making the files of a site that are not there yet, and putting the whole in the site's place."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import partial

from hubkit.errors import SiteError
from hubkit.site.build import Order
from hubkit.site.downloads import Download
from hubkit.site.draft import Draft
from hubkit.site.folder import MANIFEST, Changes, SiteFolder, is_same
from hubkit.site.planning import Groups, Output
from hubkit.site.state import Made
from hubkit.site.workers import spread

# A piece is this part of what is left, but no less than the least, for each process: groups in a row share work, such
# as the sections of their bodies, and small pieces at the end keep all processes busy to it.
_PART = 0.5
_LEAST_PART = 0.0005
_FEW = 8

_Group = Sequence[Output]


def publish(
    order: Order,
    folder: SiteFolder,
    owned: Mapping[str, str],
    outputs: Groups,
    downloads: Mapping[str, Download],
    before: Mapping[str, Made],
    carried: Collection[str] = (),
) -> tuple[dict[str, Made], Changes]:
    """Make what is not there yet, and put it in the place of the site with what is.

    ``owned`` and ``before`` are what the last build left: paths with digests, and with all that it wrote down.
    ``carried`` are those of its files that are there and stay as they are, without being planned again.
    """
    made: dict[str, Made] = {path: before[path] for path in carried}
    sound: set[str] = set(carried)
    groups: list[_Group] = []
    targets = [download.target for download in downloads.values()]
    draft = Draft(folder, owned, [*carried, *targets, *(output.path for group in outputs for output in group)])
    try:
        for group in outputs:
            needed = []
            for output in group:
                old = before.get(output.path)
                if old and old[0] == output.key and folder.stamp(output.path) == old[2]:
                    made[output.path] = old
                    sound.add(output.path)
                else:
                    needed.append(output)
            if needed:
                groups.append(needed)
        jobs = order.jobs if len(groups) > _FEW else 1  # a process costs more than a few pages
        for answer in spread(partial(_make_all, draft, folder, owned), [*_pieces(groups, jobs)], jobs):
            made.update(answer)
        for download in downloads.values():
            made[download.target] = _linked(draft, folder, download)
        kept = [path for path in made if path in sound or (owned and folder.stamp(path) == made[path][2])]
        files = {path: sha256 for path, (_, sha256, _, _) in made.items()}
        changes = Changes(len(made) - len(kept), len(kept), len(owned.keys() - files.keys()))
        if len(kept) == len(made) and files == owned:
            draft.put_back()
        else:
            draft.publish(files, kept)
    except OSError as error:
        draft.discard()
        raise SiteError(f"{error.filename or folder.root}: cannot be written: {error.strerror or error}") from error
    except BaseException:
        draft.discard()
        raise
    stamp = folder.stamp(MANIFEST)
    assert stamp is not None  # it was just written
    return {**made, MANIFEST: ("", "", stamp, "")}, changes


def _pieces(groups: Sequence[_Group], jobs: int) -> Iterator[Sequence[_Group]]:
    """All groups, in order, in ever smaller pieces for so many processes."""
    least = max(1, round(len(groups) * _LEAST_PART))
    start = 0
    while start < len(groups):
        size = max(least, round((len(groups) - start) * _PART / jobs))
        yield groups[start : start + size]
        start += size


def _make_all(draft: Draft, folder: SiteFolder, owned: Mapping[str, str], groups: Sequence[_Group]) -> dict[str, Made]:
    return {output.path: _make(draft, folder, owned, output) for group in groups for output in group}


def _make(draft: Draft, folder: SiteFolder, owned: Mapping[str, str], output: Output) -> Made:
    content = output.content()
    sha256 = hashlib.sha256(content).hexdigest()
    if owned.get(output.path) == sha256:
        path = folder.root / output.path
        stamp = folder.stamp(output.path)
        if stamp and stamp[0] == len(content) and not path.is_symlink() and path.read_bytes() == content:
            return output.key, sha256, stamp, ""
    return output.key, sha256, draft.write(output.path, content), ""


def _linked(draft: Draft, folder: SiteFolder, download: Download) -> Made:
    path = folder.root / download.target
    stamp = folder.stamp(download.target)
    if stamp is None or not is_same(path, download.source):
        stamp = draft.link(download.target, download.source)
    return download.sha256, download.sha256, stamp, str(download.source)
