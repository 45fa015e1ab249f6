"""A published catalogue as a hub: its ``index.json``, read as something that anybody may have written.

The index of a large catalogue names the files that hold its models; each is read, and held against the digest that
the index has of it, when a model of it is asked for.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from hubkit.client.cards import converted_note
from hubkit.client.model import ClientError, Listing, Model, ModelFile
from hubkit.client.place import write_whole
from hubkit.errors import FetchError
from hubkit.resources import schema
from hubkit.store.blobs import BlobStore
from hubkit.store.content import FORMATS, Kind
from hubkit.store.fetch import FetchOptions
from hubkit.store.limits import Limits
from hubkit.store.reception import Pace, Reception
from hubkit.store.sources import Source, sources

INDEX = "index.json"
MAX_INDEX_BYTES = 64 * 2**20
_MAX_UID = 512
_SHARDED_FORMAT = 2
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_ASK = "Ask who publishes the catalogue."
_CHECK_URL = "Check the URL: it is that of a catalogue's index.json, or of the folder of it."
_ENCODED_TWICE = re.compile(r"%(?:2e|2f|5c|00)", re.IGNORECASE)
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_LISTED = ("uid", "title", "summary", "task", "dataset", "evaluation", "author", "license", "updated", "status")


class Catalogue:
    """The models of an index. Its frame is checked at once; a model, by the same schema, when it is asked for."""

    def __init__(self, index: object, base: str, name: str, read: Callable[[str], bytes]) -> None:
        """``base`` is the URL that links are counted from, with a slash at its end; ``name`` is for messages.

        ``read`` gives the bytes at a path of the catalogue. Raises ClientError where it is no index, a uid is none, or
        one comes twice.
        """
        self.name = name
        self.base = base
        self._read = read
        self._models: dict[str, Any] = {}
        self._shards: dict[str, Mapping[str, Any]] = {}
        if isinstance(index, dict) and index.get("format") == _SHARDED_FORMAT:
            self._check(index, "", schema("sharded-index"))
            for number, shard in enumerate(index["shards"]):
                for uid in shard["uids"]:
                    self._refuse_wrong_uid(uid, f"shards/{number}")
                    self._shards[uid] = shard
        else:
            self._add(index)

    def _add(self, index: object) -> None:
        """Take in the models of an index that holds them itself."""
        models = index.get("models") if isinstance(index, dict) else None
        frame = {**index, "models": []} if isinstance(index, dict) and isinstance(models, list) else index
        self._check(frame, "", schema("index"))
        assert isinstance(models, list)  # the schema asks for it
        for number, model in enumerate(models):
            uid = model.get("uid") if isinstance(model, dict) else None
            self._refuse_wrong_uid(uid, f"models/{number}")
            self._models[str(uid)] = model

    def _refuse_wrong_uid(self, uid: object, place: str) -> None:
        if (
            not isinstance(uid, str)
            or uid in self._models
            or uid in self._shards
            or len(uid) > _MAX_UID
            or not _is_inside(uid)
        ):
            words = _UNPRINTABLE.sub("\ufffd", repr(uid))[:80]
            raise ClientError(f"{self.name}: {place}: {words} is no uid, or comes twice", hint=_ASK)

    def _read_shard_of(self, uid: str) -> None:
        """Take in the models of the file that holds this one."""
        shard = self._shards[uid]
        name = f"{self.name}: {shard['path'][:80]}"
        if not _stays(self.base, shard["path"]):
            raise ClientError(f"{self.name}: the link {shard['path'][:80]!r} leaves the catalogue", hint=_ASK)
        content = self._read(shard["path"])
        if hashlib.sha256(content).hexdigest() != shard["sha256"]:
            raise ClientError(
                f"{name}: not the file that the index names", hint="The catalogue may just have changed: run again."
            )
        for other in shard["uids"]:
            del self._shards[other]
        self._add(_parsed(content, name))
        if any(other not in self._models for other in shard["uids"]):
            raise ClientError(f"{name}: a model that the index names is missing", hint=_ASK)

    def _check(self, data: object, place: str, rules: Mapping[str, Any]) -> None:
        from jsonschema import Draft202012Validator

        problem = next(Draft202012Validator(rules).iter_errors(data), None)
        if problem is not None:
            where = "/".join([place, *(str(step) for step in problem.absolute_path)]).strip("/")
            words = _UNPRINTABLE.sub("\ufffd", f"{where}: {problem.message}" if where else problem.message)[:200]
            raise ClientError(
                f"{self.name}: no index of a catalogue, or of another version of hubkit: {words}",
                hint="Name the index.json that hubkit wrote.",
            )

    def uids(self) -> Sequence[str]:
        """Every uid of the index."""
        return [*self._models, *self._shards]

    def listings(self) -> Iterator[Listing]:
        """All its models. Raises ClientError where one breaks the schema, FetchError where a part cannot be had."""
        for uid in self.uids():
            if uid in self._shards:
                self._read_shard_of(uid)
            try:  # to hold thousands against the schema takes seconds
                yield _listing(self._models[uid])
            except (AttributeError, KeyError, TypeError):
                self._checked(uid)
                raise

    def _checked(self, uid: str) -> Mapping[str, Any]:
        """What the index has of a model. Raises ClientError where that breaks the schema."""
        if uid in self._shards:
            self._read_shard_of(uid)
        raw: Mapping[str, Any] = self._models[uid]
        self._check(raw, uid, {"$ref": "#/$defs/model", "$defs": schema("index")["$defs"]})
        return raw

    def model(self, uid: str) -> Model:
        """The model with this uid. Raises ClientError where it breaks the schema, or a link leaves the catalogue."""
        raw = self._checked(uid)
        if raw["status"] == "failed":
            withheld = "its verification failed"
        else:
            withheld = "" if any(file["path"] for file in raw["files"]) else "the catalogue has none"
        converted = () if withheld else self._converted(raw)
        return Model(uid, raw.get("network", ""), (*converted, *_assets(raw)), withheld)

    def _converted(self, raw: Mapping[str, Any]) -> Iterator[ModelFile]:
        note = converted_note(_UNPRINTABLE.sub("\ufffd", raw["note"]), stale=raw["status"] == "stale")
        for file in raw["files"]:
            if file["path"]:
                if not _stays(self.base, file["path"]):
                    raise ClientError(f"{self.name}: the link {file['path'][:80]!r} leaves the catalogue", hint=_ASK)
                url = urljoin(self.base, file["path"])
                yield ModelFile(Kind(file["format"]), file["sha256"], file["size"], (url,), note)


def _listing(raw: Mapping[str, Any]) -> Listing:
    texts = {name: _UNPRINTABLE.sub("\ufffd", raw[name]) for name in _LISTED}
    formats = {_UNPRINTABLE.sub("\ufffd", file["format"]) for file in (*raw["assets"], *raw["files"])}
    return Listing(formats=tuple(sorted(formats)), **texts)


def _assets(raw: Mapping[str, Any]) -> Iterator[ModelFile]:
    for asset in raw["assets"]:
        if asset["format"] in FORMATS:
            size = asset.get("size") or None
            yield ModelFile(Kind(asset["format"]), asset["sha256"], size, (asset["link"],))


def _stays(base: str, link: str) -> bool:
    """Whether a link of the catalogue leads into it."""
    # Looked at decoded, since %2e%2e is .. to a server; some servers decode twice.
    path = unquote(link)
    return _is_inside(path) and not _ENCODED_TWICE.search(path) and urljoin(base, link).startswith(base)


def _is_inside(path: str) -> bool:
    """Whether the path stays in its folder on every system, and holds nothing that a terminal would obey."""
    return not ("\\" in path or _UNPRINTABLE.search(path) or any(part in ("", ".", "..") for part in path.split("/")))


def open_catalogue(place: str, store: BlobStore, options: FetchOptions) -> Catalogue:
    """The catalogue at ``place``: a URL or a path, of its index or of the folder that this lies in.

    Offline, the index is the one that was read last from that URL. Raises ClientError where it is too large, no
    JSON, or against ``schema/index.schema.json``; FetchError where it cannot be had.
    """
    if "://" in place:
        try:
            urlsplit(place)
            place.encode()
        except ValueError:
            raise ClientError(
                f"{place}: it is no valid URL", hint="Write it like https://<host>/<folder>/index.json."
            ) from None
        url = place if urlsplit(place).path.endswith(".json") else f"{place.rstrip('/')}/{INDEX}"
        base = urljoin(url, ".")
        index = _parsed(_index_at(url, store, options), place)
        return Catalogue(index, base, place, lambda link: _index_at(urljoin(base, link), store, options))
    path = Path(place) / INDEX if Path(place).is_dir() else Path(place)
    folder = path.resolve().parent
    index = _parsed(_content_of(path, place), place)
    return Catalogue(index, f"{folder.as_uri()}/", place, lambda link: _content_of(folder / unquote(link), place))


def _content_of(path: Path, place: str) -> bytes:
    try:
        with path.open("rb") as stream:
            return _limited(iter(lambda: stream.read(2**20), b""), place)
    except OSError as error:
        raise ClientError(
            f"{path}: cannot be read: {error.strerror or error}", hint="Name a catalogue's index.json, or its URL."
        ) from error


def _index_at(url: str, store: BlobStore, options: FetchOptions) -> bytes:
    kept = store.root / "catalogues" / f"{hashlib.sha256(url.encode()).hexdigest()}.json"
    if options.offline:
        try:
            return kept.read_bytes()
        except OSError:
            raise FetchError(
                "the catalogue was not read before, and hubkit is offline", url=url, hint="Run again without --offline."
            ) from None
    content = _download(url, options)
    write_whole(kept, content)
    return content


def _download(url: str, options: FetchOptions) -> bytes:
    """The bytes at ``url``, or at a mirror of it. There is no digest to hold them against: TLS is all there is."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise ClientError(f"{url}: a catalogue is read by https", hint="http will do on this machine alone.")
    failures: list[FetchError] = []
    for source in sources(url, {**options.mirrors, url: (url,)}):
        try:
            return _limited(_received(source, options.limits), source.url)
        except FetchError as error:
            failures.append(error)
    for failure in failures[:-1]:
        failures[-1].add_note(f"also tried: {failure.message}")
    failures[-1].hint = failures[-1].hint or _CHECK_URL
    raise failures[-1]


def _received(source: Source, limits: Limits) -> Iterator[bytes]:
    transport = source.transport()
    reception = Reception(lambda: transport.open_url(source.url, 0, "", limits))
    pace = Pace(limits, source.url)
    try:
        while (item := reception.next()) != b"":
            piece = item if isinstance(item, bytes) else b""
            pace.count(len(piece))
            yield piece
    finally:
        reception.end()


def _limited(pieces: Iterator[bytes], place: str) -> bytes:
    content = bytearray()
    for piece in pieces:
        content += piece
        if len(content) > MAX_INDEX_BYTES:
            raise ClientError(f"{place}: the index is larger than the limit of {MAX_INDEX_BYTES:,} bytes", hint=_ASK)
    return bytes(content)


def _parsed(content: bytes, place: str) -> object:
    try:
        index: object = json.loads(content.decode("utf-8"), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise ClientError(
            f"{place}: no index of a catalogue: {str(error)[:200]}", hint="Name the index.json that hubkit wrote."
        ) from None
    return index


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no number in JSON")
