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


class UnusableSignIn(Exception):
    """The stored sign-in cannot be used, or none can be stored. The text says why, and never contains the key."""


@dataclass(frozen=True)
class SignIn:
    """The address of a service, and a key for it, which is left out of the representation."""

    url: str
    key: str = field(repr=False)


def sign_in_file(environ: Mapping[str, str]) -> Path:
    """Where it is stored: in XDG_CONFIG_HOME if that is an absolute path, else in ~/.config."""
    base = environ.get("XDG_CONFIG_HOME", "")
    folder = Path(base) if Path(base).is_absolute() else Path(environ.get("HOME") or Path.home()) / ".config"
    return folder / FOLDER / FILE


def stored_sign_in(environ: Mapping[str, str]) -> SignIn | None:
    """The stored sign-in, or None. Raises UnusableSignIn, also if others could have read the key."""
    file = sign_in_file(environ)
    try:
        with file.open(encoding="utf-8") as opened:
            if HAS_MODES and stat.S_IMODE(os.fstat(opened.fileno()).st_mode) & OTHERS:
                raise UnusableSignIn(f"{file} can be read by others, so its key may be known to them.")
            document = json.load(opened)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise UnusableSignIn(
            f"{file} cannot be read: {getattr(error, 'strerror', None) or 'it is not JSON'}."
        ) from None
    url, key = (document.get("url"), document.get("key")) if isinstance(document, dict) else (None, None)
    if not (isinstance(url, str) and url and isinstance(key, str) and key):
        raise UnusableSignIn(f"{file} does not contain an address and a key.")
    return SignIn(url, key)


def store(environ: Mapping[str, str], sign_in: SignIn) -> Path:
    """Stores a sign-in, completely or not at all, so that only its owner can ever read it. Raises UnusableSignIn."""
    file = sign_in_file(environ)
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if HAS_MODES:
            file.parent.chmod(0o700)
        _replace(file, json.dumps({"url": sign_in.url, "key": sign_in.key}))
    except OSError as error:
        raise UnusableSignIn(f"{file} cannot be written: {error.strerror}.") from None
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


def remove(environ: Mapping[str, str]) -> Path | None:
    """Removes the stored sign-in; returns its file, or None if nothing was stored. Raises UnusableSignIn."""
    file = sign_in_file(environ)
    try:
        file.unlink()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise UnusableSignIn(f"{file} cannot be removed: {error.strerror}.") from None
    return file
