"""ONNX graphs in other element types: float16, and int8 by calibration."""
