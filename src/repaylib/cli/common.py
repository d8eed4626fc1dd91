"""What the commands share: one line for what is wrong, in either language, output that may end."""

from __future__ import annotations

import argparse
import errno
import re
import shlex
import signal
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn, get_args

from repaylib.errors import Phrase, RepayError, as_python
from repaylib.output.files import close_standard_output
from repaylib.phrases.phrase import WriteArgument
from repaylib.typing import Lang
from repaylib.wording.sentence import parse_language

__all__ = [
    "Parser",
    "add_force",
    "add_language",
    "as_options",
    "choose",
    "in_options",
    "in_toml",
    "interruptible",
    "one_line",
    "option",
    "reason_of",
    "refuse",
    "unusable",
    "write_output",
    "whole",
]


class Parser(argparse.ArgumentParser):
    """A parser that says what is wrong in one line, and keeps the lines of its description."""

    def __init__(self, **options: Any) -> None:
        super().__init__(formatter_class=_Format, **options)
        self.lang: Lang = "en"

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Read the arguments; what is wrong with them is said in the language that they name."""
        self.lang = _language_in(sys.argv[1:] if args is None else args)
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        """End with the message and exit code 2."""
        known = message if isinstance(message, Phrase) else _as_phrase(message)
        refuse(Phrase("{}; see {} --help", known, self.prog), self.lang)
        self.exit(2)


#: What argparse says, with slots for its values.
_ARGPARSE = (
    Phrase("argument {}: {}"),
    Phrase("unrecognized arguments: {}"),
    Phrase("the following arguments are required: {}"),
    Phrase("ambiguous option: {} could match {}"),
    Phrase("ignored explicit argument {}"),
    Phrase("expected one argument"),
    Phrase("expected at most one argument"),
    Phrase("expected at least one argument"),
    Phrase("invalid choice: {}, maybe you meant {}? (choose from {})"),
    Phrase("invalid choice: {} (choose from {})"),
)
#: Why a file cannot be used, by what the system says.
_REASONS = {
    errno.EACCES: Phrase("Permission denied"),
    errno.EEXIST: Phrase("File exists"),
    errno.EFBIG: Phrase("File too large"),
    errno.EIO: Phrase("Input/output error"),
    errno.EISDIR: Phrase("Is a directory"),
    errno.ELOOP: Phrase("Too many levels of symbolic links"),
    errno.EMFILE: Phrase("Too many open files"),
    errno.ENAMETOOLONG: Phrase("File name too long"),
    errno.ENOENT: Phrase("No such file or directory"),
    errno.ENOSPC: Phrase("No space left on device"),
    errno.ENOTDIR: Phrase("Not a directory"),
    errno.EPERM: Phrase("Operation not permitted"),
    errno.EROFS: Phrase("Read-only file system"),
}


def reason_of(error: OSError) -> str:
    """Return why a file cannot be used."""
    return _REASONS.get(error.errno or 0) or error.strerror or type(error).__name__


def unusable(error: OSError) -> Phrase:
    """Return what is said of a file that cannot be read or written."""
    return Phrase("{}: {}; write another file name", error.filename, reason_of(error))


def refuse(message: str, lang: Lang | None) -> int:
    """Print in a line what is wrong, in a language, and return the exit code."""
    text = parse_language(lang or "en").render(message)
    print(f"repaylib: {one_line(text)}", file=sys.stderr)
    return 2


def _language_in(arguments: Sequence[str]) -> Lang:
    """Return the language that arguments name, whatever else may be wrong with them.

    Examples
    --------
    >>> _language_in(["--rate", "12", "--lang", "zh", "--bad"]), _language_in(["--lang=fr"])
    ('zh', 'en')
    """
    found: Lang = "en"
    for number, word in enumerate(arguments):
        name, equals, value = word.partition("=")
        if len(name) > 2 and "--lang".startswith(name):
            said = value if equals else "".join(arguments[number + 1 : number + 2])
            found = next((lang for lang in get_args(Lang) if lang == said), "en")
    return found


def _as_phrase(message: str) -> Phrase:
    """Return a message of argparse with its parts; one that is not known stays as it is.

    Examples
    --------
    >>> said = _as_phrase("argument --rate: expected one argument")
    >>> said.template, said.values
    ('argument {}: {}', ('--rate', 'expected one argument'))
    """
    for known in _ARGPARSE:
        pattern = re.escape(known.template).replace(r"\{\}", "(.+?)")
        if found := re.fullmatch(pattern, message, re.DOTALL):
            return Phrase(known.template, *map(_as_phrase, found.groups()))
    return Phrase("{}", message)


class _Format(argparse.RawDescriptionHelpFormatter):
    """Help of at most 88 columns, one line an option."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=27, width=88)


def choose(
    parser: argparse._ActionsContainer, name: str, words: Sequence[str], **options: Any
) -> None:
    """Let a parser read one of several words; its help names as many as fit a line."""
    listed = ", ".join(words)
    short = listed if len(listed) <= 56 else ", ".join(words[:3]) + ", ..."
    help_ = "; ".join(part for part in (options.pop("help", ""), short) if part)
    parser.add_argument(name, choices=words, metavar="WORD", help=help_, **options)


def whole(text: str) -> Any:
    """Read a whole number; other text is left for the library to refuse, with what to write."""
    plain = text.strip().removeprefix("-")
    return int(text) if plain.isdigit() and plain.isascii() and len(plain) < 20 else text


def option(name: str) -> str:
    """Return the option of a parameter."""
    return f"--{name.replace('_', '-')}"


def in_options(error: RepayError, options: Mapping[str, str]) -> Phrase:
    """Return the message of an error, with each parameter that has an option written as that.

    Examples
    --------
    >>> from repaylib.errors import CountError, write
    >>> error = CountError("payments", 0, "a whole number", write(payments=12))
    >>> in_options(error, {"payments": "--instalments"})
    '--instalments: got 0; expected a whole number; write --instalments 12'
    """
    return error.message(
        options.get(error.parameter, error.parameter), as_options(error.parameter, options)
    )


def as_options(parameter: str, options: Mapping[str, str]) -> WriteArgument:
    """Return what writes an argument as an option; one without a name is of the parameter.

    Examples
    --------
    >>> as_options("rate", {"formats": "--formats"})("formats", {"rate": "bp", "amount": "major"})
    '--formats rate=bp --formats amount=major'
    """

    def write(name: str | None, value: object) -> str:
        known = options.get(parameter if name is None else name)
        if known is None:
            return as_python(name, value)
        if isinstance(value, dict):
            pairs = (shlex.quote(f"{what}={written}") for what, written in value.items())
            return " ".join(f"{known} {pair}" for pair in pairs)
        return known if value is True else f"{known} {shlex.quote(str(value))}"

    return write


def in_toml(name: str | None, value: object) -> str:
    """Write an argument of a hint as a TOML file has it: ``payments = 12``."""
    if isinstance(value, bool):
        text = str(value).lower()
    elif isinstance(value, dict):
        text = f"{{{', '.join(in_toml(key, each) for key, each in value.items())}}}"
    else:
        text = as_python(None, value)
    return text if name is None else f"{name.rpartition('.')[2].partition('[')[0]} = {text}"


def one_line(message: str) -> str:
    r"""Return a message without its line breaks, and with escapes for what does not print.

    Examples
    --------
    >>> print(one_line("name: got\n'x\0'"))
    name: got 'x\x00'
    """
    line = " ".join(message.split())
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode() for each in line
    )


def write_output(text: str, *, beside: bool = False, lang: Lang | None = None) -> int:
    """Print the outcome, to standard error if files go to standard output; return the exit code."""
    try:
        print(text, flush=True, file=sys.stderr if beside else sys.stdout)
    except BrokenPipeError:  # the reader has seen enough, as ``| head`` has
        close_standard_output()
    except OSError as error:
        refuse(Phrase("cannot print: {}; write elsewhere", reason_of(error)), lang)
        close_standard_output()
        return 1
    return 0


def add_force(parser: argparse._ActionsContainer) -> None:
    """Let a parser read whether files that exist are replaced."""
    parser.add_argument("--force", action="store_true", help="replace files that exist")


def add_language(parser: argparse._ActionsContainer, *, default: Lang | None) -> None:
    """Let a parser read the language of what is printed."""
    choose(parser, "--lang", get_args(Lang), default=default, help="language of what is printed")


@contextmanager
def interruptible() -> Iterator[None]:
    """Let a command clean up before a signal ends it."""
    signals = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    here = threading.current_thread() is threading.main_thread()
    handled = [number for number in signals if here and signal.getsignal(number) is signal.SIG_DFL]
    for number in handled:
        signal.signal(number, _end)
    try:
        yield
    finally:
        for number in handled:
            signal.signal(number, signal.SIG_DFL)


def _end(number: int, _: object) -> NoReturn:
    sys.exit(128 + number)
