"""What `apos login` stores: the address of a service and a key for it, in a file that only its owner can read."""

import json
import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkstemp

FOLDER, FILE = "apos", "sign-in.json"
OTHERS = 0o077
HAS_MODES = os.name == "posix"


class Unusable(Exception):
    """What is stored cannot be used, or nothing can be stored; the text says why, and never the key."""


@dataclass(frozen=True)
class SignIn:
    """The address of a service, and a key for it; the key does not show."""

    url: str
    key: str = field(repr=False)


def sign_in_file(environ: Mapping[str, str]) -> Path:
    """Where it is stored: in XDG_CONFIG_HOME where that is a whole path, else in .config of your home."""
    base = environ.get("XDG_CONFIG_HOME", "")
    folder = Path(base) if Path(base).is_absolute() else Path(environ.get("HOME") or Path.home()) / ".config"
    return folder / FOLDER / FILE


def stored_sign_in(environ: Mapping[str, str]) -> SignIn | None:
    """What is stored; None where nothing is. Raises Unusable, also where others could have read the key."""
    file = sign_in_file(environ)
    try:
        with file.open(encoding="utf-8") as opened:
            if HAS_MODES and stat.S_IMODE(os.fstat(opened.fileno()).st_mode) & OTHERS:
                raise Unusable(f"{file} can be read by others, so its key may be known to them.")
            document = json.load(opened)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise Unusable(
            f"{file} cannot be read: {getattr(error, 'strerror', None) or 'it is not what was stored'}."
        ) from None
    url, key = (document.get("url"), document.get("key")) if isinstance(document, dict) else (None, None)
    if not (isinstance(url, str) and url and isinstance(key, str) and key):
        raise Unusable(f"{file} is not what was stored.")
    return SignIn(url, key)


def store(environ: Mapping[str, str], sign_in: SignIn) -> Path:
    """Stores it, whole or not at all, readable by its owner from the first moment. Raises Unusable."""
    file = sign_in_file(environ)
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if HAS_MODES:
            file.parent.chmod(0o700)
        _replace(file, json.dumps({"url": sign_in.url, "key": sign_in.key}))
    except OSError as error:
        raise Unusable(f"{file} cannot be written: {error.strerror}.") from None
    return file


def _replace(file: Path, text: str) -> None:
    # mkstemp makes a file that only its owner can read.
    descriptor, name = mkstemp(dir=file.parent, prefix=f".{file.name}.")
    unfinished = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
            opened.write(f"{text}\n")
            opened.flush()
            os.fsync(opened.fileno())
        unfinished.replace(file)
    except BaseException:
        with suppress(OSError):
            unfinished.unlink()
        raise


def forget(environ: Mapping[str, str]) -> Path | None:
    """Removes it; the file that it was, None where nothing was stored. Raises Unusable."""
    file = sign_in_file(environ)
    try:
        file.unlink()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise Unusable(f"{file} cannot be removed: {error.strerror}.") from None
    return file
