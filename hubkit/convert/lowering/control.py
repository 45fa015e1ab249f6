"""Functions as values: bound to arguments, chosen by a condition. What calls them is lowered by the interpreter."""

from __future__ import annotations

from hubkit.convert.lowering.builder import Builder, CannotLowerError, Value
from hubkit.convert.lowering.call import Argument, Call, Choice, Closure, counted
from hubkit.convert.lowering.registry import lowering

_TRUE = "bool"


@lowering("Partial")
def partial(_g: Builder, call: Call) -> Argument:
    """Partial(function, *arguments): the function with its first arguments -> nothing, until it is called."""
    function, bound = call.arguments[0], call.arguments[1:]
    if not isinstance(function, Closure):
        raise CannotLowerError(f"it binds {function!r}, which is no function of the file")
    return Closure(function.function, (*function.bound, *bound))


@lowering("Switch")
def switch(g: Builder, call: Call) -> Argument:
    """Switch(condition, then, otherwise): one of two functions -> If where it is called.

    Where a function calls itself at its end, which is how MindIR writes a loop: Loop. Between two tensors: Where. With
    a constant condition only the function chosen is written. The condition may be of one element only.
    """
    condition, then, otherwise = call.arguments[:3]
    if isinstance(condition, Value) and condition.array is None:
        if isinstance(then, Value) and isinstance(otherwise, Value):
            return g.node("Where", _flag(g, condition), then, otherwise)
        return Choice(_flag(g, condition), then, otherwise)
    return then if call.constant("condition", 0) else otherwise


@lowering("switch_layer")
def switch_layer(g: Builder, call: Call) -> Argument:
    """switch_layer(index, functions): the function at that place -> If, one within another, where it is called.

    Negative places count from the end; a place beyond the functions chooses the last.
    """
    functions = call.arguments[1]
    if not isinstance(functions, tuple):
        raise CannotLowerError("what it chooses from is no tuple of functions")
    index, count = call.tensor(g, 0), counted(len(functions))
    size = g.constant(count, index.dtype)
    place = g.node("Mod", g.node("Add", index, size), size)
    chosen: Argument = functions[-1]
    for number, function in reversed(list(enumerate(functions[:-1]))):
        chosen = Choice(_flag(g, g.node("Equal", place, g.constant(number, index.dtype))), function, chosen)
    return chosen


def _flag(g: Builder, condition: Value) -> Value:
    """``condition`` as one boolean."""
    if condition.dynamic or any(size != 1 for size in condition.shape):
        raise CannotLowerError(f"its condition has the shape {list(condition.shape)}, not one element")
    if condition.dtype.name != _TRUE:
        condition = g.node("Not", g.node("Equal", condition, g.constant(0, condition.dtype)))
    return g.node("Reshape", condition, g.ints()) if condition.rank else condition
