"""Zip containers, opened safely: how much they hold is known before anything is unpacked.

>>> from io import BytesIO
>>> data = BytesIO()
>>> with zipfile.ZipFile(data, "w") as made:
...     made.writestr("word/document.xml", "<a/>")
>>> names_in(data.getvalue())
['word/document.xml']
"""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO
from lzma import LZMAError

from corpus.errors import TranscriptParseError

MAX_UNPACKED = 64 * 1024 * 1024  # bytes
MAX_ENTRIES = 10_000
MAX_MARKUP = 3_000_000  # "<" in all XML parts: some 120 bytes of memory each
_CHUNK = 1024 * 1024


def names_in(data: bytes) -> list[str]:
    """Names of the files in a zip container; none where it is no zip, or a broken one."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return []


def check_archive(data: bytes, form: str) -> None:
    """Unpack a zip container once, piece by piece and keeping nothing, to know that it is whole and not too large.

    Raises:
        TranscriptParseError: It is broken, encrypted, or holds more than ``MAX_UNPACKED`` bytes, declared or not.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
                raise _too_large(form)
            total = markup = 0
            for entry in entries:
                with archive.open(entry) as file:
                    while chunk := file.read(_CHUNK):
                        total += len(chunk)
                        markup += chunk.count(b"<") if entry.filename.endswith(".xml") else 0
                        if total > MAX_UNPACKED or markup > MAX_MARKUP:
                            raise _too_large(form)
    except (zipfile.BadZipFile, zlib.error, LZMAError, ValueError, NotImplementedError, EOFError, OSError) as error:
        raise TranscriptParseError(f"The {form} is damaged ({error}); open it and save it again.") from error
    except RuntimeError as error:  # what zipfile raises for a password
        raise TranscriptParseError(f"The {form} is encrypted; save it without a password.") from error


def read_entry(data: bytes, name: str) -> bytes:
    """One file of a container that ``check_archive`` has let pass."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return archive.read(name)


def _too_large(form: str) -> TranscriptParseError:
    return TranscriptParseError(
        f"The {form} unpacks to more than {MAX_UNPACKED // 1024 // 1024} MB, or to millions of elements; "
        "save its text alone."
    )
