//! Address checks, connections and TLS of the sender.

use super::receiver::OK;
use super::*;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use std::future::ready;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};
use webhooks::message::Message;
use webhooks::outcome::Outcome;
use webhooks::send::Resolver;

const NOWHERE: &str = "the host has no address to which a call may go";

/// A resolver that always returns the same addresses and counts its calls.
struct FixedResolver(Vec<IpAddr>, AtomicUsize);

impl Resolver for FixedResolver {
    fn look_up(&self, _: &str, port: u16) -> Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>> {
        self.1.fetch_add(1, Ordering::Relaxed);
        Box::pin(ready(Ok(self.0.iter().map(|address| SocketAddr::new(*address, port)).collect())))
    }
}

fn resolver(addresses: &str) -> Arc<FixedResolver> {
    let addresses = addresses.split_whitespace().map(|address| address.parse().unwrap());
    Arc::new(FixedResolver(addresses.collect(), AtomicUsize::new(0)))
}

fn message(url: String) -> Message {
    let (id, signature, body) = ("msg_1".to_owned(), "v1,".to_owned(), "{}".to_owned());
    Message { url, id, timestamp: now(), signature, body }
}

async fn outcome(sender: &Sender, url: String) -> (Option<u16>, String) {
    match sender.send(&message(url)).await {
        Outcome::Responded { status, .. } => (Some(status.as_u16()), String::new()),
        Outcome::Unreachable(why) => (None, why),
        Outcome::Abandoned(why) => panic!("{why}"),
    }
}

#[tokio::test]
async fn a_name_with_a_private_address_is_not_called() {
    let receiver = Receiver::open(vec![OK]).await;
    let public = Sender::new(Policy::Public).unwrap();
    for addresses in [
        "127.0.0.1",
        "::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "10.0.0.1",
        "169.254.169.254",
        "fd00::1",
        "8.8.8.8 127.0.0.1",
        "127.0.0.1 8.8.8.8",
        "",
    ] {
        let fixed = resolver(addresses);
        let sender = public.clone().with_resolver(fixed.clone());
        let found = outcome(&sender, format!("http://shop.example:{}/", receiver.port)).await;
        assert_eq!(found, (None, NOWHERE.to_owned()), "{addresses}");
        assert_eq!(fixed.1.load(Ordering::Relaxed), 1);
    }
    // A webhook that the local policy accepted may remain when the server runs with the public policy.
    for host in ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"] {
        let found = outcome(&public, format!("http://{host}:{}/", receiver.port)).await;
        assert_eq!(found, (None, NOWHERE.to_owned()), "{host}");
    }
    assert_eq!(receiver.unread(), 0);
}

#[tokio::test]
async fn a_name_is_resolved_once_and_the_checked_address_is_called() {
    let mut receiver = Receiver::open(vec![OK]).await;
    let fixed = resolver("127.0.0.1");
    let sender = sender().with_resolver(fixed.clone());
    assert_eq!(outcome(&sender, format!("http://shop.example:{}/", receiver.port)).await.0, Some(200));
    assert_eq!(receiver.next_request().await.header("host"), format!("shop.example:{}", receiver.port));
    assert_eq!(fixed.1.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_refused_connection_is_reported_and_the_next_address_is_tried() {
    let port = Receiver::open(vec![OK]).await.port;
    let free = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap().local_addr().unwrap().port();
    assert_eq!(outcome(&sender(), format!("http://127.0.0.1:{free}/")).await.1, "no connection: connection refused");
    // The second address is tried after the first.
    let sender = sender().with_resolver(resolver("127.1.2.3 127.0.0.1"));
    assert_eq!(outcome(&sender, format!("http://shop.example:{port}/")).await.0, Some(200));
}

/// A TLS acceptor with a certificate for `shop.example`, and the root that signed it.
fn certified() -> (TlsAcceptor, RootCertStore) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["shop.example".to_owned()]).unwrap();
    let certificate = params.signed_by(&key, &issuer).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let config = config.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = config.with_single_cert(vec![certificate.der().clone()], key).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(issuer.der().clone()).unwrap();
    (TlsAcceptor::from(Arc::new(config)), roots)
}

#[tokio::test]
async fn the_certificate_must_match_the_host() {
    let (tls, roots) = certified();
    let mut receiver = Receiver::open_secure(vec![OK], tls).await;
    let trusting = Sender::with_roots(Policy::Local, roots).unwrap().with_resolver(resolver("127.0.0.1"));
    let url = |host: &str| format!("https://{host}:{}/", receiver.port);
    assert_eq!(outcome(&trusting, url("shop.example")).await.0, Some(200));
    for (sender, host) in [
        (trusting.clone(), "other.example"),
        (trusting, "127.0.0.1"),
        (sender().with_resolver(resolver("127.0.0.1")), "shop.example"),
    ] {
        let (status, problem) = outcome(&sender, url(host)).await;
        assert_eq!(status, None);
        assert!(problem.starts_with("no TLS: invalid peer certificate"), "{problem}");
    }
    receiver.next_request().await;
    assert_eq!(receiver.unread(), 0, "no request was sent without a valid certificate");
}
