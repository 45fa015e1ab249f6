"""The figures of the project, measured on this machine; a module a subject."""
