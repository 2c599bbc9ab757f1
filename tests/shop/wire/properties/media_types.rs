//! The media types of a style (RFC 9110 section 8.3.1): names in any case, with parameters.

use super::probe::{Probe, shown};
use tests::variants::{Answer, Mistake};

/// However it is written.
pub fn accepted(probe: &Probe) {
    for kind in probe.style.media_types {
        let kinds = [
            (*kind).to_owned(),
            kind.to_uppercase(),
            format!("{kind};"),
            format!("{kind} ;"),
            format!("{kind}; "),
            format!("  {kind}  "),
            format!("{kind};charset=UTF-8"),
            format!("{kind};charset=utf-8;"),
            format!("{kind} ; charset=\"utf-8\""),
            format!("{kind}; q=1; boundary=x"),
            format!("{kind}; a=\"b;c\""),
            format!("{kind}; a=\"b\\\"; charset=utf-16\""),
            format!("{kind}; a=\"\""),
            format!("{kind};;charset=utf-8"),
            format!("{kind}; action=\"urn:parlance:shop:v1/WhoAmI\""),
        ];
        for media_type in &kinds {
            let sent = probe.request("POST", probe.style.target, media_type, &[], probe.style.body.as_bytes());
            probe.one(&format!("{media_type:?}"), &sent, Answer::Good);
        }
    }
    if probe.style.name == "rest" {
        patches(probe);
    }
}

/// The further types of a PATCH.
fn patches(probe: &Probe) {
    let target = format!("/sandboxes/{}/rest/users/1", probe.server.new_name());
    let merge = r#"{"name":"Ada"}"#;
    let patch = r#"[{"op":"replace","path":"/name","value":"Ada"}]"#;
    for (kind, body) in [
        ("application/json", merge),
        ("application/merge-patch+json", merge),
        ("Application/Merge-Patch+JSON; charset=UTF-8", merge),
        ("application/json-patch+json;", patch),
        ("APPLICATION/JSON-PATCH+JSON; charset=\"utf-8\"", patch),
    ] {
        let sent = probe.request("PATCH", &target, kind, &[], body.as_bytes());
        probe.one(&format!("PATCH {kind:?}"), &sent, Answer::Get);
        let marked = probe.request("PATCH", &target, kind, &[], &[b"\xef\xbb\xbf", body.as_bytes()].concat());
        probe.one(&format!("PATCH {kind:?} with a mark"), &marked, Answer::Get);
    }
}

/// Anything else is refused, and the refusal names what was sent and what is expected.
pub fn refused(probe: &Probe) {
    let style = probe.style;
    if style.name == "oauth" {
        return;
    }
    let known = style.media_types;
    let others = [
        "text/plain",
        "text/plain;charset=UTF-8",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/octet-stream",
        "application/jsonx",
        "application/json+x",
        "application/vnd.api+json",
        "text/json",
        "json",
        "application",
        "application/*",
        "*/*",
        "application/soap",
        "text/xmlx",
        "text/html",
        "application/graphql",
        "image/svg+xml",
        "application/json, text/plain",
        "text/plain, application/json",
        "text/plain; application/json",
    ];
    for kind in others.into_iter().filter(|kind| !known.contains(kind)) {
        probe.check(&format!("{kind:?}"), || {
            let mut line = probe.line();
            line.send(&probe.request("POST", style.target, kind, &[], style.body.as_bytes()));
            let response = line.response().ok_or("hung up")?;
            names_the_media_types(probe, &response, kind, known)?;
            probe.ends(&mut line, &response, super::probe::After::Kept)
        });
    }
    let bare = probe.request("POST", style.target, "", &[], style.body.as_bytes());
    let empty = probe.request("POST", style.target, "", &[("content-type", "")], style.body.as_bytes());
    for (name, sent) in [("none", bare), ("an empty one", empty)] {
        probe.check(name, || {
            let mut line = probe.line();
            line.send(&sent);
            let response = line.response().ok_or("hung up")?;
            names_the_media_types(probe, &response, "", known)
        });
    }
}

/// 415 that names both. SOAP has two versions: which one is refused is unknown.
fn names_the_media_types(
    probe: &Probe,
    response: &tests::raw::Response,
    kind: &str,
    known: &[&str],
) -> Result<(), String> {
    if probe.style.name == "soap 1.2" {
        if response.status != 415 || (probe.style.read_refusal)(response).reason != "unreadable" {
            return Err(format!("415 was expected, was {}", shown(response)));
        }
    } else {
        probe.fits(response, Answer::Refused(Mistake::MediaType))?;
    }
    let names_both = response.text().contains(kind) && response.text().contains(known[0]);
    if names_both {
        Ok(())
    } else {
        Err(format!("{kind:?} and {} are not both named in {}", known[0], shown(response)))
    }
}
