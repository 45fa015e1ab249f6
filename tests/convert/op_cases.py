"""One row an operator and its arguments: each becomes a one-operator network, is lowered, and compared.

A row says what the network computes (`call`, of x, y and z and of `self.f`, the layer), what it is given, and how far
the two runtimes may differ, with a reason where that is more than rounding.
"""

from __future__ import annotations

from dataclasses import dataclass

ATOL, RTOL = 1e-5, 1e-5
"""Rounding of float32 sums; a row that needs more says why."""


@dataclass(frozen=True)
class Input:
    """One input of a row's network."""

    shape: tuple[int, ...]
    """Its sizes, the batch first."""
    dtype: str = "float32"
    """NumPy's name of its element type."""
    low: float = -2.0
    """The least value."""
    high: float = 2.0
    """The greatest value."""


@dataclass(frozen=True)
class Case:
    """One row."""

    op: str
    """The MindIR operator that the network must contain."""
    call: str
    """What it computes."""
    inputs: tuple[Input, ...]
    """What it is given: x, y, z."""
    layer: str = ""
    """What `self.f` is."""
    atol: float = ATOL
    """The greatest absolute difference."""
    rtol: float = RTOL
    """The greatest relative difference beyond it."""
    reason: str = ""
    """Why the tolerance is not the usual one, or why the batch is not tried."""
    batched: bool = True
    """Whether two inputs in one batch give what each gives alone; not where the first axis is none of a batch."""

    @property
    def name(self) -> str:
        """The row's name."""
        shapes = ",".join("x".join(map(str, item.shape)) or "scalar" for item in self.inputs)
        dtypes = sorted({item.dtype for item in self.inputs} - {"float32"})
        return " ".join([self.op, self.layer or self.call, shapes, *dtypes])


def f(*shape: int, low: float = -2.0, high: float = 2.0) -> Input:
    """Floats."""
    return Input(shape, "float32", low, high)


def i(*shape: int, low: int = -9, high: int = 9) -> Input:
    """Integers."""
    return Input(shape, "int32", low, high)


def h(*shape: int) -> Input:
    """Half precision floats."""
    return Input(shape, "float16")


def layer(op: str, text: str, *inputs: Input, **options: object) -> Case:
    """A row whose network is one layer."""
    return Case(op, f"self.f({', '.join('xyz'[: len(inputs)])})", inputs, text, **options)  # type: ignore[arg-type]


def call(op: str, text: str, *inputs: Input, **options: object) -> Case:
    """A row whose network is one expression."""
    return Case(op, text, inputs, **options)  # type: ignore[arg-type]


HALF = {"atol": 2e-3, "rtol": 2e-3, "reason": "float16 has 11 bits"}
IMAGE = f(1, 4, 9, 7)

CONVOLUTION = [
    layer("Conv2D", "nn.Conv2d(3, 4, 3, pad_mode='same')", f(1, 3, 9, 7)),
    layer("Conv2D", "nn.Conv2d(3, 4, 3, pad_mode='same')", f(2, 3, 8, 8)),
    layer("Conv2D", "nn.Conv2d(3, 4, 4, pad_mode='same')", f(1, 3, 9, 7)),
    layer("Conv2D", "nn.Conv2d(3, 4, 3, stride=2, pad_mode='same')", f(1, 3, 9, 8)),
    layer("Conv2D", "nn.Conv2d(3, 4, (3, 5), stride=(2, 3), pad_mode='same')", f(1, 3, 10, 11)),
    layer("Conv2D", "nn.Conv2d(3, 4, 3, pad_mode='same', dilation=2)", f(1, 3, 9, 7)),
    layer("Conv2D", "nn.Conv2d(3, 4, 3, pad_mode='same', dilation=8)", f(1, 3, 5, 5)),
    layer("Conv2D", "nn.Conv2d(3, 4, 3, pad_mode='valid')", f(1, 3, 9, 7)),
    layer("Conv2D", "nn.Conv2d(3, 4, 3, stride=2, pad_mode='pad', padding=(0, 1, 2, 1))", f(1, 3, 9, 7)),
    layer("Conv2D", "nn.Conv2d(4, 6, 3, group=2)", IMAGE),
    layer("Conv2D", "nn.Conv2d(4, 4, 3, group=4, stride=2, has_bias=True)", IMAGE),
    layer("Conv2D", "nn.Conv2d(4, 2, 1)", f(1, 4, 1, 1)),
    layer("Conv2D", "nn.Conv1d(4, 3, 3, stride=2)", f(1, 4, 9)),
    layer("Conv3D", "nn.Conv3d(2, 3, 3, stride=2)", f(1, 2, 4, 5, 6)),
    layer("Conv3D", "nn.Conv3d(2, 3, 3, pad_mode='pad', padding=1, has_bias=True)", f(1, 2, 4, 5, 6)),
    layer("Conv2DTranspose", "nn.Conv2dTranspose(4, 3, 3, stride=2, pad_mode='same', has_bias=True)", IMAGE),
    layer("Conv2DTranspose", "nn.Conv2dTranspose(4, 3, 2, stride=2, pad_mode='valid')", IMAGE),
    layer("Conv2DTranspose", "nn.Conv2dTranspose(4, 3, 4, stride=2, pad_mode='pad', padding=1)", IMAGE),
    layer("Conv2DTranspose", "nn.Conv2dTranspose(4, 4, 3, pad_mode='same', group=2, dilation=2)", IMAGE),
    layer("BiasAdd", "nn.Conv2d(3, 4, 3, has_bias=True)", f(1, 3, 9, 7)),
    layer("BiasAdd", "nn.Dense(5, 3)", f(2, 5)),
    call("BiasAdd", "ops.bias_add(ops.relu(x), ms.Tensor([1.0, 2.0, 3.0, 4.0]))", IMAGE),
    Case("BiasAdd", "(self.f(x), ops.bias_add(self.f(x), ms.Tensor([1.0, 2.0])))", (f(1, 3, 5, 5),),
         "nn.Conv2d(3, 2, 3)"),
]  # fmt: skip

NORMALIZATION = [
    layer("BatchNorm", "nn.BatchNorm2d(4)", IMAGE),
    layer("BatchNorm", "nn.BatchNorm2d(4, eps=0.1)", IMAGE),
    layer("BatchNorm", "nn.BatchNorm1d(5)", f(2, 5)),
    layer("BatchNorm", "nn.BatchNorm2d(4, use_batch_statistics=True)", f(2, 4, 5, 5), batched=False,
          atol=1e-4, reason="its statistics are those of the batch; the variance is summed in another order"),
    layer("LayerNorm", "nn.LayerNorm((7,))", IMAGE),
    layer("LayerNorm", "nn.LayerNorm((9, 7), begin_norm_axis=2, begin_params_axis=2, epsilon=1e-3)", IMAGE),
    layer("GroupNorm", "nn.GroupNorm(2, 4)", IMAGE),
    layer("GroupNorm", "nn.GroupNorm(4, 4, eps=0.1)", IMAGE),
    layer("L2Normalize", "ops.L2Normalize(1)", IMAGE),
    layer("L2Normalize", "ops.L2Normalize(-1, epsilon=0.5)", f(2, 5, low=-0.1, high=0.1)),
]  # fmt: skip

ACTIVATION = [
    *(call(op, text, IMAGE) for op, text in {
        "ReLU": "ops.relu(x)", "Sigmoid": "ops.sigmoid(x)", "Tanh": "ops.tanh(x)", "Softsign": "ops.softsign(x)",
        "Mish": "ops.mish(x)", "HSwish": "ops.hardswish(x)", "HSigmoid": "ops.hardsigmoid(x)", "SiLU": "ops.silu(x)",
        "Elu": "ops.elu(x)", "SeLU": "ops.selu(x)",
    }.items()),
    call("Softplus", "ops.softplus(x)", f(1, 4, 5, low=-30, high=30)),
    call("HSwish", "ops.hardswish(x)", f(1, 40, low=-8, high=8)),
    call("HSigmoid", "ops.hardsigmoid(x)", f(1, 40, low=-8, high=8)),
    call("ReLU6", "ops.relu6(x)", f(1, 50, low=-9, high=9)),
    call("ReLU", "ops.relu(x)", f(1)),
    call("ReLU", "ops.relu(x)", h(1, 4, 5), **HALF),
    call("GeLU", "ops.gelu(x, approximate='tanh')", f(1, 50, low=-5, high=5)),
    call("Maximum", "ops.leaky_relu(x, 0.1)", IMAGE),
    layer("PReLU", "nn.PReLU(4)", IMAGE),
    layer("PReLU", "nn.PReLU(1)", IMAGE),
    call("Softmax", "ops.softmax(x, 1)", IMAGE),
    call("Softmax", "ops.softmax(x, -1)", f(1, 5, low=-80, high=80)),
    call("Softmax", "ops.softmax(x, -1)", h(1, 5), **HALF),
    call("LogSoftmax", "ops.log_softmax(x, 1)", IMAGE),
]  # fmt: skip

PAIR = (IMAGE, IMAGE)
POSITIVE = f(1, 4, 9, low=0.1, high=3)
ELEMENTWISE = [
    *(call(op, f"ops.{name}(x)", IMAGE) for op, name in {
        "Abs": "abs", "Ceil": "ceil", "Cos": "cos", "Erf": "erf", "Exp": "exp", "Floor": "floor", "Neg": "neg",
        "Sign": "sign", "Sin": "sin", "Square": "square", "Atan": "atan", "Sinh": "sinh",
    }.items()),
    call("Tan", "ops.tan(x)", f(1, 9, low=-1, high=1)),
    call("Asin", "ops.asin(x)", f(1, 9, low=-1, high=1)),
    *(call(op, f"ops.{name}(x)", POSITIVE) for op, name in {
        "Log": "log", "Rsqrt": "rsqrt", "Sqrt": "sqrt", "Reciprocal": "reciprocal"
    }.items()),
    *(call(op, text, *PAIR) for op, text in {
        "Add": "x + y", "Sub": "x - y", "Mul": "x * y", "Maximum": "ops.maximum(x, y)", "Minimum": "ops.minimum(x, y)",
        "Greater": "x > y", "GreaterEqual": "x >= y", "Less": "x < y", "LessEqual": "x <= y",
        "LogicalAnd": "ops.logical_and(x > 0, y > 0)", "LogicalOr": "ops.logical_or(x > 0, y > 0)",
        "AddExt": "mint.add(x, y, alpha=2)", "SubExt": "mint.sub(x, y, alpha=0.5)", "Select": "ops.select(x > 0, x, y)",
    }.items()),
    call("LogicalNot", "ops.logical_not(x > 0)", IMAGE),
    call("Equal", "x == y", i(1, 40, low=0, high=3), i(1, 40, low=0, high=3)),
    call("NotEqual", "x != y", i(1, 40, low=0, high=3), i(1, 40, low=0, high=3)),
    call("Add", "x + y", f(1, 4, 1, 7), f(1, 1, 9, 1)),
    call("Add", "x + y", h(1, 4, 3), h(1, 4, 3), **HALF),
    call("Add", "ops.add(x, 2.0)", IMAGE),
    call("Mul", "ops.mul(x, ms.Tensor([[[[2.0]], [[3.0]]]]))", f(1, 2, 3, 3)),
    call("Mul", "x * y", i(1, 9), i(1, 9)),
    call("Muls", "mint.mul(x, 2.5)", IMAGE),
    call("Muls", "mint.mul(x, 3)", i(1, 9)),
    call("Divs", "mint.div(x, 2.0)", IMAGE),
    call("Div", "x / y", IMAGE, f(1, 4, 9, 7, low=0.5)),
    call("RealDiv", "ops.RealDiv()(x, y)", IMAGE, f(1, 4, 9, 7, low=0.5)),
    call("Pow", "ops.pow(x, 2.0)", IMAGE),
    call("Pow", "ops.pow(x, y)", POSITIVE, POSITIVE),
    call("AddScalar", "mint.add(x, 2.0, alpha=3.0)", IMAGE),
    call("SubScalar", "mint.sub(x, 2.0)", IMAGE),
    Case("TensorMove", "self.f(x)", (IMAGE,), "AddInPlace()"),
    Case("InplaceAddExt", "self.f(x)", (IMAGE,), "AddInPlace()"),
    Case("InplaceSubExt", "self.f(x)", (IMAGE,), "SubInPlace()"),
    call("FloorDiv", "ops.floor_divide(x, y)", f(1, 40, low=-9, high=9), f(1, 40, low=0.5, high=3)),
    call("FloorDiv", "ops.floor_divide(x, y)", i(1, 40), i(1, 40, low=1, high=4)),
    call("FloorDiv", "ops.floor_divide(x, y)", i(1, 40), i(1, 40, low=-4, high=-1)),
    call("AddN", "ops.addn((x, y, x))", *PAIR),
    call("ClampScalar", "ops.clamp(x, -1.0, 0.5)", IMAGE),
    call("ClampScalar", "ops.clamp(x, min=0.5)", IMAGE),
    call("ClampScalar", "ops.clamp(x, max=0.5)", IMAGE),
    call("Cast", "ops.cast(x, ms.float16)", IMAGE, **HALF),
    call("Cast", "ops.cast(x, ms.int32)", f(1, 40, low=-9, high=9)),
    call("Cast", "ops.cast(x, ms.bool_)", i(1, 40, low=-1, high=1)),
    call("MaskedFill", "ops.masked_fill(x, x > 0, -3.0)", IMAGE),
    call("Select", "ops.where(x > 0, x, 0.5)", IMAGE),
]  # fmt: skip

MATMUL = [
    call("MatMul", "ops.MatMul()(x, ms.Tensor(np.arange(12, dtype=np.float32).reshape(4, 3) / 9))", f(2, 4)),
    call("MatMul", "ops.MatMul(transpose_b=True)(x, ms.Tensor(np.arange(8, dtype=np.float32).reshape(2, 4)))", f(3, 4)),
    call("MatMul", "ops.MatMul(transpose_a=True)(x, y)", f(4, 2), f(4, 3), batched=False,
         reason="the first axis is summed over"),
    layer("MatMul", "nn.Dense(5, 3, has_bias=False)", f(2, 5)),
    layer("MatMul", "nn.Dense(5, 3)", f(2, 4, 5)),
    layer("BatchMatMul", "ops.BatchMatMul()", f(2, 3, 4), f(2, 4, 5)),
    layer("BatchMatMul", "ops.BatchMatMul(True, True)", f(2, 6, 4, 3), f(2, 6, 5, 4)),
    call("MatMulExt", "ops.matmul(x, y)", f(2, 3, 4), f(2, 4, 5)),
    call("MatMulExt", "mint.matmul(x, ms.Tensor(np.ones((4, 5), np.float32)))", f(2, 3, 4)),
    layer("Dense", "mint.nn.Linear(7, 4)", IMAGE),
    layer("Dense", "mint.nn.Linear(5, 4, bias=False)", f(2, 5)),
    layer("Dense", "mint.nn.Linear(5, 4)", f(2, 5)),
]  # fmt: skip

POOLING = [
    layer("MaxPool", "nn.MaxPool2d(2, 2)", IMAGE),
    layer("MaxPool", "nn.MaxPool2d(2, 2, pad_mode='same')", IMAGE),
    layer("MaxPool", "nn.MaxPool2d(3, 2, pad_mode='same')", f(1, 2, 8, 9, low=-3, high=-1)),
    layer("MaxPool", "nn.MaxPool2d(8, 8)", f(1, 2, 16, 17)),
    layer("MaxPool", "nn.MaxPool2d((3, 1), (2, 1))", IMAGE),
    layer("AvgPool", "nn.AvgPool2d(3, 2, pad_mode='same')", f(1, 4, 8, 7)),
    layer("AvgPool", "nn.AvgPool2d(3, 1, pad_mode='same')", IMAGE),
    layer("AvgPool", "nn.AvgPool2d(2, 2)", IMAGE),
    layer("MaxPool3DWithArgmax", "nn.MaxPool2d(3, 2, pad_mode='pad', padding=1)", IMAGE),
    layer("MaxPool3DWithArgmax", "nn.MaxPool2d(3, 2, pad_mode='pad', padding=1, ceil_mode=True)", f(1, 2, 8, 8)),
    layer("AvgPool3D", "nn.AvgPool2d(3, 2, pad_mode='pad', padding=1)", IMAGE),
    layer("AvgPool3D", "nn.AvgPool2d(3, 2, pad_mode='pad', padding=1, count_include_pad=False)", IMAGE),
    layer("AdaptiveAvgPool2D", "nn.AdaptiveAvgPool2d(1)", IMAGE),
    layer("AdaptiveAvgPool2D", "nn.AdaptiveAvgPool2d((3, 7))", IMAGE),
    layer("AdaptiveAvgPool2D", "nn.AdaptiveAvgPool2d((4, 5))", IMAGE),
]

_RESIZES = ("False, False", "True, False", "False, True")
_BICUBIC = {"atol": 3e-3, "reason": "MindSpore takes cubic weights from a table of 1024 steps"}
RESIZE = [
    *(layer("ResizeBilinearV2", f"Resize(ops.ResizeBilinearV2({flags}), {size})", image)
      for flags in _RESIZES for size in ((18, 14), (13, 20), (4, 3), (9, 7)) for image in (IMAGE,)),
    layer("ResizeBilinearV2", "Resize(ops.ResizeBilinearV2(True, False), (64, 64))", f(1, 2, 4, 4)),
    layer("ResizeBilinearV2", "Resize(ops.ResizeBilinearV2(True, False), (1, 1))", IMAGE),
    layer("ResizeBilinearV2", "Resize(ops.ResizeBilinearV2(False, False), (5, 5))", f(1, 2, 1, 1)),
    *(layer("ResizeNearestNeighbor", f"ops.ResizeNearestNeighbor({size}, {align})", IMAGE)
      for align in (False, True) for size in ((18, 14), (13, 20), (4, 3))),
    call("ResizeNearestNeighborV2", "ops.interpolate(x, size=(13, 20), mode='nearest')", IMAGE),
    *(call("ResizeBicubic", f"ops.interpolate(x, size={size}, mode='bicubic', align_corners={align})", IMAGE,
           **_BICUBIC)
      for align in (True, False) for size in ((18, 14), (13, 20), (5, 4))),
    layer("DepthToSpace", "ops.DepthToSpace(2)", f(1, 8, 3, 5)),
    layer("SpaceToDepth", "ops.SpaceToDepth(2)", f(1, 3, 4, 6)),
]  # fmt: skip

SHAPE = [
    call("Concat", "ops.concat((x, y), 1)", IMAGE, f(1, 2, 9, 7)),
    call("Concat", "ops.concat((x, y, x), -1)", IMAGE, f(1, 4, 9, 2)),
    call("Concat", "ops.concat((x, y), 1)", h(1, 3), h(1, 2), **HALF),
    layer("Concat", "ClassToken(ops.Tile())", f(1, 3, 6)),
    layer("Tile", "ClassToken(ops.Tile())", f(2, 3, 6)),
    layer("BroadcastTo", "ClassToken(Broadcast())", f(2, 3, 6)),
    call("Concat", "ops.concat((ops.zeros((x.shape[0], 1, 6), ms.float32), x), 1)", f(2, 3, 6)),
    call("make_list", "[x, x + 1]", IMAGE),
    call("MakeTuple", "(x, (x + 1, x * 2))", IMAGE),
    call("Stack", "ops.stack((x, y), 1)", *PAIR),
    call("Unstack", "ops.unbind(x, 1)", IMAGE),
    call("Unstack", "ops.unbind(x, -1)", f(1, 2, 1)),
    call("Split", "ops.chunk(x, 2, 1)", IMAGE),
    call("Reshape", "x.reshape(1, -1)", IMAGE),
    call("Reshape", "x.reshape(x.shape[0], 2, 2, 9, 7)", f(2, 4, 9, 7)),
    call("Reshape", "x.reshape(36, 7)", IMAGE),
    call("Reshape", "ops.relu(x.transpose(0, 2, 3, 1).reshape(-1, 4)).reshape(1, 63, 4)", IMAGE),
    call("Reshape", "x.reshape(1, 1, 4, 63)", IMAGE),
    call("FlattenExt", "mint.flatten(x, 1, 2)", IMAGE),
    layer("Flatten", "nn.Flatten()", IMAGE),
    call("Transpose", "x.transpose(0, 2, 3, 1)", IMAGE),
    call("Transpose", "ops.swapaxes(x, -1, 1)", IMAGE),
    call("TransposeView", "mint.permute(x, (0, 3, 1, 2))", IMAGE),
    call("ExpandDims", "ops.expand_dims(x, 1)", IMAGE),
    call("ExpandDims", "ops.expand_dims(x, -1)", i(1, 3)),
    call("Squeeze", "ops.squeeze(x, (1, -1))", f(1, 1, 3, 1)),
    call("Squeeze", "ops.squeeze(x)", f(3, 1, 2, 1)),
    call("StridedSlice", "x[:, 1:3, ::2, -1]", IMAGE),
    call("StridedSlice", "x[:, ::-1]", IMAGE),
    call("StridedSlice", "x[:, 3:0:-2, 1:-1]", IMAGE),
    call("StridedSlice", "x[..., 0]", IMAGE),
    call("StridedSlice", "x[:, None, 1]", IMAGE),
    call("StridedSlice", "x[0]", f(2, 3), batched=False, reason="one element of the batch is taken"),
    call("StridedSlice", "ops.split(x, (1, 3), 1)", IMAGE),
    call("Slice", "ops.slice(x, (0, 1, 2, 0), (1, 2, 5, 7))", IMAGE),
    call("Gather", "ops.gather(x, ms.Tensor([2, 0, 2]), 1)", IMAGE),
    call("Gather", "ops.gather(x, ms.Tensor([[1, 0], [3, 3]], ms.int32), -1)", IMAGE),
    call("Tile", "ops.tile(x, (1, 2, 1, 3))", IMAGE),
    call("Tile", "ops.tile(x, (1, 2))", f(3, 2)),
    call("BroadcastTo", "ops.broadcast_to(x, (1, 4, 9, 7))", f(1, 4, 1, 7)),
    call("Pad", "ops.Pad(((0, 0), (0, 0), (1, 2), (3, 4)))(x)", IMAGE),
    call("PadV3", "ops.pad(x, [1, 2, 3, 0], value=1.5)", IMAGE),
    call("PadV3", "ops.pad(x, [1, 2, 3, 0], mode='reflect')", IMAGE),
    call("PadV3", "ops.pad(x, [1, 2, 3, 0], mode='replicate')", IMAGE),
    call("Identity", "ops.Identity()(x)", IMAGE),
]

REDUCTION = [
    *(call(op, f"ops.{op}({keep})(x, {axes})", IMAGE) for op in ("ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin")
      for keep, axes in ((True, (2, 3)), (False, -1))),
    call("ReduceMean", "ops.mean(x, (2, 3))", f(1, 4, 32, 32)),
    call("ReduceSum", "ops.ReduceSum()(x, ())", f(2, 3), batched=False, reason="the batch is summed over"),
    call("ReduceProd", "ops.ReduceProd()(x, 1)", IMAGE),
    call("SumExt", "mint.sum(x, 1, True)", IMAGE),
    call("SumExt", "mint.sum(x, (1, 2), dtype=ms.int32)", i(1, 3, 4)),
    call("MeanExt", "mint.mean(x, -1)", IMAGE),
    call("Argmax", "ops.argmax(x, 1)", IMAGE),
    call("Argmax", "ops.Argmax(-1)(x)", IMAGE),
    call("Argmin", "ops.argmin(x, 1)", IMAGE),
    call("ArgMaxWithValue", "ops.max(x, 1)", IMAGE),
    call("ArgMinWithValue", "ops.min(x, -1, keepdims=True)", IMAGE),
    call("CumSum", "ops.cumsum(x, 1)", IMAGE),
    call("CumSum", "ops.CumSum(True, True)(x, 2)", IMAGE),
    call("TopK", "ops.topk(x, 3)", f(1, 4, 9)),
]  # fmt: skip

CASES = [
    *CONVOLUTION, *NORMALIZATION, *ACTIVATION, *ELEMENTWISE, *MATMUL, *POOLING, *RESIZE, *SHAPE, *REDUCTION
]  # fmt: skip

# Operators that no row can name: what the exporter puts between and around all the others.
STRUCTURAL = {"Load", "Depend", "UpdateState", "TupleGetItem", "StopGradient"}
