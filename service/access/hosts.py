"""Where the service may be reached from.

In single-user mode whoever reaches the port is the administrator. So it listens on loopback
only, takes requests from this machine only, and only under names that mean this machine: a
foreign page could otherwise point its own name here (DNS rebinding).
"""

from ipaddress import ip_address

from starlette.requests import HTTPConnection

from recommender.errors import BadInput
from service.settings import PREFIX, Settings

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")


def refuse_open_listening(host: str, settings: Settings) -> None:
    """Refuse to listen beyond this machine while everybody is administrator.

    Raises:
        BadInput: the address is not a loopback one and access is not configured.
    """
    if settings.single_user and not is_loopback(host):
        raise BadInput(
            f"--host: found {host!r}, but without keys the service listens on this machine only; "
            f"set {PREFIX}ACCESS=keys and {PREFIX}SECRET, and make a key with "
            "`recommender keys create`"
        )


def is_loopback(host: str) -> bool:
    """Tell whether an address or name means this machine."""
    name = host.strip("[]").lower()
    if name in LOOPBACK_NAMES:
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def host_is_right(request: HTTPConnection, settings: Settings) -> bool:
    """Tell whether the request used a name under which the service may be reached."""
    if not settings.single_user and not settings.hosts:
        return True
    name = _host_name(request.headers.get("host", ""))
    return name in settings.hosts or (settings.single_user and is_loopback(name))


def client_is_right(request: HTTPConnection, settings: Settings) -> bool:
    """Tell whether the request may come from where it comes from."""
    if not settings.single_user or request.client is None:
        return True
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        # Not a network address: a test client or a local socket.
        return True


def _host_name(header: str) -> str:
    if header.startswith("["):
        return header[1:].partition("]")[0].lower()
    return header.partition(":")[0].lower().rstrip(".")
