"""Remembers what pure steps gave, by the identity of what went in.

Bundles and Contents hold tens of thousands of tuples: comparing them by value would cost more than the step.
"""

from __future__ import annotations

from collections import OrderedDict
from functools import wraps
from pathlib import PurePath
from threading import Lock
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
R = TypeVar("R")


def remembered(size: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Keep the last ``size`` results of a pure function whose arguments are never changed.

    Strings, numbers, paths and collections of strings count by value, everything else by identity; the
    arguments are held as long as their result is, so an identity can't be taken by another object. A list of
    anything but strings could change between two calls, so nothing is remembered for it. Safe from several
    threads.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        results: OrderedDict[object, tuple[object, R]] = OrderedDict()
        lock = Lock()

        @wraps(function)
        def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
            if any(_can_change(argument) for argument in (*args, *kwargs.values())):
                return function(*args, **kwargs)
            key = (*map(_key, args), *((name, _key(value)) for name, value in sorted(kwargs.items())))
            with lock:
                if key in results:
                    results.move_to_end(key)
                    return results[key][1]
            result = function(*args, **kwargs)
            with lock:
                results[key] = ((args, kwargs), result)
                if len(results) > size:
                    results.popitem(last=False)
            return result

        return wrapper

    return decorate


def _can_change(argument: object) -> bool:
    return isinstance(argument, list) and not all(isinstance(item, str) for item in argument)


def _key(argument: object) -> object:
    if isinstance(argument, (str, int, PurePath)):
        return argument
    if isinstance(argument, (tuple, list)) and all(isinstance(item, str) for item in argument):
        return tuple(argument)
    if isinstance(argument, (set, frozenset)):
        return frozenset(argument)
    return id(argument)
