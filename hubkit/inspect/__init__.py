"""What a model file holds, read without MindSpore, ONNX or protobuf, in constant memory."""
