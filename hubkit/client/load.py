"""Loading a network with its published weights: the call of an application developer."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hubkit.client.model import ClientError
from hubkit.client.pull import HubPlace, fetch_options, find_model, obtain
from hubkit.store.blobs import BlobStore
from hubkit.store.cache_root import default_root
from hubkit.store.content import Kind

if TYPE_CHECKING:
    import mindspore


def load(
    uid: str,
    *args: Any,
    pretrained: bool = True,
    cards: Path | str = "cards",
    catalogue: str = "",
    offline: bool | None = None,
    **kwargs: Any,
) -> mindspore.nn.Cell:
    """The network of a model, in inference mode, with its published weights.

    It stands for ``mindspore_hub.load``. The network is built by code of hubkit, never by code that comes with a
    card; the checkpoint is read without pickle. There is no ``force_reload``: a cached file is verified each time.

    Args:
        uid: as `hubkit.pull` takes it.
        *args, **kwargs: for the network's builder, such as ``in_channels``, over those that the card names; without
            any, the published variant.
        pretrained: whether to load the weights; without, they are MindSpore's initial ones and nothing is fetched.
        cards, catalogue, offline: as `hubkit.pull` takes them.

    Raises ClientError and FetchError as `hubkit.pull` does; ConvertError where no builder is known for the card, an
    argument is refused, MindSpore is missing, or a parameter is missing from the checkpoint, not in the network, or
    of another shape or type: all are named, with the nearest names.
    """
    from hubkit import nets

    store, options = BlobStore(default_root()), fetch_options(offline)
    hub = HubPlace(cards=Path(cards), catalogue=catalogue).open(store, options)
    model, note = find_model(uid, hub)
    if note:
        warnings.warn(note, stacklevel=2)
    if not model.network:
        raise ClientError(
            f"{hub.name} does not name a network of hubkit's for {model.uid}",
            hint="A repository's code makes it, which hubkit.load never runs; or an older hubkit wrote the catalogue.",
        )
    file = model.file(Kind.CKPT) if pretrained else None
    cell = nets.build(
        model.network, *args, **{**model.arguments, **kwargs}
    )  # before a long download, since it may refuse
    if file is not None:
        from hubkit.convert.checkpoint import load_strict, read_checkpoint

        load_strict(cell, read_checkpoint(obtain(model.uid, file, hub.base, None, store, options).path))
    return cell
