"""JAX, imported with its first use: requests, registries and the window are there before it.

    from kernels.execution.lazy_jax import jax, jit, jnp, lax

`jax`, `jnp`, `jsp` and `lax` stand for the modules, `jit` and `custom_jvp` for the decorators. Importing JAX takes most of a second,
which a window should not wait for. Where a script has imported JAX already, it is used at once.
"""

import functools
import importlib
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from types import FunctionType
from typing import TYPE_CHECKING, Any

__all__ = ["custom_jvp", "jax", "jit", "jnp", "jsp", "lax", "on_load"]

MOST_FORMULAS = 3
"""Typed formulas whose compiled kernels are kept, those used last, one for each tab: a formula's kernels take up to 70 MB."""

MOST_VARIANTS = 32
"""Compiled variants of one function, for other shapes and static arguments, that are kept; each takes some 3 MB."""

_lock = threading.RLock()
_callbacks: list[Callable[[], None]] = []
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


class _Module:
    """Stands for a module of JAX: the first use of an attribute imports it."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        _load()
        value = getattr(importlib.import_module(self._name), attribute)
        setattr(self, attribute, value)  # found without __getattr__ from now on
        return value


def _formula_in(arguments: tuple[Any, ...], named: dict[str, Any]) -> Hashable | None:
    """The typed formula that a kernel is called for, known by its `cost`, or that the rule or function of an argument is; else None."""
    for argument in (*arguments, *named.values()):
        kind = type(argument)
        if kind.__module__.startswith("kernels."):
            while argument is not None and not hasattr(type(argument), "cost"):
                argument = getattr(argument, "rule", None) or getattr(argument, "function", None)
            if argument is not None:
                return argument
    return None


_formula_kernels: OrderedDict[Hashable, dict["_Deferred", Any]] = OrderedDict()
"""The kernels of each typed formula, of the one used last at the end."""


class _Deferred:
    """A function to which a transformation of JAX's is applied with its first call; attributes are those of the transformed one."""

    def __init__(self, transformation: str, function: Callable[..., Any], options: dict[str, Any]) -> None:
        self._transformation, self._options = transformation, options
        self._transformed: Any = None
        self._definitions: list[tuple[str, tuple[Any, ...]]] = []
        functools.update_wrapper(self, function)

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        formula = _formula_in(arguments, named) if self._transformation == "jit" else None
        kernel = (self._transformed or self._transform()) if formula is None else self._kernel_for(formula)
        result = kernel(*arguments, **named)
        if self._transformation == "jit" and kernel._cache_size() > MOST_VARIANTS:
            kernel.clear_cache()  # those still in use come back from the compile cache
        return result

    def _kernel_for(self, formula: Hashable) -> Any:
        """The function compiled for this formula alone, of a copy of its own, so that all that JAX keeps of it goes when it is dropped."""
        with _lock:
            kernels = _formula_kernels.setdefault(formula, {})
            _formula_kernels.move_to_end(formula)
            if self not in kernels:
                _load()
                kernels[self] = sys.modules["jax"].jit(_copied(self.__wrapped__), **self._options)
            if len(_formula_kernels) > MOST_FORMULAS:
                _formula_kernels.popitem(last=False)
            return kernels[self]

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
