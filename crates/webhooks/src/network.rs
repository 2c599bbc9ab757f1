//! Whose is an address? Somebody's out in the world, or one's own: this machine's, this network's, or nobody's.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What of IPv4 is not the world's: the IANA IPv4 Special-Purpose Address Registry (RFC 6890) where it does not say "globally
/// reachable", with multicast (RFC 5771). Each with the bits that say so.
const OWN_V4: &[(Ipv4Addr, u32)] = &[
    (Ipv4Addr::new(0, 0, 0, 0), 8),       // this network, RFC 791
    (Ipv4Addr::new(10, 0, 0, 0), 8),      // private use, RFC 1918
    (Ipv4Addr::new(100, 64, 0, 0), 10),   // shared by a provider's customers, RFC 6598
    (Ipv4Addr::new(127, 0, 0, 0), 8),     // loopback, RFC 1122
    (Ipv4Addr::new(169, 254, 0, 0), 16),  // link local, RFC 3927: where clouds keep their metadata
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

/// All unicast of the world that was ever given out (RFC 4291 section 2.4, IANA IPv6 Address Space).
const WORLD_V6: (Ipv6Addr, u32) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// What of that is not the world's: the IANA IPv6 Special-Purpose Address Registry.
const OWN_V6: &[(Ipv6Addr, u32)] = &[
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23), // protocol assignments, RFC 2928: Teredo, benchmarks, ORCHID
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32), // documentation, RFC 3849
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20), // documentation, RFC 9637
];

/// What of IPv6 leads to an address of IPv4, and at which bit that begins.
const BRIDGES: &[(Ipv6Addr, u32, u32)] = &[
    (Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, 0, 0), 96, 96), // IPv4-mapped, RFC 4291 section 2.5.5.2
    (Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0), 96, 96), // NAT64, RFC 6052 section 2.1
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16, 16), // 6to4, RFC 3056 section 2
];

/// Whether an address is the world's: not this machine's, nor one of its networks'.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let within = |(block, bits): &(Ipv4Addr, u32)| (address.to_bits() ^ block.to_bits()) >> (32 - bits) == 0;
    !OWN_V4.iter().any(within)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let within = |(block, bits): &(Ipv6Addr, u32)| (address.to_bits() ^ block.to_bits()) >> (128 - bits) == 0;
    if let Some((_, _, begin)) = BRIDGES.iter().find(|(block, bits, _)| within(&(*block, *bits))) {
        // The 32 bits from there on; what stands before them is shifted out.
        return is_public_v4(Ipv4Addr::from_bits((address.to_bits() >> (96 - begin)) as u32));
    }
    within(&WORLD_V6) && !OWN_V6.iter().any(within)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of each block its first and last address, and those beside it.
    const TABLE: &[(&str, &str)] = &[
        ("own", "0.0.0.0 0.255.255.255 10.0.0.0 10.255.255.255 100.64.0.0 100.127.255.255 127.0.0.1 127.255.255.255"),
        ("own", "169.254.0.0 169.254.169.254 169.254.255.255 172.16.0.0 172.31.255.255 192.0.0.0 192.0.0.255"),
        ("own", "192.0.2.1 192.88.99.1 192.168.0.0 192.168.255.255 198.18.0.0 198.19.255.255 198.51.100.7 203.0.113.7"),
        ("own", "224.0.0.1 239.255.255.255 240.0.0.0 255.255.255.255"),
        ("public", "1.0.0.0 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0"),
        ("public", "169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 192.0.1.0 192.0.3.0 192.167.255.255"),
        ("public", "192.169.0.0 198.17.255.255 198.20.0.0 223.255.255.255 8.8.8.8"),
        ("own", ":: ::1 ::2 ::7f00:1 100::1 fc00::1 fdff:ffff::1 fe80::1 fec0::1 ff02::1 5f00::1 4000::1 1fff::1"),
        ("own", "2001::1 2001:1ff:ffff::1 2001:db8::1 2001:db8:ffff::1 3fff::1 3fff:fff::1"),
        ("own", "::ffff:127.0.0.1 ::ffff:10.1.2.3 ::ffff:169.254.169.254 ::ffff:0.0.0.0 ::ffff:0:127.0.0.1"),
        (
            "own",
            "64:ff9b::127.0.0.1 64:ff9b::192.168.1.1 64:ff9b:1::8.8.8.8 2002:7f00:1:: 2002:a00:1::1 2002:c0a8:101::1",
        ),
        (
            "public",
            "2000::1 2001:200::1 2001:4860:4860::8888 2001:db9::1 2606:4700::1111 2a00::1 3ffe:ffff::1 3fff:1000::1",
        ),
        ("public", "::ffff:8.8.8.8 64:ff9b::8.8.8.8 2002:808:808::1"),
    ];

    #[test]
    fn ones_own_is_told_from_the_worlds() {
        for (whose, addresses) in TABLE {
            for address in addresses.split(' ') {
                assert_eq!(is_public(address.parse().unwrap()), *whose == "public", "{address}");
            }
        }
    }
}
