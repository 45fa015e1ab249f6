"""Opening model files: mapped, not read, and told apart by their content."""

from __future__ import annotations

import mmap
from pathlib import Path

from hubkit.errors import ConvertError

# What a file that is not what its name says usually is, by its first bytes.
_CIPHER = "an encrypted MindSpore file"
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\xd8\x5e\x3a\x7f", f"{_CIPHER} (AES-GCM)"),
    (b"\xd9\x5e\x3a\x7f", f"{_CIPHER} (AES-CBC)"),
    (b"\xda\x5e\x3a\x7f", f"{_CIPHER} (SM4-CBC)"),
    (b"PK\x03\x04", "a ZIP archive (PyTorch checkpoints and .npz files are such)"),
    (b"\x80\x02", "a Python pickle (an older PyTorch checkpoint?)"),
    (b"\x80\x03", "a Python pickle"),
    (b"\x80\x04", "a Python pickle"),
    (b"\x80\x05", "a Python pickle"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x89HDF", "an HDF5 file"),
    (b"\x93NUMPY", "a NumPy array file"),
    (b"version https://git-lfs", "a Git LFS pointer, not the file it points at"),
    (b"<?xml", "an XML page"),
    (b"<", "an HTML page (an error page of the server?)"),
    (b"{", "a JSON text"),
)
_SAFETENSORS_BRACE = 8


def map_file(path: Path, kind: str) -> memoryview:
    """The content of ``path`` as a read-only view of a memory map; ``kind`` ("MINDIR", "checkpoint") is for messages.

    Raises ConvertError where the file is missing, unreadable or empty.
    """
    try:
        with path.open("rb") as stream:
            return memoryview(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ))
    except FileNotFoundError:
        raise ConvertError(f"there is no {kind} file {path}", hint="Check the path.") from None
    except ValueError:  # what mmap says of a file of no bytes
        raise ConvertError(f"the {kind} file {path} is empty", hint="Fetch or export it again.") from None
    except OSError as error:
        raise ConvertError(
            f"the {kind} file {path} cannot be read: {error.strerror}", hint="Check its permissions."
        ) from None


def not_a(kind: str, path: Path, content: memoryview, detail: str) -> ConvertError:
    """The error for a file that is no ``kind``; it says what the file looks like instead, where that is known."""
    found = _recognise(content)
    if found is None:
        return ConvertError(
            f"{path} is not a {kind} file, or it is damaged: {detail}",
            hint="Compare its SHA-256 with the published one, and fetch or export it again.",
        )
    if found.startswith(_CIPHER):
        hint = "Decrypt it first: load it in MindSpore with dec_key and save it again without a key."
    else:
        hint = f"Give the {kind} file itself; if this came from a server, fetch it again."
    return ConvertError(f"{path} is not a {kind} file: it is {found}", hint=hint)


def _recognise(content: memoryview) -> str | None:
    head = bytes(content[:64])
    if len(head) > _SAFETENSORS_BRACE and head[_SAFETENSORS_BRACE : _SAFETENSORS_BRACE + 1] == b"{":
        length = int.from_bytes(head[:_SAFETENSORS_BRACE], "little")
        if length < len(content):
            return "a safetensors file"
    for signature, name in _SIGNATURES:
        if head.lstrip(b" \t\r\n\xef\xbb\xbf" if signature[:1] in b"<{" else b"").startswith(signature):
            return name
    return None
