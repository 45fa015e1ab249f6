"""Evaluate the functions of a MindIR file: bind their arguments, lower their nodes, call what they call.

A function that is called is written out where that happens. One that is chosen when the network runs becomes a branch
of If; one that calls itself at its end becomes a Loop.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, MutableMapping, Sequence
from typing import TypeAlias

import onnx

from hubkit.convert.lowering.builder import BatchBoundError, Builder, CannotLowerError, Value
from hubkit.convert.lowering.call import Argument, Call, Choice, Closure, Complex
from hubkit.convert.lowering.leaves import as_value, is_tensor, leaves, rebuilt, same
from hubkit.convert.lowering.registry import LOWERINGS
from hubkit.convert.lowering.sizes import sizes_of, with_sizes
from hubkit.convert.lowering.spectral import OF_REALS, of_complex
from hubkit.convert.lowering.subgraph import subgraph
from hubkit.convert.lowering.values import Size
from hubkit.convert.mindir_graph import CALL, Function, Graph, Marker, Node, TensorType, ValueType
from hubkit.convert.refusal import RefusedError

# What a name stands for, while a function is evaluated.
Frame: TypeAlias = MutableMapping[str, Argument]

# What malformed files make a lowering raise beside CannotLowerError: arguments of the wrong kind or number.
_ARGUMENT_ERRORS = (CannotLowerError, LookupError, TypeError, ValueError, ArithmeticError, AttributeError)
# Operators for which a monad at the end is an argument like another.
_KEEP_MONADS = ("MakeTuple", "Partial")
NUMBER = (0,)
"""The shape that the file says a number has, which here is a tensor without axes."""
# The size of an axis that stands for any number of axes.
_ANY_RANK = -2
_MAX_NODES = 1_000_000
_MAX_DEPTH = 64


class BatchError(RefusedError):
    """The network cannot be expressed for a batch of any size; with ``batch="fixed"`` it may be."""


class Interpreter:
    """Evaluates nodes and functions into the builder ``g``."""

    def __init__(self, g: Builder, graph: Graph, shared: Mapping[str, Argument]) -> None:
        self.g = g
        self.functions = graph.functions
        self.shared = {**shared, **{name: Closure(name, ()) for name in graph.functions}}
        """What every function can read: parameters, constants, functions."""
        self.frames: list[Frame] = [self.shared]
        self.running: list[str] = []
        self.rounds = 0
        """How many loops lie around what is evaluated."""
        self._readers: list[tuple[Sequence[Node], int, Collection[str]]] = [((), 0, ())]  # who reads each of the frames
        self._outside = 0  # how many of the frames lie outside the branch that is evaluated
        self._evaluated = 0
        self._parameters = frozenset(graph.parameters)
        self.written: dict[str, str] = {}
        """The parameters that are written into -> the operator that last does, with its layer."""

    def evaluate(self, nodes: Iterable[Node], frame: Frame, function: str = "", returned: Collection[str] = ()) -> None:
        """Lower ``nodes`` of ``function`` in order; what they yield is put into ``frame``.

        ``returned`` are the names in ``frame`` that are read after them.

        Raises ConvertError where one of them cannot be expressed as it stands; the message names it and its layer. It
        is a BatchError where only the open batch is in the way.
        """
        if len(self.running) > _MAX_DEPTH:
            raise CannotLowerError(f"functions call one another more than {_MAX_DEPTH} deep")
        self.frames.append(frame)
        self.running.append(function)
        ordered = list(nodes)
        self._readers.append((ordered, 0, returned))
        for place, node in enumerate(ordered, start=1):
            self._readers[-1] = (ordered, place, returned)
            result = self._evaluate(node, frame)
            frame.update(dict.fromkeys(node.outputs, result))
        self._readers.pop()
        self.frames.pop()
        self.running.pop()

    def call(self, target: Argument, arguments: tuple[Argument, ...]) -> Argument:
        """What the function ``target`` returns for ``arguments``.

        Raises CannotLowerError where it is no function, takes another number of arguments, or cannot be written out.
        """
        from hubkit.convert.lowering.loop import is_loop, lower_loop

        if isinstance(target, Choice):
            return self._choose(target, arguments)
        if not isinstance(target, Closure):
            raise CannotLowerError(f"it calls {target!r}, which is no function")
        arguments = (*target.bound, *arguments)
        if target.function in self.running:
            raise CannotLowerError("a function calls itself other than at its end")
        if is_loop(self.functions, target.function):
            return lower_loop(self, target.function, arguments)
        function, frame = self.bind(target.function, arguments)
        self.evaluate(function.nodes, frame, target.function, (function.output,))
        return frame[function.output]

    def bind(self, name: str, arguments: tuple[Argument, ...]) -> tuple[Function, Frame]:
        """The function ``name``, and a frame that holds its arguments.

        Raises CannotLowerError where their number is another.
        """
        function = self.functions[name]
        if len(function.inputs) != len(arguments):
            raise CannotLowerError(f"a function of {len(function.inputs)} arguments is given {len(arguments)}")
        return function, {**self.shared, **dict(zip(function.inputs, arguments, strict=True))}

    def branches(self, condition: Value, sides: Sequence[tuple[list[onnx.NodeProto], Argument]]) -> Argument:
        """If: the result of the first of the two ``sides`` (nodes and result) where ``condition`` holds.

        Raises CannotLowerError where the two results are not alike but for the sizes of their axes.
        """
        g = self.g
        flat = [list(leaves(result)) for _, result in sides]
        if len(flat[0]) != len(flat[1]):
            raise CannotLowerError(f"one branch returns {len(flat[0])} values, the other {len(flat[1])}")
        places = [place for place, pair in enumerate(zip(*flat, strict=True)) if is_tensor(pair[0]) or not same(*pair)]
        values: list[list[Value]] = []
        for (nodes, _), side in zip(sides, flat, strict=True):
            with g.within(nodes):
                values.append([as_value(g, side[place]) for place in places])
        axes = [sorted({*first.dynamic, *second.dynamic}) for first, second in zip(*values, strict=True)]
        outputs: list[list[Value]] = []
        for (nodes, _), side_values in zip(sides, values, strict=True):
            with g.within(nodes):
                followed = [g.follow(value, on) for value, on in zip(side_values, axes, strict=True)]
                outputs.append([g.node("Identity", value) for value in followed])
        results = [_merged(g, condition, *pair) for pair in zip(*outputs, strict=True)]
        if not places:
            return sides[0][1]
        graphs = {
            name: subgraph(name, nodes, (), side_outputs)
            for name, (nodes, _), side_outputs in zip(("then_branch", "else_branch"), sides, outputs, strict=True)
        }
        merged = iter(g.node_of_known("If", (condition,), results, dict(graphs)))
        new = [next(merged) if place in places else leaf for place, leaf in enumerate(flat[0])]
        return rebuilt(sides[0][1], iter(new))

    def _choose(self, choice: Choice, arguments: tuple[Argument, ...]) -> Argument:
        sides: list[tuple[list[onnx.NodeProto], Argument]] = []
        outside, self._outside = self._outside, len(self.frames)
        for option in (choice.then, choice.otherwise):
            nodes: list[onnx.NodeProto] = []
            with self.g.within(nodes):
                sides.append((nodes, self.call(option, arguments)))
        self._outside = outside
        return self.branches(choice.condition, sides)

    def _evaluate(self, node: Node, frame: Frame) -> Argument:
        self._evaluated += 1
        if self._evaluated > _MAX_NODES:
            raise RefusedError(
                f"the network's functions call one another so often that they have over {_MAX_NODES} operators",
                hint="Export the network again; if it is meant so, leave out the ONNX format.",
            )
        self.g.enter(node.scope)
        arguments = [frame[name] for name in node.inputs]
        try:
            result = self._result(node, frame, arguments)
            _check_result(result, node.output_type)
        except _ARGUMENT_ERRORS as error:
            detail = str(error) if isinstance(error, CannotLowerError) else f"unexpected arguments ({error!r})"
            kind = BatchError if isinstance(error, BatchBoundError) else RefusedError
            if kind is BatchError and not self.g.has_open_batch:  # other sizes than that of the batch are in its way
                kind, detail = RefusedError, "the size of what it is given depends on the data"
            raise kind(
                f"{node.op} in layer {node.scope} cannot be lowered to ONNX: {detail}",
                hint="Change how the layer is written, or leave out the ONNX format.",
            ) from error
        return result

    def _result(self, node: Node, frame: Frame, arguments: list[Argument]) -> Argument:
        if node.op == CALL:
            return self.call(frame[node.callee], tuple(arguments))
        while node.op not in _KEEP_MONADS and arguments and arguments[-1] is Marker.MONAD:
            arguments.pop()
        entry = LOWERINGS[node.op]
        complex_ = any(isinstance(leaf, Complex) for leaf in leaves(tuple(arguments)))
        function = of_complex if complex_ and node.op in OF_REALS else entry.function
        result = function(self.g, Call(node, tuple(arguments), self._asked(node)))
        if entry.in_place:
            self._rebind(arguments[0], result)
        if entry.writes_parameter:
            self._write(arguments[0], result, f"{node.op} in layer {node.scope}")
        return result

    def _asked(self, node: Node) -> frozenset[int] | None:
        """Which of the results of ``node`` are read; None where all may be."""
        nodes, place, returned = self._readers[-1]
        if not isinstance(node.output_type, tuple) or set(node.outputs) & set(returned):
            return None
        asked: set[int] = set()
        for reader in nodes[place:]:
            if set(node.outputs) & {*reader.inputs, reader.callee}:
                index = self.shared.get(reader.inputs[1]) if reader.op == "TupleGetItem" else None
                if not isinstance(index, int):
                    return None
                asked.add(index)
        return frozenset(asked)

    def _rebind(self, old: Argument, new: Argument) -> None:
        """Let every name of ``old`` stand for ``new``: the operator has written over it."""
        if isinstance(old, Value) and not self.g.is_local(old) and (self.rounds or self._is_read_outside(old)):
            raise CannotLowerError("it writes over a tensor from outside the branch or the loop that it stands in")
        for frame in self.frames:
            for name, value in frame.items():
                if value is old:
                    frame[name] = new

    def _write(self, old: Argument, new: Argument, writer: str) -> None:
        """Let the parameter that stands for ``old`` now stand for ``new``; what was read of it before stays."""
        if self.rounds or self._outside:
            raise CannotLowerError("it changes a parameter within a branch or a loop")
        keys = [name for name in self._parameters if self.shared[name] is old]
        if not keys:
            raise CannotLowerError("it writes into a constant, which MindSpore keeps as it then is from run to run")
        self.written.update(dict.fromkeys(keys, writer))
        for frame, function in zip(self.frames, ("", *self.running), strict=True):
            called = self.functions.get(function)
            for name in (*keys, *(called.inputs if called else ())):
                if frame.get(name) is old:
                    frame[name] = new

    def _is_read_outside(self, value: Value) -> bool:
        """Whether ``value`` is read after the branch that is evaluated, by what lies around it."""
        for frame, (nodes, place, returned) in zip(self.frames[: self._outside], self._readers, strict=False):
            later = {name for node in nodes[place:] for name in (*node.inputs, node.callee)}
            if any(_holds(frame.get(name), value) for name in later.union(returned)):
                return True
        return False


def _merged(g: Builder, condition: Value, first: Value, second: Value) -> Value:
    """``first`` where ``condition`` holds, ``second`` elsewhere, as `node_of_known` takes what If gives.

    An axis of two sizes, as that of the words of a sentence that may end, has one that depends on the data: the same
    wherever the same two sizes meet.
    """
    if (first.dtype, first.rank) != (second.dtype, second.rank):
        kinds = [f"{value.dtype.name}{value.told}" for value in (first, second)]
        raise CannotLowerError(f"one branch returns {kinds[0]}, the other {kinds[1]}")
    sizes: list[Size] = []
    for one, other in zip(sizes_of(first), sizes_of(second), strict=True):
        if (one[0], one[2]) == (other[0], other[2]) and one != other:
            raise BatchBoundError("its batch cannot be kept open: only one branch follows it")
        sizes.append(one if one == other else g.sizes.of(f"{one} where {condition.name}, otherwise {other}"))
    return with_sizes(first.dtype, sizes)


def _holds(argument: Argument | None, value: Value) -> bool:
    match argument:
        case Closure(_, bound):
            return any(_holds(leaf, value) for leaf in bound)
        case Choice(_, then, otherwise):
            return _holds(then, value) or _holds(otherwise, value)
        case tuple():
            return any(_holds(leaf, value) for leaf in argument)
    return argument is value


def _check_result(result: Argument, expected: ValueType) -> None:
    """Hold a lowering to what the file says its operator gives; what it does not yield is left to its readers."""
    if isinstance(result, tuple) and isinstance(expected, tuple):
        for element, type_ in zip(result, expected, strict=False):
            _check_result(element, type_)
    elif isinstance(result, Value) and isinstance(expected, TensorType) and _ANY_RANK not in expected.shape:
        if result.rank == 0 and expected == TensorType(NUMBER, result.dtype):
            return
        shape = tuple(
            told if told < 0 or axis in result.varying else size
            for axis, (size, told) in enumerate(zip(result.shape, expected.shape, strict=False))
        )
        if (len(shape), shape, result.dtype) != (result.rank, expected.shape, expected.dtype):
            raise CannotLowerError(
                f"its ONNX form gives {result.dtype.name}{result.told} where the file says {expected}"
            )
