"""JAX, imported with its first use: requests, registries and the window are there before it.

    from kernels.execution.lazy_jax import jax, jit, jnp, lax

`jax`, `jnp`, `jsp` and `lax` stand for the modules, `jit` and `custom_jvp` for the decorators. Importing JAX takes most of a second,
which a window should not wait for. Where a script has imported JAX already, it is used at once.
"""

import functools
import importlib
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

__all__ = ["custom_jvp", "jax", "jit", "jnp", "jsp", "lax", "on_load"]

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


class _Deferred:
    """A function to which a transformation of JAX's is applied with its first call; attributes are those of the transformed one."""

    def __init__(self, transformation: str, function: Callable[..., Any], options: dict[str, Any]) -> None:
        self._transformation, self._options = transformation, options
        self._transformed: Any = None
        self._definitions: list[tuple[str, tuple[Any, ...]]] = []
        functools.update_wrapper(self, function)

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return (self._transformed or self._transform())(*arguments, **named)

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
