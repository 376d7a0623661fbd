"""The HTTP service; it parses, calls the library once and answers."""
