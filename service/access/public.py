"""The only paths that answer a caller without a key."""

PUBLIC_PATHS = frozenset(
    {
        "/healthz",
        "/readyz",
        "/openapi.json",
        "/docs",
        "/sign-in",
        "/favicon.ico",
        "/robots.txt",
    }
)
# What lies below these; a shared plan asks for its own token.
PUBLIC_FOLDERS = ("/static/", "/shared/")


def is_public(path: str) -> bool:
    """Tell whether a request's path, or a route's path with its parameters, needs no key."""
    return path in PUBLIC_PATHS or path.startswith(PUBLIC_FOLDERS)
