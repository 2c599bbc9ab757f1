//! Does nobody go where nobody may? Whatever a name leads to, and whoever listens there.

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
use webhooks::note::Outcome;
use webhooks::send::Names;

const NOWHERE: &str = "the host has no address to which a call may go";

/// A resolver that always says the same, and counts.
struct Says(Vec<IpAddr>, AtomicUsize);

impl Names for Says {
    fn look_up(&self, _: &str, port: u16) -> Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>> {
        self.1.fetch_add(1, Ordering::Relaxed);
        Box::pin(ready(Ok(self.0.iter().map(|address| SocketAddr::new(*address, port)).collect())))
    }
}

fn says(addresses: &str) -> Arc<Says> {
    let addresses = addresses.split_whitespace().map(|address| address.parse().unwrap());
    Arc::new(Says(addresses.collect(), AtomicUsize::new(0)))
}

fn message(url: String) -> Message {
    let (id, signature, body) = ("msg_1".to_owned(), "v1,".to_owned(), "{}".to_owned());
    Message { url, id, timestamp: now(), signature, body }
}

async fn outcome(sender: &Sender, url: String) -> (Option<u16>, String) {
    match sender.send(&message(url)).await {
        Outcome::Answered { status, .. } => (Some(status.as_u16()), String::new()),
        Outcome::Unreached(why) => (None, why),
        Outcome::Hopeless(why) => panic!("{why}"),
    }
}

#[tokio::test]
async fn a_name_that_leads_to_ones_own_network_leads_nowhere() {
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
        let names = says(addresses);
        let sender = public.clone().with_names(names.clone());
        let found = outcome(&sender, format!("http://shop.example:{}/", receiver.port)).await;
        assert_eq!(found, (None, NOWHERE.to_owned()), "{addresses}");
        assert_eq!(names.1.load(Ordering::Relaxed), 1);
    }
    // What was taken in class may be left when the class is over.
    for host in ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"] {
        let found = outcome(&public, format!("http://{host}:{}/", receiver.port)).await;
        assert_eq!(found, (None, NOWHERE.to_owned()), "{host}");
    }
    assert_eq!(receiver.unheard(), 0);
}

#[tokio::test]
async fn a_name_is_looked_up_once_and_who_was_looked_at_is_called() {
    let mut receiver = Receiver::open(vec![OK]).await;
    let names = says("127.0.0.1");
    let sender = sender().with_names(names.clone());
    assert_eq!(outcome(&sender, format!("http://shop.example:{}/", receiver.port)).await.0, Some(200));
    assert_eq!(receiver.hear().await.header("host"), format!("shop.example:{}", receiver.port));
    assert_eq!(names.1.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn where_nobody_listens_there_is_no_connection() {
    let port = Receiver::open(vec![OK]).await.port;
    let free = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap().local_addr().unwrap().port();
    assert_eq!(outcome(&sender(), format!("http://127.0.0.1:{free}/")).await.1, "no connection: connection refused");
    // Of several addresses the next is tried.
    let sender = sender().with_names(says("127.1.2.3 127.0.0.1"));
    assert_eq!(outcome(&sender, format!("http://shop.example:{port}/")).await.0, Some(200));
}

/// Somebody who vouches for `shop.example`: who listens with that, and who trusts it.
fn vouched() -> (TlsAcceptor, RootCertStore) {
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
async fn over_tls_who_is_called_must_be_who_was_meant() {
    let (tls, roots) = vouched();
    let mut receiver = Receiver::open_secure(vec![OK], tls).await;
    let trusting = Sender::with_roots(Policy::Local, roots).unwrap().with_names(says("127.0.0.1"));
    let url = |host: &str| format!("https://{host}:{}/", receiver.port);
    assert_eq!(outcome(&trusting, url("shop.example")).await.0, Some(200));
    for (sender, host) in [
        (trusting.clone(), "other.example"),
        (trusting, "127.0.0.1"),
        (sender().with_names(says("127.0.0.1")), "shop.example"),
    ] {
        let (status, problem) = outcome(&sender, url(host)).await;
        assert_eq!(status, None);
        assert!(problem.starts_with("no TLS: invalid peer certificate"), "{problem}");
    }
    receiver.hear().await;
    assert_eq!(receiver.unheard(), 0, "nobody else was told anything");
}
