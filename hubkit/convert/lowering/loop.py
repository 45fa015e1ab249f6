"""Loops: a function that calls itself at its end, as MindIR writes `while`, becomes ONNX Loop.

The loop's state are the arguments that change from one call to the next. Each round evaluates the function once; it
ends in the next arguments, or in what the loop returns. Both are outputs of the round, beside whether it goes on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import onnx

from hubkit.convert.lowering.builder import BatchBoundError, Builder, CannotLowerError, Value
from hubkit.convert.lowering.call import Argument, Choice, Closure
from hubkit.convert.lowering.interpreter import Interpreter
from hubkit.convert.lowering.leaves import as_value, is_tensor, leaves, rebuilt, same
from hubkit.convert.lowering.subgraph import subgraph
from hubkit.convert.mindir_graph import CALL, Function, Node

# Operators that pass their first argument on.
_PASSING = ("Depend", "Load", "Identity", "StopGradient")
_ATTEMPTS = 4


@dataclass(frozen=True, slots=True)
class Next:
    """The function is called again."""

    arguments: tuple[Argument, ...]
    """With these."""


@dataclass(frozen=True, slots=True)
class Exit:
    """The loop has ended."""

    towards: str
    """The function around it that is called again, where loops lie one in the other; otherwise empty."""
    result: Argument
    """What the loop returns, or the arguments of that function."""


@dataclass(frozen=True, slots=True)
class Fork:
    """One of two ends, chosen when the network runs."""

    condition: Value
    """One boolean."""
    sides: tuple[tuple[list[onnx.NodeProto], End], ...]
    """The nodes and the end where it is true, and where it is false."""


End: TypeAlias = "Next | Exit | Fork"


def is_loop(functions: Mapping[str, Function], name: str, without: Sequence[str] = ()) -> bool:
    """Whether the function ``name`` calls itself, directly or through others than ``without``."""
    return _reaches(functions, name, {name}, without)


def lower_loop(interpreter: Interpreter, name: str, arguments: tuple[Argument, ...]) -> Argument:
    """What the function ``name``, which calls itself, returns for ``arguments``: Loop.

    Raises CannotLowerError where it calls itself other than at its end, never ends, or changes what is no tensor or
    has another size each round.
    """
    return _Loop(interpreter, (name,)).lower(arguments).result


class _Loop:
    def __init__(self, interpreter: Interpreter, names: tuple[str, ...]) -> None:
        self.interpreter, self.names, self.name = interpreter, names, names[-1]
        self.g: Builder = interpreter.g
        self._carried: list[Value] = []  # what a round is given, which it may write over: no other round reads it

    def lower(self, arguments: tuple[Argument, ...]) -> Exit:
        self.interpreter.rounds += 1
        found = self._lowered(arguments)
        self.interpreter.rounds -= 1
        return found

    def _lowered(self, arguments: tuple[Argument, ...]) -> Exit:
        start = list(leaves(arguments))
        for _ in range(_ATTEMPTS):
            places, rounds = self._changing(arguments, start)
            grown = self._followed(_counted_on(self.g, start, places), places, rounds)
            if all(new is old for new, old in zip(grown, start, strict=True)):
                break
            start = grown
        return self._write(arguments, start, places)

    def _changing(
        self, arguments: tuple[Argument, ...], start: Sequence[Argument]
    ) -> tuple[list[int], list[list[Argument]]]:
        """The places of the leaves that change from round to round, and what they become."""
        with self.g.trial(), self.g.within([]):
            trial = [_distinct(self.g, leaf) for leaf in start]
            self._carried = [leaf for leaf in trial if isinstance(leaf, Value)]
            ends = _ends(self._end(self.name, _again(arguments, trial)))
            rounds = [list(leaves(end.arguments)) for end in ends if isinstance(end, Next)]
        if any(len(later) != len(start) for later in rounds):
            raise CannotLowerError("a loop gives its next round another number of values")
        places = [place for place, leaf in enumerate(trial) if not all(same(later[place], leaf) for later in rounds)]
        return places, rounds

    def _followed(
        self, start: Sequence[Argument], places: Sequence[int], rounds: Sequence[Sequence[Argument]]
    ) -> list[Argument]:
        """``start``, made to follow the batch where a round makes it so."""
        grown = list(start)
        for place in places:
            first = as_value(self.g, start[place])
            later = [leaf for leaf in (each[place] for each in rounds) if isinstance(leaf, Value)]
            axes = sorted({axis for value in later if value.rank == first.rank for axis in value.dynamic})
            followed = self.g.follow(first, axes)
            if followed is not first:
                grown[place] = followed
        return grown

    def _write(self, arguments: tuple[Argument, ...], start: Sequence[Argument], places: Sequence[int]) -> Exit:
        g = self.g
        outside = set(g.values)
        state = [as_value(g, start[place]) for place in places]
        nodes: list[onnx.NodeProto] = []
        with g.within(nodes):
            given = [g.local(f"{self.name}:{place}", value) for place, value in zip(places, state, strict=True)]
            self._carried = given
            inner = dict(zip(places, given, strict=True))
            bound = [inner.get(place, leaf) for place, leaf in enumerate(start)]
            end = self._end(self.name, _again(arguments, bound))
            _check_unchanged(end, bound, places)
            result = _common(end)
            flat = [list(leaves(leave.result)) for leave in _ends(end) if isinstance(leave, Exit)]
            written = [place for place, several in enumerate(zip(*flat, strict=True)) if _computed(several, outside)]
            results = [as_value(g, flat[0][place]) for place in written]
            carried = [g.local(f"{self.name}:result", value) for value in results]
            going, following, returned = self._outcome(end, places, given, written, carried)
            outputs = [g.node("Identity", value) for value in (going, *following, *returned)]
        for old, new in zip((*state, *carried), outputs[1:], strict=True):
            if (old.dtype, old.shape) != (new.dtype, new.shape):
                raise CannotLowerError("a loop changes the size or the type of what it computes")
            if old.probe != new.probe:
                raise BatchBoundError("its batch cannot be kept open: a loop begins with what does not follow it")
        counter, holds = g.constant(0, "int64"), g.constant(True, "bool")
        names = [g.local(f"{self.name}:round", counter), g.local(f"{self.name}:going", holds), *given, *carried]
        body = subgraph("body", nodes, names, outputs)
        blank = [_blank(g, value) for value in results]  # what is returned before the last round counts for nothing
        ended = g.node_of_known("Loop", (None, holds, *state, *blank), outputs[1:], {"body": body})
        final = dict(zip(written, ended[len(state) :], strict=True))
        returns = iter([final.get(place, leaf) for place, leaf in enumerate(flat[0])])
        return Exit(result.towards, rebuilt(result.result, returns))

    def _outcome(
        self, end: End, places: Sequence[int], given: Sequence[Value], written: Sequence[int], carried: Sequence[Value]
    ) -> tuple[Value, list[Value], list[Value]]:
        """Whether the loop goes on, its next state, and what it returns if it does not."""
        g = self.g
        if isinstance(end, Next):
            again = list(leaves(end.arguments))
            return g.constant(True, "bool"), [as_value(g, again[place]) for place in places], list(carried)
        if isinstance(end, Exit):
            exits = list(leaves(end.result))
            return g.constant(False, "bool"), list(given), [as_value(g, exits[place]) for place in written]
        sides: list[tuple[list[onnx.NodeProto], Argument]] = []
        for nodes, inner in end.sides:
            with g.within(nodes):
                flag, following, returned = self._outcome(inner, places, given, written, carried)
            sides.append((nodes, (flag, *following, *returned)))
        merged = [as_value(g, leaf) for leaf in leaves(self.interpreter.branches(end.condition, sides))]
        return merged[0], merged[1 : 1 + len(places)], merged[1 + len(places) :]

    def _end(self, name: str, arguments: tuple[Argument, ...]) -> End:
        """How one call of the function ``name`` ends."""
        function, frame = self.interpreter.bind(name, arguments)
        last = _last_call(function)
        if last is None:
            self.interpreter.evaluate(function.nodes, frame, name)
            return Exit("", frame[function.output])
        behind = {last.name}  # the call, and what only reads what it returns
        for node in function.nodes:
            if behind.intersection(node.inputs):
                behind.update(node.outputs)
        nodes = [node for node in function.nodes if node is not last and not behind.intersection(node.outputs)]
        self.interpreter.evaluate(nodes, frame, name)
        return self._followed_call(frame[last.callee], tuple(frame[given] for given in last.inputs))

    def _followed_call(self, target: Argument, arguments: tuple[Argument, ...]) -> End:
        if isinstance(target, Choice):
            sides: list[tuple[list[onnx.NodeProto], End]] = []
            for option in (target.then, target.otherwise):
                nodes: list[onnx.NodeProto] = []
                with self.g.within(nodes):
                    for value in self._carried:
                        self.g.own(value)
                    sides.append((nodes, self._followed_call(option, arguments)))
            return Fork(target.condition, tuple(sides))
        if not isinstance(target, Closure):
            raise CannotLowerError(f"it calls {target!r}, which is no function")
        name, functions = target.function, self.interpreter.functions
        arguments = (*target.bound, *arguments)
        if name == self.name:
            return Next(arguments)
        if name in self.names:
            return Exit(name, arguments)
        if not _reaches(functions, name, set(self.names)):
            return Exit("", self.interpreter.call(target, arguments[len(target.bound) :]))
        if is_loop(functions, name, self.names):
            inner = _Loop(self.interpreter, (*self.names, name)).lower(arguments)
            if inner.towards == self.name:
                assert isinstance(inner.result, tuple)
                return Next(inner.result)
            return inner
        return self._end(name, arguments)


def _last_call(function: Function) -> Node | None:
    """The call whose result the function returns."""
    producers = {output: node for node in function.nodes for output in node.outputs}
    node = producers.get(function.output)
    while node is not None and node.op in _PASSING:
        node = producers.get(node.inputs[0])
    return node if node is not None and node.op == CALL else None


def _reaches(functions: Mapping[str, Function], start: str, goals: set[str], without: Sequence[str] = ()) -> bool:
    """Whether the function ``start`` calls one of ``goals``, directly or through others than ``without``."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        for node in functions[waiting.pop()].nodes:
            for name in (*node.inputs, node.callee):
                if name in goals:
                    return True
                if name in functions and name not in seen and name not in without:
                    seen.add(name)
                    waiting.append(name)
    return False


def _ends(end: End) -> Iterator[Next | Exit]:
    if isinstance(end, Fork):
        for _, inner in end.sides:
            yield from _ends(inner)
    else:
        yield end


def _common(end: End) -> Exit:
    """One of the exits, which must lead the same way and return as many values."""
    exits = [leave for leave in _ends(end) if isinstance(leave, Exit)]
    if not exits:
        raise CannotLowerError("a loop has no end")
    if len({(leave.towards, len(list(leaves(leave.result)))) for leave in exits}) > 1:
        raise CannotLowerError("a loop ends in several ways: it leaves the loop around it too, or returns other values")
    return exits[0]


def _computed(several: Sequence[Argument], outside: set[str]) -> bool:
    """Whether a loop computes what its exits return at one place; otherwise it is what all of them pass on."""
    first = several[0]
    if isinstance(first, Value) and first.name not in outside:
        return True
    return not all(same(leaf, first) for leaf in several)


def _check_unchanged(end: End, bound: Sequence[Argument], places: Sequence[int]) -> None:
    for each in _ends(end):
        if isinstance(each, Next):
            for place, (old, new) in enumerate(zip(bound, leaves(each.arguments), strict=True)):
                if place not in places and not same(old, new):
                    raise CannotLowerError("what a loop changes depends on a constant")


def _counted_on(g: Builder, start: Sequence[Argument], places: Sequence[int]) -> list[Argument]:
    """``start``, its numbers that change from round to round as tensors."""
    return [
        as_value(g, leaf).array if place in places and isinstance(leaf, bool | int | float) else leaf
        for place, leaf in enumerate(start)
    ]


def _again(arguments: tuple[Argument, ...], new: Sequence[Argument]) -> tuple[Argument, ...]:
    filled = rebuilt(arguments, iter(new))
    assert isinstance(filled, tuple)
    return filled


def _distinct(g: Builder, leaf: Argument) -> Argument:
    """``leaf`` as an object of its own; a constant as if it were computed, since the next round may compute it."""
    if isinstance(leaf, Value):
        return g.own(replace(leaf))
    if not is_tensor(leaf):
        return leaf
    value = as_value(g, leaf)
    g.repeated(value, [axis for axis in range(value.rank) if g.is_repeated(value, axis)])
    return g.own(replace(value, array=None))


def _blank(g: Builder, like: Value) -> Value:
    zero = onnx.TensorProto(dims=[1], data_type=like.dtype.onnx, raw_data=bytes(like.dtype.itemsize))
    return g.node("ConstantOfShape", g.ints(*like.shape), value=zero)
