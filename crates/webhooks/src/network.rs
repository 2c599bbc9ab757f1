//! Which IP addresses are public, by the IANA registries of special-purpose addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Blocks of IPv4 that are not public, each with its prefix length: the entries of the IANA IPv4 Special-Purpose Address Registry
/// (RFC 6890) that are not "globally reachable", and multicast (RFC 5771).
const NOT_PUBLIC_V4: &[(Ipv4Addr, u32)] = &[
    (Ipv4Addr::new(0, 0, 0, 0), 8),       // this network, RFC 791
    (Ipv4Addr::new(10, 0, 0, 0), 8),      // private use, RFC 1918
    (Ipv4Addr::new(100, 64, 0, 0), 10),   // shared by a provider's customers, RFC 6598
    (Ipv4Addr::new(127, 0, 0, 0), 8),     // loopback, RFC 1122
    (Ipv4Addr::new(169, 254, 0, 0), 16),  // link local, RFC 3927: cloud providers serve instance metadata here
    (Ipv4Addr::new(172, 16, 0, 0), 12),   // private use, RFC 1918
    (Ipv4Addr::new(192, 0, 0, 0), 24),    // protocol assignments, RFC 6890
    (Ipv4Addr::new(192, 0, 2, 0), 24),    // documentation, RFC 5737
    (Ipv4Addr::new(192, 88, 99, 0), 24),  // relays of 6to4, RFC 7526
    (Ipv4Addr::new(192, 168, 0, 0), 16),  // private use, RFC 1918
    (Ipv4Addr::new(198, 18, 0, 0), 15),   // benchmarks, RFC 2544
    (Ipv4Addr::new(198, 51, 100, 0), 24), // documentation, RFC 5737
    (Ipv4Addr::new(203, 0, 113, 0), 24),  // documentation, RFC 5737
    (Ipv4Addr::new(224, 0, 0, 0), 4),     // multicast, RFC 5771
    (Ipv4Addr::new(240, 0, 0, 0), 4),     // reserved, and broadcast, RFC 1112 and RFC 919
];

/// Global unicast: the only part of IPv6 that IANA has allocated for public use (RFC 4291 section 2.4).
const GLOBAL_V6: (Ipv6Addr, u32) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// Blocks of global unicast that are not public: the IANA IPv6 Special-Purpose Address Registry.
const NOT_PUBLIC_V6: &[(Ipv6Addr, u32)] = &[
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23), // protocol assignments, RFC 2928: Teredo, benchmarks, ORCHID
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32), // documentation, RFC 3849
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20), // documentation, RFC 9637
];

/// Blocks of IPv6 whose addresses contain an IPv4 address: the prefix, its length, and the first bit of the IPv4 address.
const EMBEDDED_V4: &[(Ipv6Addr, u32, u32)] = &[
    (Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, 0, 0), 96, 96), // IPv4-mapped, RFC 4291 section 2.5.5.2
    (Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0), 96, 96), // NAT64, RFC 6052 section 2.1
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16, 16), // 6to4, RFC 3056 section 2
];

/// Whether an address is on the public internet: not on this machine or in a private network.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let within = |(block, bits): &(Ipv4Addr, u32)| (address.to_bits() ^ block.to_bits()) >> (32 - bits) == 0;
    !NOT_PUBLIC_V4.iter().any(within)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let within = |(block, bits): &(Ipv6Addr, u32)| (address.to_bits() ^ block.to_bits()) >> (128 - bits) == 0;
    if let Some((_, _, begin)) = EMBEDDED_V4.iter().find(|(block, bits, _)| within(&(*block, *bits))) {
        // The cast drops the bits before the IPv4 address.
        return is_public_v4(Ipv4Addr::from_bits((address.to_bits() >> (96 - begin)) as u32));
    }
    within(&GLOBAL_V6) && !NOT_PUBLIC_V6.iter().any(within)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first and last address of each block, and the addresses next to them.
    const TABLE: &[(&str, &str)] = &[
        (
            "private",
            "0.0.0.0 0.255.255.255 10.0.0.0 10.255.255.255 100.64.0.0 100.127.255.255 127.0.0.1 127.255.255.255",
        ),
        ("private", "169.254.0.0 169.254.169.254 169.254.255.255 172.16.0.0 172.31.255.255 192.0.0.0 192.0.0.255"),
        (
            "private",
            "192.0.2.1 192.88.99.1 192.168.0.0 192.168.255.255 198.18.0.0 198.19.255.255 198.51.100.7 203.0.113.7",
        ),
        ("private", "224.0.0.1 239.255.255.255 240.0.0.0 255.255.255.255"),
        ("public", "1.0.0.0 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0"),
        ("public", "169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 192.0.1.0 192.0.3.0 192.167.255.255"),
        ("public", "192.169.0.0 198.17.255.255 198.20.0.0 223.255.255.255 8.8.8.8"),
        ("private", ":: ::1 ::2 ::7f00:1 100::1 fc00::1 fdff:ffff::1 fe80::1 fec0::1 ff02::1 5f00::1 4000::1 1fff::1"),
        ("private", "2001::1 2001:1ff:ffff::1 2001:db8::1 2001:db8:ffff::1 3fff::1 3fff:fff::1"),
        ("private", "::ffff:127.0.0.1 ::ffff:10.1.2.3 ::ffff:169.254.169.254 ::ffff:0.0.0.0 ::ffff:0:127.0.0.1"),
        (
            "private",
            "64:ff9b::127.0.0.1 64:ff9b::192.168.1.1 64:ff9b:1::8.8.8.8 2002:7f00:1:: 2002:a00:1::1 2002:c0a8:101::1",
        ),
        (
            "public",
            "2000::1 2001:200::1 2001:4860:4860::8888 2001:db9::1 2606:4700::1111 2a00::1 3ffe:ffff::1 3fff:1000::1",
        ),
        ("public", "::ffff:8.8.8.8 64:ff9b::8.8.8.8 2002:808:808::1"),
    ];

    #[test]
    fn public_and_private_addresses_are_distinguished() {
        for (class, addresses) in TABLE {
            for address in addresses.split(' ') {
                assert_eq!(is_public(address.parse().unwrap()), *class == "public", "{address}");
            }
        }
    }
}
