"""A PDF function at a point: how much of which device ink a tint of a spot colour stands for (PDF 32000-1, 7.10)."""

import math
from collections.abc import Callable

MOST_STEPS = 5_000  # of a calculator function


def tint(function, values: tuple[float, ...]) -> tuple[float, ...]:
    """The function's value; a list of functions gives one figure each.

    Raises ValueError, KeyError or TypeError for functions that are not well formed.

    >>> tint({"FunctionType": 2, "Domain": [0, 1], "C0": [0, 0], "C1": [1, 0.5], "N": 1}, (0.5,))
    (0.5, 0.25)
    """
    from playa.pdftypes import resolve1

    function = resolve1(function)
    if isinstance(function, (list, tuple)):
        return tuple(tint(one, values)[0] for one in function)
    kind = resolve1(function["FunctionType"])
    domain = [float(resolve1(x)) for x in resolve1(function["Domain"])]
    values = tuple(min(max(v, low), high) for v, low, high in zip(values, domain[::2], domain[1::2], strict=False))
    found = {0: _sampled, 2: _exponential, 3: _stitched, 4: _calculated}[kind](function, values, domain)
    limits = [float(resolve1(x)) for x in resolve1(function.get("Range")) or []]
    if limits:
        found = tuple(min(max(v, low), high) for v, low, high in zip(found, limits[::2], limits[1::2], strict=False))
    return found


def _numbers(function, key: str, default: list[float]) -> list[float]:
    from playa.pdftypes import resolve1

    return [float(resolve1(x)) for x in resolve1(function.get(key)) or default]


def _exponential(function, values, _domain) -> tuple[float, ...]:
    from playa.pdftypes import resolve1

    first, last = _numbers(function, "C0", [0.0]), _numbers(function, "C1", [1.0])
    share = values[0] ** float(resolve1(function["N"]))
    return tuple(a + share * (b - a) for a, b in zip(first, last, strict=True))


def _stitched(function, values, domain) -> tuple[float, ...]:
    from playa.pdftypes import resolve1

    functions, bounds = resolve1(function["Functions"]), _numbers(function, "Bounds", [])
    ends = [domain[0], *bounds, domain[1]]
    part = sum(values[0] >= bound for bound in bounds)
    encode = _numbers(function, "Encode", [0.0, 1.0] * len(functions))
    low, high = ends[part], ends[part + 1]
    share = (values[0] - low) / (high - low) if high > low else 0.0
    first, last = encode[2 * part], encode[2 * part + 1]
    return tint(functions[part], (first + share * (last - first),))


def _sampled(function, values, domain) -> tuple[float, ...]:
    """The nearest sample: enough to tell a colour by."""
    from playa.pdftypes import resolve1

    sizes = [int(resolve1(x)) for x in resolve1(function["Size"])]
    bits = int(resolve1(function["BitsPerSample"]))
    limits = _numbers(function, "Range", [])
    outputs = len(limits) // 2
    decode = _numbers(function, "Decode", limits)
    encode = _numbers(function, "Encode", [edge for size in sizes for edge in (0.0, size - 1.0)])
    at, step = 0, 1
    for place, (value, size) in enumerate(zip(values, sizes, strict=True)):
        low, high, first, last = (*domain[2 * place : 2 * place + 2], *encode[2 * place : 2 * place + 2])
        share = (value - low) / (high - low) if high > low else 0.0
        at += step * min(max(round(first + share * (last - first)), 0), size - 1)
        step *= size
    data, most = function.buffer, (1 << bits) - 1
    found = []
    for output in range(outputs):
        start = (at * outputs + output) * bits
        word = int.from_bytes(data[start // 8 : (start + bits + 7) // 8], "big")
        sample = (word >> (-(start + bits) % 8)) & most
        low, high = decode[2 * output : 2 * output + 2]
        found.append(low + sample * (high - low) / most)
    return tuple(found)


# ---- calculator functions: a small stack language ---------------------------------------------------------------------

_BINARY: dict[str, Callable] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "idiv": lambda a, b: int(a / b),
    "mod": math.fmod,
    "exp": math.pow,
    "atan": lambda a, b: math.degrees(math.atan2(a, b)) % 360,
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "and": lambda a, b: int(a) & int(b),
    "or": lambda a, b: int(a) | int(b),
    "xor": lambda a, b: int(a) ^ int(b),
    "bitshift": lambda a, b: int(a) << int(b) if b >= 0 else int(a) >> int(-b),
}
_UNARY: dict[str, Callable] = {
    "abs": abs,
    "neg": lambda a: -a,
    "ceiling": math.ceil,
    "floor": math.floor,
    "round": lambda a: math.floor(a + 0.5),
    "truncate": math.trunc,
    "sqrt": math.sqrt,
    "sin": lambda a: math.sin(math.radians(a)),
    "cos": lambda a: math.cos(math.radians(a)),
    "ln": math.log,
    "log": math.log10,
    "cvi": int,
    "cvr": float,
    "not": lambda a: not a,
}


def _calculated(function, values, _domain) -> tuple[float, ...]:
    words = function.buffer.decode("latin-1").replace("{", " { ").replace("}", " } ").split()
    program, _ = _program(words, 1)
    stack = list(values)
    _run(program, stack, [MOST_STEPS])
    return tuple(float(value) for value in stack)


def _program(words: list[str], at: int) -> tuple[list, int]:
    """The words from `at` up to the closing brace, braces inside as lists."""
    program: list = []
    while words[at] != "}":
        if words[at] == "{":
            inner, at = _program(words, at + 1)
            program.append(inner)
        else:
            program.append(words[at])
        at += 1
    return program, at


def _run(program: list, stack: list, left: list[int]) -> None:
    for word in program:
        left[0] -= 1
        if left[0] < 0:
            raise ValueError("calculator function without end")
        if isinstance(word, list):
            stack.append(word)
        elif word in _BINARY:
            second, first = stack.pop(), stack.pop()
            stack.append(_BINARY[word](first, second))
        elif word in _UNARY:
            stack.append(_UNARY[word](stack.pop()))
        elif word in ("if", "ifelse"):
            otherwise = stack.pop() if word == "ifelse" else []
            then, condition = stack.pop(), stack.pop()
            _run(then if condition else otherwise, stack, left)
        elif word == "pop":
            stack.pop()
        elif word == "dup":
            stack.append(stack[-1])
        elif word == "exch":
            stack[-2:] = stack[:-3:-1]
        elif word in ("copy", "index", "roll"):
            _move(word, stack)
        else:
            stack.append({"true": True, "false": False}.get(word) if word in ("true", "false") else float(word))


def _move(word: str, stack: list) -> None:
    count = int(stack.pop())
    if word == "copy":
        stack.extend(stack[-count:] if count else [])
    elif word == "index":
        stack.append(stack[-1 - count])
    else:
        shift, count = count, int(stack.pop())
        if count:
            part = stack[-count:]
            shift %= count
            stack[-count:] = part[-shift:] + part[:-shift] if shift else part
