"""Parts of a tensor and other orders of its elements."""

from __future__ import annotations

from tests.convert.op_case import IMAGE, call, f, i

_ODD = f(1, 7, 3)
ROWS = [
    call("ChunkView", "mint.chunk(x, 3, 1)", _ODD, instead="(x[:, :3], x[:, 3:6], x[:, 6:])"),
    call("SplitTensorView", "mint.split(x, 3, 1)", _ODD, instead="(x[:, :3], x[:, 3:6], x[:, 6:])"),
    call("SplitWithSizeView", "mint.split(x, (2, 5), 1)", _ODD, instead="(x[:, :2], x[:, 2:])"),
    call("SplitWithSize", "ops.auto_generate.SplitWithSize()(x, (2, 5), 1)", _ODD, instead="(x[:, :2], x[:, 2:])"),
    call("NarrowView", "mint.narrow(x, 1, 2, 3)", _ODD),
    call("Narrow", "ops.auto_generate.narrow(x, 1, 2, 3)", _ODD, instead="x[:, 2:5]"),
    call("SplitV", "ops.SplitV((2, 5), 1, 2)(x)", _ODD, instead="(x[:, :2], x[:, 2:])"),
    call("SelectExtView", "mint.select(x, 1, 2)", _ODD, instead="x[:, 2]"),
    call("DiagExt", "mint.diag(x[0])", f(1, 5), batched=False, reason="it is of one vector", instead="ops.diag(x[0])"),
    call("ReverseV2", "ops.flip(x, (1, -1))", IMAGE),
    call("ReverseV2", "ops.flip(x, (0,))", f(3, 2), batched=False, reason="the batch is turned round"),
    call("Roll", "ops.roll(x, 2, 1)", IMAGE, instead="ops.concat((x[:, 2:], x[:, :2]), 1)"),
    call("Roll", "ops.roll(x, (1, -2), (1, 2))", f(1, 3, 5),
         instead="ops.concat((ops.concat((x[:, 2:, 2:], x[:, 2:, :2]), 2),"
         " ops.concat((x[:, :2, 2:], x[:, :2, :2]), 2)), 1)"),
    call("RepeatInterleaveInt", "mint.repeat_interleave(x, 2, 1)", _ODD, instead="ops.repeat_interleave(x, 2, 1)"),
    call("Tile", "ops.repeat_interleave(x, 2, 1)", _ODD),
    call("Meshgrid", "ops.meshgrid(x[0], y[0])", f(1, 3), f(1, 5), batched=False, reason="it is of two vectors"),
    call("Meshgrid", "ops.meshgrid(x[0], y[0], indexing='ij')", f(1, 3), f(1, 5), batched=False,
         reason="it is of two vectors"),
    call("MatrixBandPart", "ops.matrix_band_part(x, 1, 2)", IMAGE),
    call("MatrixBandPart", "ops.matrix_band_part(x, -1, 0)", IMAGE),
    call("Repeat", "x.repeat(2, 1, 3)", f(1, 3), batched=False, reason="an axis is put before the batch",
         instead="ops.tile(x, (2, 1, 3))"),
    call("Tril", "ops.tril(x)", IMAGE),
    call("Tril", "ops.tril(x, -1)", i(1, 5, 5)),
    call("Triu", "ops.triu(x, 1)", IMAGE),
    call("Triu", "ops.triu(x > 0, 1)", IMAGE),
    call("TrilExt", "mint.tril(x, 1)", IMAGE, instead="ops.tril(x, 1)"),
    call("Diagonal", "ops.diagonal(x, 1, 2, 3)", IMAGE),
    call("Diagonal", "ops.diagonal(x, -2, 3, 2)", IMAGE),
    call("Diag", "ops.diag(x[0])", f(1, 5), batched=False, reason="it is of one vector"),
    call("Diag", "ops.diag(x[0])", f(1, 2, 3), batched=False, reason="it is of one tensor"),
    call("Diag", "ops.diag(1 / ops.relu(x[0]))", f(1, 5), batched=False, reason="it is of one vector"),
    call("ChannelShuffle", "ops.channel_shuffle(x, 2)", f(2, 6, 4, 3)),
    call("DiagPart", "ops.operations.array_ops.DiagPart()(x[0])", f(1, 4, 4), batched=False,
         reason="it is of one matrix"),
    call("DiagPart", "ops.operations.array_ops.DiagPart()(x)", f(2, 3, 2, 3), batched=False,
         reason="its first axis is one of the two"),
    *(call("MatrixDiagPartV3", f"ops.matrix_diag_part(x, ms.Tensor({places}, ms.int32), ms.Tensor(9.0), align='{way}')",
           f(2, *sizes)) for places, way, sizes in (
        ("[-1, 2]", "RIGHT_LEFT", (3, 5)), ("[-2, 1]", "LEFT_RIGHT", (5, 3)), ("[-1, 1]", "LEFT_LEFT", (4, 4)),
        ("[0, 2]", "RIGHT_RIGHT", (2, 4)), ("1", "LEFT_LEFT", (3, 5)),
    )),
    call("MatrixDiagV3", "ops.matrix_diag(x)", f(2, 3, 4)),
    call("MatrixSetDiagV3", "ops.matrix_set_diag(x, y)", f(2, 3, 4), f(2, 3)),
    call("MatrixSetDiagV3", "ops.diag_embed(x)", f(1, 3, 4)),
    call("MatrixSetDiagV3", "ops.diag_embed(x, 1)", f(1, 3, 4)),
    call("MatrixSetDiagV3", "ops.diag_embed(x, -2)", f(1, 3, 4)),
]  # fmt: skip
