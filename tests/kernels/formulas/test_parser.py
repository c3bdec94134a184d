"""Formulas that are typed in: what they mean, how they are told back, what is refused and where, and that nothing gets past."""

import math
import time
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from kernels.execution import devices  # sets float64 up
from kernels.formulas import functions as ours
from kernels.formulas.parser import LONGEST, ExpressionError, looks_like_a_name, parse
from kernels.formulas.tree import FUNCTIONS, Evaluation

assert devices


@pytest.mark.parametrize(
    ("text", "source", "echo", "parameters"),
    [
        ("r*x*(1-x)", "r*x*(1-x)", "r x (1 − x)", "r"),
        (" r * x*( 1 -x )", "r*x*(1-x)", "r x (1 − x)", "r"),
        ("x**2 + c", "x**2+c", "x² + c", "c"),
        ("x^2+c", "x**2+c", "x² + c", "c"),
        ("x² + c", "x**2+c", "x² + c", "c"),
        ("a*sin(pi*x)", "a*sin(pi*x)", "a sin(π x)", "a"),
        ("a×sin(π·x)", "a*sin(pi*x)", "a sin(π x)", "a"),
        ("where(x < 0.5, 2*x, 2-2*x)", "where(x<0.5,2*x,2-2*x)", "where(x < 0.5, 2 x, 2 − 2 x)", ""),
        ("exp(−α*x²)+β", "exp(-alpha*x**2)+beta", "exp(−α x²) + β", "alpha beta"),
        ("a/(b*c)*x", "a/(b*c)*x", "a / (b c) · x", "a b c"),
        ("a-(-b)*x", "a--b*x", "a − (−b x)", "a b"),
        ("(x+1)-(x-1)", "x+1-(x-1)", "x + 1 − (x − 1)", ""),
        ("((x))**(1/2)", "x**(1/2)", "x^(1 / 2)", ""),
        ("-x**-2", "-x**-2", "−x⁻²", ""),
        ("x1*2*3", "x1*2*3", "x₁ · 2 · 3", "x1"),
        ("ln(minimum(x, arcsin(a)))", "log(min(x,asin(a)))", "log(min(x, asin(a)))", "a"),
        ("0 <= x < a and not x == 1 or x > 2", "0<=x<a and not x==1 or x>2", "0 ≤ x < a and not x = 1 or x > 2", "a"),
        ("λ*x*(1-x)", "lam*x*(1-x)", "λ x (1 − x)", "lam"),
        ("x % b * 1e-9", "x%b*1e-09", "x mod b · 1e−09", "b"),
        ("+x + .5", "x+0.5", "x + 0.5", ""),
        ("c*x + b*x + c", "c*x+b*x+c", "c x + b x + c", "c b"),
        ("a-+(2*x)*b", "a-2*x*b", "a − 2 x b", "a b"),
        ("++(a+b)+x", "a+b+x", "a + b + x", "a b"),
    ],
)
def test_a_formula_is_told_back(text: str, source: str, echo: str, parameters: str) -> None:
    read = parse(text)
    assert (read.source, read.text, read.parameters) == (source, echo, tuple(parameters.split()))
    assert parse(read.source) is read, "equal formulas are one, and the plain text can be read again"
    assert parse(read.source).rule is read.rule


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("3x(1-x)", "3*x*(1-x)"),
        ("r x (1 - x)", "r*x*(1-x)"),
        ("(x+1)(x-1)", "(x+1)*(x-1)"),
        ("rx(1-x)", "r*x*(1-x)"),
        ("μx(1−x) + mux", "mu*x*(1-x)+mu*x"),
        ("2x²x", "2*x**2*x"),
        ("1/2x", "1/2*x"),
        ("x^2c", "x**2*c"),
        ("2exp(-x)x", "2*exp(-x)*x"),
        ("where(x<1/2, 2x, 2-2x)", "where(x<1/2,2*x,2-2*x)"),
        ("2 sin x", "2*sin(x)"),
        ("sin 2πx cos x", "sin(2*pi*x)*cos(x)"),
        ("log x^2 + exp x", "log(x**2)+exp(x)"),
        ("√x + √2x + √(x+1)", "sqrt(x)+sqrt(2)*x+sqrt(x+1)"),
        ("a₁x + α₂", "a1*x+alpha2"),
        ("f(x) = x² + c", "x**2+c"),
        ("x_{n+1} = r x_n (1 - x_{n})", "r*x*(1-x)"),
        ("xₙ₊₁ = r·xₙ·(1 − xₙ)", "r*x*(1-x)"),
        ("y = x + 1", "x+1"),
        ("x' = ax", "a*x"),
        ("x → x^2", "x**2"),
        ("x := r*x", "r*x"),
        ("x == 1", "x==1"),  # a comparison has no left side to be stripped
        ("by*x", "by*x"),  # a parameter, where y stands nowhere by itself
        ("by + y + x", "b*y+y+x"),
        ("xmax x", "xmax*x"),
        ("2e3x + e x", "2000*x+e*x"),
    ],
)
def test_what_paper_leaves_out_is_read(text: str, source: str) -> None:
    assert parse(text) is parse(source)


def test_a_vector_adds_up() -> None:
    read = parse("sum(x^2) + x[0]*x[1]", ("x",), "x")
    assert (read.source, read.text) == ("sum(x**2)+x[0]*x[1]", "Σ(x²) + x₀ x₁")
    assert read.rule(np.array([1.0, 2.0, 3.0])) == 16.0
    assert np.array_equal(jax.grad(read.rule)(np.array([1.0, 2.0, 3.0])), [4.0, 5.0, 6.0])


HOSTILE = [
    # what it is worth, where, in words
    ("", 0, "the formula is empty"),
    ("9**9**9", 3, "the exponent 387420489 is out of range; give one from −1000 to 1000"),
    ("x**1e9", 3, "the exponent 1000000000 is out of range"),
    ("2**2**2**2**2*x", 3, "the exponent 65536 is out of range"),
    ("1e999*x", 0, "the number '1e999' is too large; give one below 1e308"),
    ("x+" + "9" * 400, 2, "is too large"),
    ("1/0", 0, "1/0 is not a finite number"),
    ("x + 1e300*1e300*x", 4, "is not a finite number"),
    ("log(-1)*x", 0, "log(-1) is not a finite number"),
    ("(" * 1000 + "x" + ")" * 1000, LONGEST, "the formula has 2 001 characters; 500 are allowed"),
    ("(" * 200 + "x" + ")" * 200, 50, "nested more than 50 deep"),
    ("sin(" * 99 + "x" + ")" * 99, 203, "nested more than 50 deep"),
    ("-" * 499 + "x", 51, "operations are nested more than 50 deep"),
    ("not " * 124 + "x", 204, "operations are nested more than 50 deep"),
    ("x**" * 166 + "x", 150, "operations are nested more than 50 deep"),
    ("asinh(x)+" * 50 + "x", 180, "the formula has 50 hyperbolic functions; 20 are allowed"),
    ("+".join(f"a{n}*x" for n in range(20)), 62, "the formula has 20 parameters; 12 are allowed"),
    ("x\0", 1, r"unexpected '\x00'"),
    ("x\n+1", 1, "write the formula in one line"),
    ("ｘ+1", 0, "unexpected"),
    ("𝐱", 0, "unexpected"),
    ("x + \u202e1", 4, r"unexpected '\u202e'"),
    ("x\ud800", 1, r"unexpected '\ud800'"),
    ("x + а", 4, "unexpected"),  # Cyrillic
    ("__import__('os').system('ls')", 0, "the name '__import__' is not allowed"),
    ("x.__class__", 1, "attributes are not allowed"),
    ("(x).real", 3, "attributes are not allowed"),
    ("().__class__.__bases__", 2, "attributes are not allowed"),
    ("()", 1, "something is missing between '(' and ')'"),
    ("x[0]", 0, "takes a coordinate of a vector, and here is none"),
    ("lambda: x", 0, "'lambda' is a Python keyword and cannot be a name"),
    ("[x for x in x]", 3, "'for' is a Python keyword"),
    ("[x]", 0, "something is missing before '['"),
    ("{x}", 0, "unexpected '{'"),
    ("f'{x}'", 1, "strings are not allowed"),
    ("'a'*10**9", 0, "strings are not allowed"),
    ("(x := 3)", 3, "ranges are not allowed"),
    ("x if x else 1", 2, "write a choice as where(x < 0.5, this, that)"),
    ("sin(*x)", 4, "something is missing between '(' and '*'"),
    ("sin(x=1)", 5, "type only the right-hand side"),
    ("True", 0, "'True' is a Python keyword"),
    ("await x", 0, "'await' is a Python keyword"),
    ("x; x", 1, "unexpected ';'"),
    ("x @ x", 2, "unexpected '@'"),
    ("x // 2", 2, "write floor(a/b)"),
    ("x # x", 2, "unexpected '#'"),
    ("1_000*x", 1, "the name '_000' is not allowed"),
    ("sine(x)", 0, "there is no function 'sine' (do you mean sin?)"),
    ("eval(x)", 0, "there is no function 'eval'"),
    ("sinx + x", 0, "write sin(x) for sinx"),
    ("sin", 0, "sin is a function; write sin(x)"),
    ("x 2", 2, "an operator is missing"),
    ("2 3", 2, "an operator is missing"),
    ("sin² x", 3, "write sin(x)^2 for the power of a function's value"),
    ("2 sin x(1-x)", 2, "write sin(…) with brackets"),
    ("3 + √x²", 4, "write √(x^2) or (√x)^2"),
    ("√", 0, "√ is followed by a number, a name or a bracket"),
    ("√-x", 0, "√ is followed by a number, a name or a bracket"),
    ("f(x) = g(x) = x", 12, "type only the right-hand side"),
    ("x_{n+2} = x", 2, "unexpected '{'"),
    ("sin(x, x)", 0, "sin takes one argument, not 2"),
    ("where(x, x)", 0, "where takes three arguments, not 2"),
    ("min(x)", 0, "min takes two arguments, not 1"),
    ("sin()", 4, "something is missing between '(' and ')'"),
    ("sin(x", 3, "the bracket '(' is never closed"),
    ("x)", 1, "the bracket ')' has no opening bracket"),
    ("x +", 3, "something is missing after '+'"),
    ("x * / x", 4, "something is missing between '*' and '/'"),
    ("x, x", 1, "a comma stands only between a function's arguments"),
    ("0,5*x", 1, "write a decimal as 0.5"),
    ("x²^3", 2, "a power of a power needs brackets"),
    ("1 + not x", 4, "this cannot be read here"),
    ("sum(x)", 0, "sum adds over a vector"),
    ("a" * 33 + "*x", 0, "has 33 letters; 32 are allowed"),
]


@pytest.mark.parametrize(("text", "column", "said"), HOSTILE, ids=[ascii(text[:20]) for text, _, _ in HOSTILE])
def test_what_is_refused_is_refused_at_its_character_and_at_once(text: str, column: int, said: str) -> None:
    began = time.thread_time()
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert time.thread_time() - began < 5
    assert said in caught.value.line
    assert caught.value.column == column
    assert caught.value.line == str(caught.value) and caught.value.line.isprintable() and len(caught.value.line) < 200


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        ("sum(x) + x", 0, "the value is a vector; put x into sum(…) or take a coordinate, x[0]"),
        ("sum(3)", 0, "sum adds over x, which is not in it"),
        ("x[1.5]", 0, "one whole number from 0 to 999"),
        ("x[-1]", 0, "one whole number from 0 to 999"),
        ("x[x[0]]", 0, "one whole number from 0 to 999"),
        ("x[9**9]", 0, "one whole number from 0 to 999"),
        ("x[1000]", 0, "one whole number from 0 to 999"),
        ("3*a[0]", 2, "takes a coordinate of a vector"),
        ("x[0, 1]", 3, "a comma stands only"),
        ("x[", 2, "something is missing after '['"),
        ("x[0)", 3, "the bracket ')' has no opening bracket"),
    ],
)
def test_what_is_refused_of_a_vector(text: str, column: int, said: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text, ("x",), "x")
    assert said in caught.value.line and caught.value.column == column


def test_a_name_is_told_from_a_formula() -> None:
    assert all(map(looks_like_a_name, ("lorenz", "logstic-map", "y", "powell-singular")))
    assert not any(map(looks_like_a_name, ("x", "rx", "x-y", "2", "r*x", "", "Lorenz(", "e-x")))
    assert not any(looks_like_a_name(text, ("x", "y", "z")) for text in ("a-x1", "x12", "b-x3-a", "a-y"))
    assert all(looks_like_a_name(text, ("x", "y", "z")) for text in ("chained-rosen", "sphere-x0"))


# Against NumPy -----------------------------------------------------------------------------------------------------------------

NUMPY = {name: each.numpy for name, each in FUNCTIONS.items()} | {"pi": math.pi, "e": math.e, "__builtins__": {}}

numbers = st.sampled_from(["0.5", "2.0", "3.0", "1.25", "pi", "e", "0.1"])
atoms = st.sampled_from(["x", "x", "a", "b"]) | numbers
ONE = [name for name, each in FUNCTIONS.items() if each.arguments == 1 and name != "sum"]


def _larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    conditions = st.tuples(inner, st.sampled_from(["<", "<=", ">", ">=", "!="]), inner).map(lambda c: f"({c[0]} {c[1]} ({c[2]}))")
    both = st.tuples(conditions, st.sampled_from(["and", "or", "and not"]), conditions).map(" ".join)
    return st.one_of(
        st.tuples(inner, st.sampled_from([" + ", "-", "*", " / ", "%"]), inner).map("".join),
        st.tuples(inner, st.sampled_from(["+", " - ", " *", "/"]), inner).map(lambda s: f"({''.join(s)})"),
        st.tuples(inner, st.sampled_from(["2.0", "3.0", "0.5", "-1.0", "x", "(1/3.0)"])).map(lambda s: f"({s[0]})**{s[1]}"),
        inner.map(lambda s: f"-{s}"),
        st.tuples(st.sampled_from(ONE), inner).map(lambda s: f"{s[0]}({s[1]})"),
        st.tuples(st.sampled_from(["min", "max", "mod"]), inner, inner).map(lambda s: f"{s[0]}({s[1]}, {s[2]})"),
        st.tuples(conditions | both, inner, inner).map(lambda s: f"where({', '.join(s)})"),
        st.tuples(inner, st.sampled_from(["<", ">="]), inner, inner, inner).map(
            lambda s: f"where({s[0]} {s[1]} {s[2]} < 9.0,{s[3]},{s[4]})"
        ),
    )


formulas = st.recursive(atoms, _larger, max_leaves=12)
places = st.tuples(*(st.floats(low, high, allow_subnormal=False) for low, high in ((-3, 3), (0.1, 2), (-2, 2))))


def by_numpy(text: str, kind: Any, x: float, a: float, b: float) -> Any:
    """The value by Python's own reading of the text, in NumPy's arithmetic. Only texts made above come here."""
    with np.errstate(all="ignore"):
        return eval(text, NUMPY, {"x": kind(x), "a": kind(a), "b": kind(b)})


@given(formulas, places)
@settings(suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
def test_a_formula_has_numpys_value_and_a_gradient(text: str, place: tuple[float, float, float]) -> None:
    try:
        read = parse(text)
    except ExpressionError as error:
        event("refused")
        allowed = ("is not a finite number", "hyperbolic functions", "is out of range", "nested more than")
        assert any(words in error.line for words in allowed), error.line
        return
    assert parse(read.source) is read
    try:
        want, finer = (by_numpy(text, kind, *place) for kind in (np.float64, np.longdouble))
    except (ZeroDivisionError, TypeError, OverflowError, ValueError):  # Python's own arithmetic on the constants
        assume(False)
    arguments = dict(zip("xab", place, strict=True))
    values = [arguments["x"], *(arguments[name] for name in read.parameters)]
    got = float(read.rule(*values))
    slope = jax.grad(read.rule)(*values)
    assert slope.shape == () and slope.dtype == np.float64
    # Where rounding decides, there is nothing to compare.
    assume(not isinstance(want, complex) and (np.isnan(want) == np.isnan(finer)))
    assume(np.isnan(want) or want == finer or abs(want - finer) <= 1e-12 * abs(finer))
    event("compared")
    assert got == pytest.approx(float(want), rel=1e-9, abs=1e-300, nan_ok=True)


@given(formulas, st.sampled_from([np.float32, np.float64]))
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=settings.default.max_examples // 2)
def test_a_formula_keeps_shape_and_type(text: str, kind: Any) -> None:
    try:
        read = parse(text)
    except ExpressionError:
        return
    x = np.linspace(-1, 1, 5, dtype=kind)
    got = read.rule(x, *(kind(0.5) for _ in read.parameters))
    assert got.shape == (5,) and got.dtype == kind


pieces = st.sampled_from(
    [
        *"xyabce0123456789+-*/%^().,<>=[]{}:;!@#&|~'\"\\ \t\n\0²³πλαеｘ",
        *FUNCTIONS,
        "sin(",
        "**",
        "1e",
        "lambda",
        " if ",
        "__",
        "9" * 30,
        "(" * 20,
    ]
)


@given(st.text(max_size=600) | st.lists(pieces, max_size=120).map("".join))
@settings(max_examples=2 * settings.default.max_examples)
def test_any_text_is_a_formula_or_an_error_and_soon(text: str) -> None:
    for variables, vector in ((("x",), ""), (("x",), "x"), (("x", "y"), "")):
        began = time.thread_time()
        try:
            read = parse(text, variables, vector)
        except ExpressionError as error:
            assert error.line.isprintable() and 0 <= error.column <= len(text)
            event("refused")
        else:
            assert parse(read.source, variables, vector) is read and read.text.isprintable()
            event("read")
        assert time.thread_time() - began < 5


# What holds of every formula ---------------------------------------------------------------------------------------------------


def test_a_branch_that_is_not_taken_has_no_part_in_the_gradient() -> None:
    root = parse("where(x > 0, sqrt(x), x^2)").rule
    assert float(jax.grad(root)(-3.0)) == -6.0
    assert float(jax.grad(jax.grad(root))(-3.0)) == 2.0
    total = parse("sum(where(x > 0, sqrt(x), x^2))", ("x",), "x").rule
    assert np.array_equal(jax.grad(total)(np.array([-3.0, 4.0])), [-6.0, 0.25])
    # The sum and the coordinate in a branch belong to every element.
    mixed = parse("sum(where(x > 0, x[0]*sum(x^2), x))", ("x",), "x").rule
    at = np.array([-3.0, 4.0])
    assert np.allclose(jax.grad(mixed)(at), jax.grad(lambda x: x[0] * (x[0] ** 2 + x[1] ** 2) + x[0])(at))


def test_equal_formulas_are_compiled_once() -> None:
    traced = []

    def run(rule: Any, x: float) -> Any:
        traced.append(rule)
        return rule(x, 3.5)

    jitted = jax.jit(run, static_argnums=0)
    assert jitted(parse("r*x*(1-x)").rule, 0.5) == jitted(parse("r * x * (1 - x)").rule, 0.5)
    jitted(parse("r*x*(2-x)").rule, 0.5)
    assert jitted(parse("r*x*(1.0-x)").rule, 0.25) == 3.5 * 0.25 * 0.75
    assert len(traced) == 2
    parse.cache_clear()
    jitted(parse("r*x*(1-x)").rule, 0.5)
    assert len(traced) == 2, "a formula that was forgotten is still the same"


@pytest.mark.parametrize("name", ["sinh", "cosh", "asinh", "acosh", "atanh"])
@pytest.mark.parametrize("kind", [np.float64, np.float32])
def test_our_functions_are_numpys_to_a_few_units(name: str, kind: Any) -> None:
    random = np.random.default_rng(0)
    powers = 10.0 ** random.uniform(-30, 30, 500)
    x = np.concatenate(
        [powers, -powers, random.uniform(-90, 90, 500), random.uniform(-2, 2, 500), [0, -0.0, 1, -1, np.inf, -np.inf, np.nan]]
    )
    x = x.astype(kind)
    with np.errstate(all="ignore"):
        want = FUNCTIONS[name].numpy(x.astype(np.longdouble)).astype(kind)
    got = np.asarray(getattr(ours, name)(x))
    assert got.dtype == kind
    assert np.allclose(got, want, rtol=5 * float(np.finfo(kind).eps), atol=0, equal_nan=True)
    slope = float(jax.grad(getattr(ours, name))(1.5 if name == "acosh" else 0.0))
    assert slope == pytest.approx({"cosh": 0.0, "acosh": 1 / math.sqrt(1.25)}.get(name, 1.0))


@given(st.floats(-1e6, 1e6, allow_subnormal=False), st.floats(-100, 100, allow_subnormal=False))
def test_mod_is_numpys(x: float, y: float) -> None:
    with np.errstate(all="ignore"):
        want = np.mod(x, y)
    assert float(ours.mod(jnp.float64(x), y)) == pytest.approx(want, nan_ok=True, rel=1e-15, abs=1e-300)


def test_mod_has_slopes() -> None:
    assert float(jax.grad(ours.mod)(5.5, 2.0)) == 1.0
    assert float(jax.grad(ours.mod, argnums=1)(5.5, 2.0)) == -2.0
    assert float(jax.grad(ours.mod, argnums=1)(-5.5, 2.0)) == 3.0


@pytest.mark.parametrize(
    ("text", "zero"),
    [
        ("sin(pi*x)", True),
        ("sin(2*x*pi)", True),
        ("cos(pi*(x+0.5))", True),
        ("sin(pi*x/1)", True),
        ("sin(3/pi*x)", False),
        ("sin(x*pi%2)", False),
    ],
)
def test_multiples_of_pi_are_reduced_exactly(text: str, zero: bool) -> None:
    """Else sin π would be 1e-16, and a map would leave the point that it is fixed at. A quotient or rest by π is not a multiple of it."""
    found = np.asarray(parse(text).rule(np.arange(1.0, 9.0)))
    assert (found == 0).all() == zero
    x = np.linspace(-3, 3, 50)
    plainly = Evaluation("numpy", {"x": x}, {}).real(parse(text).rule.tree)
    np.testing.assert_allclose(parse(text).rule(x), plainly, atol=1e-14)
