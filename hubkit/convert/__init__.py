"""From weights to MINDIR and ONNX, with proof: `pipeline` is the way in; the rest is what it stands on.

`lowering` has the ONNX form of each operator, `optimize` what is done to the graph afterwards, `precision` its forms in
float16 and int8; `foreign` runs a repository's code, and `mismatch` finds why two forms of a network do not agree.
"""
