"""Files that are written: never over what is read or over each other, and whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
import sys
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from secrets import token_hex
from types import TracebackType
from typing import Any, BinaryIO, Self, TextIO, cast

from repaylib.errors import ChoiceError, Phrase, TermsError, write
from repaylib.typing import FilePath

__all__ = [
    "STANDARD",
    "Outputs",
    "close_standard_output",
    "is_stream",
    "parse_file",
    "same_file",
    "write_text",
]

#: A file name: standard output, as in most commands.
STANDARD = "-"


class _Standard:
    """Standard output for text, whose reader may have seen enough, as ``| head`` has."""

    def write(self, text: str) -> int:
        """Write text."""
        try:
            return sys.stdout.write(text)
        except BrokenPipeError:
            close_standard_output()
            return len(text)

    def flush(self) -> None:
        """Write the text held back."""
        try:
            sys.stdout.flush()
        except BrokenPipeError:
            close_standard_output()


@dataclass(slots=True)
class _Output:
    """A file on its way: what it is called, where it stands, and where it is written until then."""

    file: str
    place: str
    replaces: bool
    stream: Any = None
    beside: str | None = None

    def begin(self, mode: str) -> Any:
        """Open it: beside its place, or itself if there is nothing to replace."""
        options: dict[str, Any] = {} if "b" in mode else {"encoding": "utf-8", "newline": ""}
        if _is_standard(self.file):
            return sys.stdout.buffer if "b" in mode else _Standard()
        if is_stream(self.file):
            self.stream = os.fdopen(os.open(self.file, os.O_WRONLY), mode, **options)
            return self.stream
        beside = os.path.join(os.path.dirname(self.place), f".repaylib-{token_hex(8)}.tmp")
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        opened = os.open(beside, flags, 0o666)  # less what the umask takes away
        self.beside, self.stream = beside, os.fdopen(opened, mode, **options)
        return self.stream

    def end(self) -> None:
        """Write the text still held back, and close."""
        if self.stream is None:
            return
        self.stream.flush()
        if self.beside is not None:
            os.fsync(self.stream.fileno())
        self.stream.close()

    def move(self) -> None:
        """Put it in its place, with the permissions of the file that was there."""
        if self.beside is None:
            return
        if (old := _stat(self.place)) is not None:
            if not self.replaces:  # it came meanwhile
                raise _os_error(errno.EEXIST, self.file)
            os.chmod(self.beside, stat.S_IMODE(old.st_mode) & 0o777)
            if hasattr(os, "chown"):
                with suppress(OSError):  # only some may give files away
                    os.chown(self.beside, old.st_uid, old.st_gid)
        os.replace(self.beside, self.place)
        self.beside = None

    def drop(self) -> None:
        """Leave nothing behind."""
        if self.stream is not None:
            with suppress(OSError):
                self.stream.close()
        if self.beside is not None:
            with suppress(OSError):
                os.unlink(self.beside)


@dataclass(slots=True)
class Outputs:
    """The files that one run writes.

    Each is written beside its place, and all are moved there when all are whole. If the run
    fails or is interrupted, the files that were there before are as they were, and nothing is
    left beside them. Devices, pipes and standard output are written as they are.

    Parameters
    ----------
    files
        What asks for a file, such as ``"--out"``, and the file.
    inputs
        What is read, in words, and the file.
    force
        Whether a file that exists is replaced.

    Raises
    ------
    ChoiceError
        If a file is one that is read, or two are the same, whatever they are called; or if one
        exists and `force` does not allow it.
    OSError
        If a file cannot be written where it is to stand.

    Examples
    --------
    >>> import os, tempfile
    >>> file = os.path.join(tempfile.mkdtemp(), "a.txt")
    >>> with Outputs([("--out", file)]) as outputs:
    ...     count = outputs.text(file).write("whole")
    ...     os.path.exists(file)
    False
    >>> os.path.exists(file)
    True
    """

    files: Sequence[tuple[str, FilePath | None]]
    inputs: Sequence[tuple[str, FilePath | None]] = ()
    force: bool = False
    _given: dict[str, _Output] = field(init=False, default_factory=dict)
    _begun: list[_Output] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        before: list[tuple[str, str]] = []
        for what, file in self.files:
            if file is None:
                continue
            name = os.fspath(file)
            for read, other in self.inputs:
                if other is not None and _is_file(os.fspath(other)) and same_file(name, other):
                    raise _taken(what, name, read)
            for earlier, other in before:
                if not _is_nothing(name) and same_file(name, other):
                    raise _taken(what, name, f"{earlier} {other}")
            before.append((what, name))
            self._given[name] = self._checked(what, name)

    def _checked(self, what: str, name: str) -> _Output:
        """Return a file that can be written, as far as that is known before."""
        place = os.path.realpath(name)
        if is_stream(name):
            return _Output(name, place, self.force)
        if not name:
            raise _os_error(errno.ENOENT, name)
        if os.path.isdir(place):
            raise _os_error(errno.EISDIR, name)
        if not os.path.isdir(folder := os.path.dirname(place)):
            raise _os_error(errno.ENOTDIR if os.path.exists(folder) else errno.ENOENT, name)
        if os.path.exists(place):
            if not self.force:
                raise ChoiceError(
                    what,
                    name,
                    "a file that does not exist yet",
                    "write another name, or add --force to replace it",
                )
            if not os.access(place, os.W_OK):
                raise _os_error(errno.EACCES, name)
        if not os.access(folder, os.W_OK):
            raise _os_error(errno.EACCES, name)
        return _Output(name, place, self.force)

    @property
    def standard(self) -> bool:
        """Whether one of them is standard output, so that nothing else may be printed there."""
        return any(_is_standard(name) for name in self._given)

    def text(self, file: FilePath) -> TextIO:
        """Begin a file of text, in UTF-8, its line ends as they are written."""
        return cast("TextIO", self._begin(file, "w"))

    def binary(self, file: FilePath) -> BinaryIO:
        """Begin a file of bytes."""
        return cast("BinaryIO", self._begin(file, "wb"))

    def _begin(self, file: FilePath, mode: str) -> Any:
        output = replace(self._given[os.fspath(file)])
        self._begun.append(output)
        try:
            return output.begin(mode)
        except OSError as error:
            raise _os_error(error.errno, output.file) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if error is None:
                self._finish()
        finally:
            for output in self._begun:
                output.drop()
        if isinstance(error, OSError) and error.filename is None and self._begun:
            error.filename = self._begun[-1].file  # as "no space left" does not say where

    def _finish(self) -> None:
        for step in (_Output.end, _Output.move):
            for output in self._begun:
                try:
                    step(output)
                except OSError as error:
                    raise _os_error(error.errno, output.file) from error


def parse_file(value: object, parameter: str) -> str:
    """Read the name of a file, as text or a path."""
    name = os.fspath(value) if isinstance(value, (str, os.PathLike)) else None
    try:
        if isinstance(name, str) and name and b"\0" not in os.fsencode(name):
            return name
    except UnicodeEncodeError:  # a half of a surrogate pair
        pass
    hint = write(**{parameter: "schedule.csv"})
    raise TermsError(parameter, value, "the name of a file, as text or a path", hint)


def write_text(file: FilePath, text: str) -> None:
    """Write a file, in UTF-8; one that exists is replaced, as by ``open(file, "w")``."""
    name = parse_file(file, "file")
    with Outputs([("file", name)], force=True) as outputs:
        outputs.text(name).write(text)


def is_stream(file: FilePath) -> bool:
    """Whether a name is a device, a pipe or standard output: nothing that could be replaced."""
    name = os.fspath(file)
    if _is_standard(name):
        return True
    found = _stat(name)
    return found is not None and not (stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode))


def same_file(one: FilePath, other: FilePath) -> bool:
    """Whether two names are of one file, be it there or not.

    Links, relative names and the cases of letters, where the file system does not tell them
    apart, are seen through.

    Examples
    --------
    >>> same_file("a.csv", "./a.csv"), same_file("a.csv", "b.csv")
    (True, False)
    """
    names = os.fspath(one), os.fspath(other)
    first, second = (_stat(name) for name in names)
    if first is not None and second is not None:
        return os.path.samestat(first, second)
    if first is not None or second is not None:
        return False
    places = [os.path.realpath(name) for name in names]
    if places[0] == places[1]:
        return True
    folders = [_stat(os.path.dirname(place)) for place in places]
    if folders[0] is None or folders[1] is None or not os.path.samestat(folders[0], folders[1]):
        return False
    names = os.path.basename(places[0]), os.path.basename(places[1])
    return names[0] == names[1] or (
        _folded(names[0]) == _folded(names[1])
        and _are_one(os.path.dirname(places[0]), names[0], names[1])
    )


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _are_one(folder: str, one: str, other: str) -> bool:
    """Whether a file system takes two spellings for one name; asked with a file of no other use."""
    begun = os.path.join(folder, f".repaylib-{token_hex(8)}-")
    try:
        os.close(os.open(begun + one, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError:
        return False
    try:
        return os.path.exists(begun + other)
    finally:
        os.unlink(begun + one)


def close_standard_output() -> None:
    """Let what is still to be printed go nowhere, so that Python does not try again at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _stat(name: str) -> os.stat_result | None:
    """Return the status of a file, links followed; ``None`` if there is none."""
    if name == STANDARD:
        return _standard()
    try:
        return os.stat(name)
    except (FileNotFoundError, NotADirectoryError):
        return None


def _standard() -> os.stat_result | None:
    try:
        return os.fstat(1)
    except OSError:  # it is closed
        return None


def _is_file(name: str) -> bool:
    found = _stat(name)
    return found is not None and stat.S_ISREG(found.st_mode)


def _is_nothing(name: str) -> bool:
    """Whether a name is the device that keeps nothing."""
    found, nothing = _stat(name), _stat(os.devnull)
    return found is not None and nothing is not None and os.path.samestat(found, nothing)


def _is_standard(name: str) -> bool:
    """Whether a name is standard output, by that name or as ``/dev/stdout``."""
    if name == STANDARD:
        return True
    found, standard = _stat(name), _standard()
    if found is None or standard is None or _is_nothing(name):
        return False
    return os.path.samestat(found, standard)


def _taken(what: str, name: str, other: str) -> ChoiceError:
    return ChoiceError(what, name, Phrase("another file than {}", other), "write another name")


def _os_error(number: int | None, file: str) -> OSError:
    code = errno.EIO if number is None else number
    return OSError(code, os.strerror(code), file)
