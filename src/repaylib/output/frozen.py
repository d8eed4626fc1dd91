"""The base of values whose attributes are set once, when they are built."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn, Self

__all__ = ["Frozen"]


class Frozen:
    """A value whose attributes cannot be set or deleted. A subclass stores them with `_store`."""

    __slots__ = ()

    if TYPE_CHECKING:

        def _set(self, *args: Any, **options: Any) -> None:
            """Store the parts; a subclass that is made of parts has it."""

    @classmethod
    def _made(cls, *args: Any, **options: Any) -> Self:
        """Return a value from its parts, which are not read and checked again."""
        value = object.__new__(cls)
        value._set(*args, **options)
        return value

    def _store(self, **fields: Any) -> None:
        for name, value in fields.items():
            object.__setattr__(self, name, value)

    def __setstate__(self, state: Any) -> None:
        """Take back what ``pickle`` and ``copy`` know: the dictionary of the value, its slots."""
        for fields in state if isinstance(state, tuple) else (state,):
            self._store(**(fields or {}))

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a {type(self).__name__} is frozen; {name} cannot be set")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"a {type(self).__name__} is frozen; {name} cannot be deleted")
