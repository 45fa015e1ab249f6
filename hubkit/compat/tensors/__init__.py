"""Methods of tensors, as the code expects them and the CPU can do them."""
