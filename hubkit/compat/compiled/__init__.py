"""Python that MindSpore's compiler refuses or takes otherwise: the trees that it is given, in other words."""
