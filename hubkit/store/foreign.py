"""Names for files that are no model files, by their first bytes: archives, pickles, programs, error pages."""

from __future__ import annotations

from codecs import getincrementaldecoder

CIPHER = "an encrypted MindSpore file"
_TEXTS = (b"<", b"{")
_TEXT_BYTES = 256
_TAR_MAGIC_AT = 257
_TAR_MAGIC = b"ustar"
_LINE_ENDS = dict.fromkeys(b"\t\r\n", " ")

# The first that fits is taken. Signatures that begin like a text may follow white space and a byte order mark.
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\xd8\x5e\x3a\x7f", f"{CIPHER} (AES-GCM)"),
    (b"\xd9\x5e\x3a\x7f", f"{CIPHER} (AES-CBC)"),
    (b"\xda\x5e\x3a\x7f", f"{CIPHER} (SM4-CBC)"),
    (b"PK\x03\x04", "a ZIP archive (PyTorch checkpoints and .npz files are such)"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\x80\x02", "a Python pickle (an older PyTorch checkpoint?)"),
    (b"\x80\x03", "a Python pickle"),
    (b"\x80\x04", "a Python pickle"),
    (b"\x80\x05", "a Python pickle"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x89HDF", "an HDF5 file"),
    (b"\x93NUMPY", "a NumPy array file"),
    (b"\x7fELF", "a program (ELF)"),
    (b"MZ", "a Windows program"),
    (b"\xcf\xfa\xed\xfe", "a program (Mach-O)"),
    (b"\xca\xfe\xba\xbe", "a program (Mach-O or Java)"),
    (b"#!", "a script"),
    (b"version https://git-lfs", "a Git LFS pointer, not the file it points at"),
    (b"<?xml", "an XML page"),
    (b"<", "an HTML page (an error page of the server?)"),
    (b"{", "a JSON text"),
)


def foreign_name(content: memoryview) -> str | None:
    """What the file is, with its article, such as "a gzip archive"; None where its first bytes tell nothing."""
    head = bytes(content[: _TAR_MAGIC_AT + len(_TAR_MAGIC)])
    for signature, name in _SIGNATURES:
        if head.lstrip(b" \t\r\n\xef\xbb\xbf" if signature[:1] in _TEXTS else b"").startswith(signature):
            return name
    return "a tar archive" if head[_TAR_MAGIC_AT:] == _TAR_MAGIC else None


def is_text(content: memoryview) -> bool:
    """Whether a file begins with nothing but text in UTF-8."""
    words = getincrementaldecoder("utf-8-sig")("replace").decode(content[:_TEXT_BYTES])
    return bool(words) and words.translate(_LINE_ENDS).isprintable() and "\ufffd" not in words
