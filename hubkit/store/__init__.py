"""The store: digests, blobs kept once under their digest, and fetching them by URL scheme."""
