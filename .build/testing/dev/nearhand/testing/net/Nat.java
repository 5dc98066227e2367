package dev.nearhand.testing.net;

/// What a NAT does, in the words of [RFC 4787](https://www.rfc-editor.org/rfc/rfc4787). The forms are rules of nftables
/// for one host behind it.
public enum Nat {
    /// Endpoint-independent mapping and filtering: whoever knows the outer address gets in.
    CONE("""
            table ip nat {
              chain pre {
                type nat hook prerouting priority dstnat
                iifname wan meta l4proto udp dnat to HOST
              }
              chain post {
                type nat hook postrouting priority srcnat
                oifname wan snat to PUBLIC
              }
            }
            """, true, true),

    /// Endpoint-independent mapping, address- and port-dependent filtering: in comes only what answers.
    PORT_RESTRICTED("""
            table ip nat {
              chain post {
                type nat hook postrouting priority srcnat
                oifname wan snat to PUBLIC
              }
            }
            """, true, false),

    /// Address- and port-dependent mapping: to every other side it shows another port.
    SYMMETRIC("""
            table ip nat {
              chain post {
                type nat hook postrouting priority srcnat
                oifname wan snat to PUBLIC fully-random
              }
            }
            """, false, false);

    /// What comes without being asked for is dropped before the kernel remembers it: it must take no mapping from what
    /// goes out later.
    private static final String FILTER = """
            table ip filter {
              counter direct {
              }
              chain input {
                type filter hook input priority 0; policy accept;
                iifname wan drop
              }
              chain forward {
                type filter hook forward priority 0; policy drop;
                iifname lan meta l4proto udp ip daddr != { SERVERS } counter name direct
                iifname lan accept
                ct state established,related accept
                ct status dnat accept
              }
            }
            """;

    private final String rules;
    private final boolean oneMapping;
    private final boolean open;

    Nat(String rules, boolean oneMapping, boolean open) {
        this.rules = rules;
        this.oneMapping = oneMapping;
        this.open = open;
    }

    String rules(String host, String outside) {
        return (rules + FILTER)
                .replace("HOST", host)
                .replace("PUBLIC", outside)
                .replace("SERVERS", String.join(", ", NetworkLab.SERVERS));
    }

    /// Whether a socket has the same outer address and port for everybody (endpoint-independent mapping).
    public boolean hasOneMapping() {
        return oneMapping;
    }

    /// Whether strangers get in (endpoint-independent filtering).
    public boolean letsStrangersIn() {
        return open;
    }

    /// Whether two hosts behind such NATs can do without a relay: at least one of them must be able to foresee where
    /// the other's packets come from, or not care.
    public boolean reaches(Nat other) {
        return open || other.open || oneMapping && other.oneMapping;
    }
}
