"""What the published Python client offers, by reflection, and which of it has been called."""

# The client is typed but ships no marker that says so.
# pyright: reportMissingTypeStubs=false

import functools
import inspect
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

import honcho
from pydantic import BaseModel

#: Operators that a class of the client may define for its users.
OPERATORS = frozenset(
    {"__iter__", "__next__", "__aiter__", "__anext__", "__len__", "__getitem__", "__str__", "__repr__"}
)


def public_classes() -> list[type]:
    """Every class that the package exports, without its exceptions, each once."""
    found = {getattr(honcho, name) for name in honcho.__all__}
    classes = [each for each in found if inspect.isclass(each) and not issubclass(each, BaseException)]
    return sorted(classes, key=lambda each: each.__name__)


def members(owner: type) -> list[str]:
    """Public methods, properties and operators that the client itself gives a class, inherited ones too."""
    own = [base for base in owner.__mro__ if base.__module__.split(".")[0] == "honcho"]
    names = {name for base in own for name in vars(base)}
    offered = {name for name in names if not name.startswith("_") and name not in vars(BaseModel)} | names & OPERATORS
    return sorted(name for name in offered if _is_code(inspect.getattr_static(owner, name)))


def surface() -> set[str]:
    """`Class.member` for all that can be called or read as a property."""
    return {f"{owner.__name__}.{name}" for owner in public_classes() for name in members(owner)}


@contextmanager
def recorded() -> Generator[set[str]]:
    """Count the client's calls while the block runs: the set that it gives grows by `Class.member`."""
    called: set[str] = set()
    undo: list[Callable[[], None]] = []
    for owner in public_classes():
        for name in members(owner):
            undo.append(_put_back(owner, name))
            setattr(owner, name, _wrapped(inspect.getattr_static(owner, name), f"{owner.__name__}.{name}", called))
    try:
        yield called
    finally:
        for each in undo:
            each()


def _is_code(member: object) -> bool:
    return inspect.isfunction(member) or isinstance(member, property | classmethod)


def _put_back(owner: type, name: str) -> Callable[[], None]:
    if name in vars(owner):
        return functools.partial(setattr, owner, name, vars(owner)[name])
    return functools.partial(delattr, owner, name)


def _wrapped(member: Any, label: str, called: set[str]) -> Any:
    if isinstance(member, property):
        assert member.fget is not None
        return property(_noting(member.fget, label, called), member.fset, member.fdel, member.__doc__)
    unbound = member
    if isinstance(member, classmethod):
        return classmethod(_noting(unbound.__func__, label, called))
    return _noting(member, label, called)


def _noting(function: Callable[..., Any], label: str, called: set[str]) -> Callable[..., Any]:
    @functools.wraps(function)
    def noting(*args: Any, **kwargs: Any) -> Any:
        called.add(label)
        return function(*args, **kwargs)

    return noting
