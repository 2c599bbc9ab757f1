//! The peer: bare actix-web with actix-ws and a stream of server-sent events, which sends a constant text to a list of
//! listeners.

use actix_web::web::{Bytes, Data, Payload, get, post};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use actix_ws::Session;
use futures_util::StreamExt;
use futures_util::stream::poll_fn;
use std::convert::Infallible;
use std::sync::Mutex;
use tests::harness::until_input_ends;
use tokio::sync::mpsc::{Sender, channel};

/// The text: an event of the shop, with the same length.
const EVENT: &str =
    r#"{"seq":612,"kind":"order.placed","order_id":412,"user_id":1,"status":"placed","at":"2026-11-20T19:30:00Z"}"#;
/// Events in the queue of one listener.
const UNDER_WAY: usize = 32;

/// The listeners.
#[derive(Default)]
struct Listeners {
    sockets: Mutex<Vec<Session>>,
    streams: Mutex<Vec<Sender<Bytes>>>,
}

/// Serves on one worker until its input ends.
pub fn serve() {
    actix_web::rt::System::new().block_on(async {
        let listeners = Data::new(Listeners::default());
        let app = move || {
            let app = App::new().app_data(listeners.clone());
            app.route("/ws", get().to(socket)).route("/rest/events", get().to(stream)).route("/say", post().to(say))
        };
        let server = HttpServer::new(app).workers(1).max_connections(30_000).bind(("127.0.0.1", 0)).expect("a port");
        println!("{}", server.addrs()[0]);
        let running = server.run();
        let handle = running.handle();
        actix_web::rt::spawn(running);
        until_input_ends().await;
        handle.stop(false).await;
    });
}

async fn socket(request: HttpRequest, payload: Payload, listeners: Data<Listeners>) -> actix_web::Result<HttpResponse> {
    let (response, mut session, mut messages) = actix_ws::handle(&request, payload)?;
    actix_web::rt::spawn(async move {
        while let Some(Ok(message)) = messages.next().await {
            if matches!(message, actix_ws::Message::Text(_)) {
                session.text(r#"{"id":"1","ok":{}}"#).await.expect("it listens");
                listeners.sockets.lock().expect("a list").push(session.clone());
            }
        }
    });
    Ok(response)
}

async fn stream(listeners: Data<Listeners>) -> HttpResponse {
    let (sender, mut receiver) = channel(UNDER_WAY);
    sender.try_send(Bytes::from_static(b"retry: 1000\n\n")).expect("there is room");
    listeners.streams.lock().expect("a list").push(sender);
    let blocks = poll_fn(move |task| receiver.poll_recv(task)).map(Ok::<Bytes, Infallible>);
    HttpResponse::Ok().content_type("text/event-stream").streaming(blocks)
}

async fn say(listeners: Data<Listeners>) -> HttpResponse {
    let sockets = listeners.sockets.lock().expect("a list").clone();
    for mut socket in sockets {
        let _ = socket.text(format!(r#"{{"id":"1","event":{EVENT}}}"#)).await;
    }
    let streams = listeners.streams.lock().expect("a list").clone();
    for stream in streams {
        let block = format!("id: 612\nevent: order.placed\ndata: {EVENT}\n\n");
        let _ = stream.send(Bytes::from(block)).await;
    }
    HttpResponse::NoContent().finish()
}
