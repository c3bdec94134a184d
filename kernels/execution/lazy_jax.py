"""JAX, imported with its first use: requests, registries and the window are there before it.

    from kernels.execution.lazy_jax import jax, jit, jnp, lax

`jax`, `jnp`, `jsp` and `lax` stand for the modules, `jit` and `custom_jvp` for the decorators. Importing JAX takes most of a second,
which a window should not wait for. Where a script has imported JAX already, it is used at once.
"""

import functools
import importlib
import inspect
import sys
import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from itertools import compress
from types import FunctionType
from typing import TYPE_CHECKING, Any

from kernels.execution.kept_kernels import Kernel, kernel_for
from kernels.execution.stored_kernels import StoredKernel

__all__ = ["custom_jvp", "jax", "jit", "jnp", "jsp", "lax", "on_load", "report_calls"]

_lock = threading.RLock()
_callbacks: list[Callable[[], None]] = []
_reports: list[Callable[[Any, tuple[Any, ...]], None]] = []
_state = "absent"
"""Then `loading`, while the callbacks run, then `loaded`."""


def on_load(callback: Callable[[], None]) -> None:
    """Call `callback` once, as soon as JAX has been imported and before anything here uses it; at once if it is there already."""
    with _lock:
        if _state == "absent":
            _callbacks.append(callback)
        else:
            callback()
    if "jax" in sys.modules:
        _load()


def _load() -> None:
    global _state
    if _state == "loaded":
        return
    with _lock:
        if _state != "absent":  # another thread has loaded it meanwhile, or a callback uses it
            return
        importlib.import_module("jax")
        _state = "loading"
        for callback in _callbacks:
            callback()
        _state = "loaded"


@contextmanager
def report_calls(report: Callable[[Any, tuple[Any, ...]], None]) -> Iterator[None]:
    """In the block under `with`, `report(kernel, arguments)` comes before each call of a function under `jit` here."""
    _reports.append(report)
    try:
        yield
    finally:
        _reports.remove(report)


class _Module:
    """Stands for a module of JAX: the first use of an attribute imports it."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        _load()
        value = getattr(importlib.import_module(self._name), attribute)
        setattr(self, attribute, value)  # found without __getattr__ from now on
        return value


def _formula_in(arguments: tuple[Any, ...]) -> Hashable | None:
    """The typed formula that a kernel is called for, known by its `cost`, or that the rule or function of an argument is; else None."""
    for argument in arguments:
        kind = type(argument)
        if kind.__module__.startswith("kernels."):
            while argument is not None and not hasattr(type(argument), "cost"):
                argument = getattr(argument, "rule", None) or getattr(argument, "function", None)
            if argument is not None:
                return argument
    return None


class _Deferred:
    """A function to which a transformation of JAX's is applied with its first call; attributes are those of the transformed one."""

    def __init__(self, transformation: str, function: Callable[..., Any], options: dict[str, Any]) -> None:
        self._transformation, self._options = transformation, options
        self._transformed: Any = None
        self._definitions: list[tuple[str, tuple[Any, ...]]] = []
        self._signature = inspect.signature(function)
        if transformation == "jit" and any(each.kind is each.VAR_POSITIONAL for each in self._signature.parameters.values()):
            # Kernels are known by one entry for each parameter: those of two arguments would be those of one.
            raise TypeError(f"{function.__name__} takes any number of arguments; a kernel has a fixed number: give it a tuple")
        static = options.get("static_argnames", ())
        self._static = [name in static for name in self._signature.parameters]
        self._dynamic = [not is_static for is_static in self._static]
        self._flatten: Any = None
        functools.update_wrapper(self, function)

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        if self._transformation != "jit":
            return (self._transformed or self._transform())(*arguments, **named)
        if named:
            bound = self._signature.bind(*arguments, **named)
            bound.apply_defaults()
            arguments = bound.args
        for report in _reports:
            report(self, arguments)
        return kernel_for(self._key(arguments), lambda: self._compile(arguments))(*arguments)

    @property
    def options(self) -> dict[str, Any]:
        """The transformation's."""
        return self._options

    @property
    def is_kernel(self) -> bool:
        """Whether it is compiled."""
        return self._transformation == "jit"

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of the function's arguments."""
        return tuple(self._signature.parameters)

    def _key(self, arguments: tuple[Any, ...]) -> Hashable:
        """What tells the variants of this function apart: static arguments, structures, shapes and types of the others. Takes some µs."""
        if self._flatten is None:
            _load()
            self._flatten = sys.modules["jax"].tree_util.tree_flatten
        leaves, structure = self._flatten(list(compress(arguments, self._dynamic)))
        kinds = [(leaf.shape, leaf.dtype, getattr(leaf, "weak_type", False)) if hasattr(leaf, "shape") else type(leaf) for leaf in leaves]
        return self, structure, *compress(arguments, self._static), *kinds

    def _compile(self, arguments: tuple[Any, ...]) -> Kernel:
        """The function with a cache of JAX's of its own."""
        jitted = sys.modules["jax"].jit(_copied(self.__wrapped__), **self._options)
        return Kernel(StoredKernel(self, jitted, self._dynamic), _formula_in(arguments))

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        return getattr(self._transform(), attribute)

    def defjvps(self, *rules: Any) -> None:
        """The derivatives, as of `jax.custom_jvp`."""
        self._definitions.append(("defjvps", rules))

    def _transform(self) -> Any:
        _load()
        with _lock:
            if self._transformed is None:
                made = getattr(sys.modules["jax"], self._transformation)(self.__wrapped__, **self._options)
                for method, rules in self._definitions:
                    getattr(made, method)(*rules)
                self._transformed = made
        return self._transformed


def _copied(function: Any) -> Any:
    """The same function as another object."""
    copy = FunctionType(function.__code__, function.__globals__, function.__name__, function.__defaults__, function.__closure__)
    return functools.update_wrapper(copy, function)


def _decorator(transformation: str) -> Any:
    """The decorator of that name, to be written with or without options."""

    def decorate(function: Callable[..., Any] | None = None, **options: Any) -> Any:
        if function is None:
            return lambda decorated: _Deferred(transformation, decorated, options)
        return _Deferred(transformation, function, options)

    return decorate


if TYPE_CHECKING:
    import jax
    import jax.numpy as jnp
    import jax.scipy as jsp
    from jax import custom_jvp, jit, lax
else:
    jax, jnp, jsp, lax = (_Module(name) for name in ("jax", "jax.numpy", "jax.scipy", "jax.lax"))
    jit, custom_jvp = _decorator("jit"), _decorator("custom_jvp")
