"""Which kind of network an address belongs to, whatever form it hides in."""

from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network


class Network(StrEnum):
    """What may be reached: PUBLIC always, LOOPBACK and PRIVATE where it is configured, FORBIDDEN never."""

    PUBLIC = "public"
    LOOPBACK = "loopback"
    PRIVATE = "private"
    FORBIDDEN = "forbidden"


_CARRIER_NAT = ip_network("100.64.0.0/10")
_PRIVATE_V4 = tuple(ip_network(net) for net in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
_UNIQUE_LOCAL = ip_network("fc00::/7")
_NAT64 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
_V4_COMPATIBLE = IPv6Network("::/96")
_RELAY_6TO4 = ip_network("192.88.99.0/24")
_GLOBAL_UNICAST = IPv6Network("2000::/3")


def network_of(text: str) -> Network:
    """Classify an IP address in its text form, a scope id included. What is no address is FORBIDDEN."""
    try:
        address = ip_address(text)
    except ValueError:
        return Network.FORBIDDEN
    if isinstance(address, IPv6Address):
        return _v6(address)
    return _v4(address)


def _v4(address: IPv4Address) -> Network:
    if address.is_loopback:
        return Network.LOOPBACK
    if address in _CARRIER_NAT or any(address in net for net in _PRIVATE_V4):
        return Network.PRIVATE
    if not address.is_global or address.is_multicast or address in _RELAY_6TO4:
        return Network.FORBIDDEN  # link-local, unspecified, broadcast, reserved, documentation, multicast
    return Network.PUBLIC


def _v6(address: IPv6Address) -> Network:
    if address.is_loopback:
        return Network.LOOPBACK
    inner = _inner_v4(address)
    if inner is not None:
        return _v4(inner)
    if address in _UNIQUE_LOCAL:
        return Network.PRIVATE
    if address not in _GLOBAL_UNICAST or not address.is_global:
        return Network.FORBIDDEN  # link-local, site-local, multicast, unspecified, documentation, Teredo
    return Network.PUBLIC


def _inner_v4(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address an IPv6 one stands for: mapped, compatible, 6to4 or NAT64."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if any(address in net for net in _NAT64) or address in _V4_COMPATIBLE:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return None
