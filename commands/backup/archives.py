"""The file a backup is: a compressed tar with a manifest, the site's keys and a dump of the database, each with its digest."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import tarfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, Any

from commands import refusals

FORMAT = 1  # of the file; one with a higher number was made by a newer Foresay
MANIFEST = "manifest.json"
DUMPS = {"sqlite": "database.sqlite", "postgresql": "database.pgdump"}
KEYS = ("secret_key", "vapid_key")
LARGEST = 1_000_000  # bytes of a manifest or a key; the largest manifest has a line for each table
PIECE = 1 << 20  # bytes in memory at once
EFFORT = 3  # of gzip: 6 takes twice as long for a twentieth less
BROKEN = (EOFError, gzip.BadGzipFile, zlib.error, tarfile.TarError)

Told = Callable[[int], None]  # hears of bytes that are done


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself."""

    kind: str  # of database: a key of `DUMPS`
    revision: str  # the migration the database had got to
    created_at: str
    rows: Mapping[str, int]  # in each table
    digests: Mapping[str, str]  # SHA-256 of everything else in the file
    size: int = 0  # bytes of the dump
    format: int = FORMAT

    @property
    def dump(self) -> str:
        """Return the name of the dump in the file."""
        return DUMPS[self.kind]

    def __str__(self) -> str:
        return f"{sum(self.rows.values())} rows in {len(self.rows)} tables, as of {self.created_at}"


def write(path: Path, manifest: Manifest, dump: Path, keys: Mapping[str, str], *, told: Told) -> None:
    """Write a backup that only its owner can read, and see that it is on the disk."""
    with for_the_owner(path) as file:
        packing = gzip.GzipFile(fileobj=file, mode="wb", compresslevel=EFFORT, filename="")
        with packing as packed, tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar:
            _add(tar, MANIFEST, _in_words(_complete(manifest, dump, keys)))
            for name, key in keys.items():
                _add(tar, name, key.encode())
            with dump.open("rb") as content:
                tar.addfile(_member(manifest.dump, dump.stat().st_size), _Counted(content, told))


def unpack(path: Path, folder: Path, *, told: Told) -> Manifest:
    """Write what is in a backup into a folder, each thing under its own name, and return its manifest.

    Ends the command unless everything is there, and is what its digest says.
    """
    with _opened(path) as tar:
        manifest = _manifest_in(tar)
        while member := tar.next():
            if member.name not in manifest.digests or not member.isreg() or (folder / member.name).exists():
                refusals.stop(f"{path} holds something that does not belong in a backup: {member.name!r}.")
            if _written(tar.extractfile(member), folder / member.name, told) != manifest.digests[member.name]:
                refusals.stop(f"{path} is damaged: {member.name} is not what its digest says.")
    if missing := sorted(name for name in manifest.digests if not (folder / name).exists()):
        refusals.stop(f"{path} is not whole: {missing[0]} is missing.")
    return manifest


def manifest_of(path: Path) -> Manifest:
    """Return what a backup says of itself, without having looked at the rest."""
    with _opened(path, is_read_to_its_end=False) as tar:
        return _manifest_in(tar)


@contextmanager
def for_the_owner(path: Path) -> Iterator[IO[bytes]]:
    """Give a new file that only its owner can read, and see that what is written into it is on the disk."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def keep_name(folder: Path) -> None:
    """See that the names in a folder are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


@contextmanager
def _opened(path: Path, *, is_read_to_its_end: bool = True) -> Iterator[tarfile.TarFile]:
    try:
        with gzip.open(path) as packed, tarfile.open(fileobj=packed, mode="r|") as tar:
            yield tar
            while is_read_to_its_end and packed.read(PIECE):
                pass  # at the end stands a checksum of all
    except BROKEN as error:
        refusals.stop(f"{path} is no backup, or not whole: {error}.")


def _manifest_in(tar: tarfile.TarFile) -> Manifest:
    member = tar.next()
    file = tar.extractfile(member) if member and member.name == MANIFEST and member.size <= LARGEST else None
    if file is None:
        raise tarfile.ReadError("it does not begin with a manifest")
    try:
        said = json.loads(file.read())
        if said["format"] > FORMAT:
            refusals.stop("The backup was made by a newer version of Foresay.")
        manifest = Manifest(**said)
        is_right = manifest.kind in DUMPS and {manifest.dump} <= manifest.digests.keys() <= {manifest.dump, *KEYS}
        str(manifest)
    except (ValueError, TypeError, KeyError, AttributeError):
        is_right = False
    if not is_right:
        raise tarfile.ReadError("its manifest cannot be read")
    return manifest


def _written(content: IO[bytes] | None, path: Path, told: Told) -> str:
    """Write what is in the file under a name of our own, and return its digest."""
    digest = hashlib.sha256()
    with for_the_owner(path) as file:
        while content and (piece := content.read(PIECE)):
            digest.update(piece)
            file.write(piece)
            told(len(piece))
    return digest.hexdigest()


def _complete(manifest: Manifest, dump: Path, keys: Mapping[str, str]) -> Manifest:
    digests = {name: hashlib.sha256(key.encode()).hexdigest() for name, key in keys.items()}
    with dump.open("rb") as file:
        digests[manifest.dump] = hashlib.file_digest(file, "sha256").hexdigest()
    return replace(manifest, digests=digests, size=dump.stat().st_size)


def _in_words(manifest: Manifest) -> bytes:
    return json.dumps(asdict(manifest), indent=1, sort_keys=True).encode()


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    tar.addfile(_member(name, len(content)), io.BytesIO(content))


class _Counted(io.RawIOBase):
    """A file of which somebody hears how much has been read."""

    def __init__(self, file: IO[bytes], told: Told) -> None:
        self._file, self._told = file, told

    def read(self, size: int = -1) -> Any:
        """Read on."""
        piece = self._file.read(size)
        self._told(len(piece))
        return piece
