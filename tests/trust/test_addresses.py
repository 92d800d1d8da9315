"""An address is judged by what it reaches, not by how it is written."""

import pytest

from cds_service.trust.addresses import Network, network_of

PUBLIC = ["8.8.8.8", "203.0.114.1", "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.0", "2606:4700::1111"]
LOOPBACK = [
    "127.0.0.1",
    "127.255.255.254",
    "::1",
    "::ffff:127.0.0.1",
    "::127.0.0.1",
    "2002:7f00:1::",
    "64:ff9b::7f00:1",
]
PRIVATE = [
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "100.64.0.0",
    "100.127.255.255",
    "fc00::1",
    "fdff::1",
    "::ffff:10.1.2.3",
    "::10.1.2.3",
    "2002:a01:203::1",
    "64:ff9b::a01:203",
    "64:ff9b:1::a01:203",
    "::ffff:100.64.0.1",
]
FORBIDDEN = [
    "169.254.169.254",
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "2002:a9fe:a9fe::",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "0.0.0.0",  # noqa: S104 - judged, not bound to
    "0.1.2.3",
    "::",
    "255.255.255.255",
    "224.0.0.1",
    "239.255.255.250",
    "ff02::1",
    "ff0e::1",
    "240.0.0.1",
    "192.0.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.1",
    "192.88.99.1",
    "2001:db8::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "100::1",
    "5f00::1",
    "::ffff:224.0.0.1",
    "localhost",
    "",
]
CASES = [
    *((address, Network.PUBLIC) for address in PUBLIC),
    *((address, Network.LOOPBACK) for address in LOOPBACK),
    *((address, Network.PRIVATE) for address in PRIVATE),
    *((address, Network.FORBIDDEN) for address in FORBIDDEN),
]


@pytest.mark.parametrize(("address", "network"), CASES)
def test_network(address: str, network: Network) -> None:
    assert network_of(address) is network
