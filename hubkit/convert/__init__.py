"""From weights to MINDIR and ONNX, with proof: `pipeline` is the way in; the rest is what it stands on."""
