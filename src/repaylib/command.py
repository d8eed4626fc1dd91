"""What the commands of the command line share: one line for what is wrong, output that may end."""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any, NoReturn

__all__ = ["Parser", "one_line", "said", "whole"]


class Parser(argparse.ArgumentParser):
    """A parser that says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        """End with the message and exit code 2."""
        self.exit(2, f"repaylib: {one_line(message)}; see {self.prog} --help\n")


def whole(text: str) -> Any:
    """Read a whole number; other text is left for the library to refuse, with what to write."""
    plain = text.strip().removeprefix("-")
    return int(text) if plain.isdigit() and plain.isascii() and len(plain) < 20 else text


def one_line(message: str) -> str:
    """Return a message without its line breaks."""
    return " ".join(message.split())


def said(text: str) -> int:
    """Print the outcome; return the exit code."""
    try:
        print(text, flush=True)
    except BrokenPipeError:  # the reader has seen enough, as ``| head`` has
        _close_output()
    except OSError as error:
        print(f"repaylib: cannot print: {error.strerror}; write elsewhere", file=sys.stderr)
        _close_output()
        return 1
    return 0


def _close_output() -> None:
    """Let what is still to be printed go nowhere, so that Python does not try again at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
