"""Where URLs point, and which addresses are in the open network."""

from ipaddress import ip_address

import pytest

from graph.addresses import Target, is_public, literal, target


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "1.1.1.1", "172.32.0.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"],
)
def test_what_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.1.2.3", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "169.254.169.254", "100.64.0.1",
        "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.1.1.1",
        "240.0.0.1", "255.255.255.255", "192.88.99.1",
        "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::1", "2001::1", "2001:db8::1", "3fff::1", "fc00::1", "fd12::1",
        "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "ff0e::1", "100::1", "5f00::1",
    ],
)  # fmt: skip
def test_what_is_not(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("0x7f000001", "127.0.0.1"),
        ("0x7f.1", "127.0.0.1"),
        ("017700000001", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("127.0.0.1.", "127.0.0.1"),
        ("::1", "::1"),
    ],
)
def test_an_address_is_told_in_every_form(host: str, address: str) -> None:
    assert literal(host) == ip_address(address)


@pytest.mark.parametrize("host", ["example.com", "127.0.0.1.example.com", "7f.example", "1.2.3.4.5", "256.256.256.256"])
def test_a_name_is_no_address(host: str) -> None:
    assert literal(host) is None


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("http://example.com", Target(False, "example.com", 80, "/", None)),
        ("HTTPS://Example.com:8443/a/b?c=d#e", Target(True, "example.com", 8443, "/a/b?c=d", None)),
        ("https://me:a%20b@example.com/ü", Target(True, "example.com", 443, "/%C3%BC", "me:a%20b")),
        ("https://bücher.example/", Target(True, "xn--bcher-kva.example", 443, "/", None)),
        ("http://[::1]:8080/x", Target(False, "::1", 8080, "/x", None)),
        ("http://①②⑦.0.0.1/", Target(False, "127.0.0.1", 80, "/", None)),
        ("http://127。0。0。1/", Target(False, "127.0.0.1", 80, "/", None)),
        ("http://a@b@example.com/", Target(False, "example.com", 80, "/", "a@b")),
    ],
)
def test_a_url_is_taken_apart(url: str, parts: Target) -> None:
    assert target(url) == parts


@pytest.mark.parametrize(
    "url",
    [
        "", "example.com", "/path", "//example.com", "ftp://example.com", "file:///etc/passwd", "http://", "http://:80",
        "http://example.com:0", "http://example.com:99999", "http://example.com:x", "http://[::1",
        "http://exa mple.com",
        "http://example.com/\r\nX: y", "http://example.com\\@127.0.0.1/", "http://" + "ü" * 300 + ".de", "javascript:1",
        "http://a..ü/",
    ],
)  # fmt: skip
def test_what_is_no_url_of_ours(url: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        target(url)
