"""Networks that a repository's code makes: that code runs in a process of its own, with limits."""
