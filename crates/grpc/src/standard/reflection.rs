//! Reflection ("GRPC Server Reflection Protocol"), versions v1 and v1alpha, which differ in their names alone.
//!
//! A client opens one stream, and sends a question when it has read the response to the one before. So the body of this request is
//! read while the response is written.

use crate::PATH;
use crate::contract::DESCRIPTORS;
use crate::errors::{NOT_FOUND, Refusal, UNIMPLEMENTED, ok};
use crate::messages::{Codec, Form, Frame, begin, form_of, framed, refuse};
use actix_web::web::{self, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use bytes::{Bytes, BytesMut};
use domain::Error;
use futures_util::stream::{StreamExt, iter, unfold};
use prost::{Message, Oneof};
use prost_types::{FileDescriptorProto, FileDescriptorSet};
use std::convert::Infallible;
use std::sync::LazyLock;
use std::time::Duration;
use tokio::time::timeout;
use wire::limits::{BODY_BYTES_MAX, NEXT_HEAD_MS};
use wire::trailers::Trailers;

const SERVICES: [&str; 2] = ["/grpc.reflection.v1.ServerReflection", "/grpc.reflection.v1alpha.ServerReflection"];
const METHOD: &str = "ServerReflectionInfo";

/// A question.
#[derive(Clone, PartialEq, Message)]
struct ReflectionRequest {
    #[prost(string, tag = "1")]
    host: String,
    #[prost(oneof = "Question", tags = "3, 4, 5, 6, 7")]
    question: Option<Question>,
}

#[derive(Clone, PartialEq, Oneof)]
enum Question {
    #[prost(string, tag = "3")]
    FileByFilename(String),
    #[prost(string, tag = "4")]
    FileContainingSymbol(String),
    #[prost(message, tag = "5")]
    FileContainingExtension(ExtensionRequest),
    #[prost(string, tag = "6")]
    AllExtensionNumbersOfType(String),
    #[prost(string, tag = "7")]
    ListServices(String),
}

#[derive(Clone, PartialEq, Message)]
struct ExtensionRequest {
    #[prost(string, tag = "1")]
    containing_type: String,
    #[prost(int32, tag = "2")]
    extension_number: i32,
}

#[derive(Clone, PartialEq, Message)]
struct ReflectionResponse {
    #[prost(string, tag = "1")]
    valid_host: String,
    #[prost(message, optional, tag = "2")]
    original_request: Option<ReflectionRequest>,
    #[prost(oneof = "Answer", tags = "4, 6, 7")]
    answer: Option<Answer>,
}

#[derive(Clone, PartialEq, Oneof)]
enum Answer {
    #[prost(message, tag = "4")]
    Files(FileDescriptorResponse),
    #[prost(message, tag = "5")]
    Extensions(ExtensionNumberResponse),
    #[prost(message, tag = "6")]
    Services(ListServiceResponse),
    #[prost(message, tag = "7")]
    Error(ErrorResponse),
}

#[derive(Clone, PartialEq, Message)]
struct FileDescriptorResponse {
    #[prost(bytes = "bytes", repeated, tag = "1")]
    file_descriptor_proto: Vec<Bytes>,
}

/// The numbers of the extensions of a type, of which no file has any.
#[derive(Clone, PartialEq, Message)]
struct ExtensionNumberResponse {
    #[prost(string, tag = "1")]
    base_type_name: String,
    #[prost(int32, repeated, tag = "2")]
    extension_number: Vec<i32>,
}

#[derive(Clone, PartialEq, Message)]
struct ListServiceResponse {
    #[prost(message, repeated, tag = "1")]
    service: Vec<ServiceResponse>,
}

#[derive(Clone, PartialEq, Message)]
struct ServiceResponse {
    #[prost(string, tag = "1")]
    name: String,
}

#[derive(Clone, PartialEq, Message)]
struct ErrorResponse {
    #[prost(int32, tag = "1")]
    error_code: i32,
    #[prost(string, tag = "2")]
    error_message: String,
}

/// The files, each with what it declares.
static FILES: LazyLock<Vec<FileDescriptorProto>> =
    LazyLock::new(|| FileDescriptorSet::decode(DESCRIPTORS).map(|set| set.file).unwrap_or_default());

/// Adds the routes to the application.
pub fn mount(config: &mut ServiceConfig) {
    for service in SERVICES {
        config.service(web::resource(format!("{service}/{METHOD}")).route(web::post().to(info)));
    }
}

/// Whether that is the path of reflection.
pub fn is_at(path: &str) -> bool {
    SERVICES
        .iter()
        .any(|service| path.strip_prefix(service).is_some_and(|method| method.strip_prefix('/') == Some(METHOD)))
}

async fn info(request: HttpRequest, body: Payload) -> HttpResponse {
    let form = match form_of(&request) {
        Ok(form @ (Form::Grpc | Form::Web { is_text: false } | Form::ConnectStream(Codec::Proto))) => form,
        Ok(form) => {
            let message = "reflection is a stream in both directions, of binary messages: use gRPC over HTTP/2";
            return refuse(form, &Error::unreadable(message).into());
        }
        Err(response) => return *response,
    };
    let trailers = Trailers::default();
    trailers.replace(ok());
    let questions = Questions { body, unread: BytesMut::new(), trailers: trailers.clone() };
    let answers = unfold(questions, |mut questions| async {
        let question = questions.next().await?;
        Some((framed(0, &answer(question).encode_to_vec()), questions))
    });
    let answers = answers.chain(iter(form.end(None)));
    let mut response = begin(form, false).streaming(answers.map(Ok::<_, Infallible>));
    if form == Form::Grpc {
        trailers.add_to(&mut response);
    }
    response
}

/// The questions of a client, as they come.
struct Questions {
    body: Payload,
    unread: BytesMut,
    trailers: Trailers,
}

impl Questions {
    /// The next one; `None` when the client has sent its last one, or something that is none.
    async fn next(&mut self) -> Option<ReflectionRequest> {
        loop {
            let mut unread = self.unread.split().freeze();
            if let Some(frame) = Frame::take(&mut unread) {
                self.unread = unread.into();
                return match ReflectionRequest::decode(frame.content) {
                    Ok(question) if frame.flags == 0 => Some(question),
                    Ok(_) => self.refuse(Error::unreadable("a message that is compressed")),
                    Err(error) => self.refuse(Error::unreadable(format!("can't read the message: {error}"))),
                };
            }
            self.unread = unread.into();
            let piece = timeout(Duration::from_millis(NEXT_HEAD_MS), self.body.next()).await.ok()??.ok()?;
            if self.unread.len() + piece.len() > BODY_BYTES_MAX {
                return self.refuse(Error::too_large("bytes of a message", BODY_BYTES_MAX));
            }
            self.unread.extend_from_slice(&piece);
        }
    }

    fn refuse(&self, error: Error) -> Option<ReflectionRequest> {
        self.trailers.replace(Refusal::from(error).trailers());
        None
    }
}

fn answer(request: ReflectionRequest) -> ReflectionResponse {
    let not_found = |what: String| Answer::Error(ErrorResponse { error_code: NOT_FOUND.number, error_message: what });
    let answer = match &request.question {
        Some(Question::ListServices(_)) => {
            let named = [PATH, "/grpc.health.v1.Health"].into_iter().chain(SERVICES);
            Answer::Services(ListServiceResponse {
                service: named.map(|name| ServiceResponse { name: name[1..].to_owned() }).collect(),
            })
        }
        Some(Question::FileByFilename(name)) => match FILES.iter().find(|file| file.name() == name) {
            Some(file) => files(file),
            None => not_found(format!("there is no file {}", domain::value::shown(name))),
        },
        Some(Question::FileContainingSymbol(symbol)) => match FILES.iter().find(|file| declares(file, symbol)) {
            Some(file) => files(file),
            None => not_found(format!("nothing is called {}", domain::value::shown(symbol))),
        },
        // Tools need this before they show a message in an `Any`: an error would hide its content.
        Some(Question::AllExtensionNumbersOfType(name)) if FILES.iter().any(|file| declares(file, name)) => {
            Answer::Extensions(ExtensionNumberResponse { base_type_name: name.clone(), extension_number: Vec::new() })
        }
        Some(Question::AllExtensionNumbersOfType(name)) => {
            not_found(format!("nothing is called {}", domain::value::shown(name)))
        }
        Some(Question::FileContainingExtension(_)) => not_found("the files have no extensions".to_owned()),
        None => {
            let message = "the request asks nothing that is known here".to_owned();
            Answer::Error(ErrorResponse { error_code: UNIMPLEMENTED.number, error_message: message })
        }
    };
    ReflectionResponse { valid_host: request.host.clone(), original_request: Some(request), answer: Some(answer) }
}

/// A file, and those that it imports.
fn files(file: &FileDescriptorProto) -> Answer {
    let imported = FILES.iter().filter(|other| file.dependency.iter().any(|name| name == other.name()));
    let all = [file].into_iter().chain(imported);
    Answer::Files(FileDescriptorResponse {
        file_descriptor_proto: all.map(|file| file.encode_to_vec().into()).collect(),
    })
}

/// Whether a file declares a service, a method, a message or an enum of that name.
fn declares(file: &FileDescriptorProto, symbol: &str) -> bool {
    let Some(name) = symbol.strip_prefix(file.package()).and_then(|name| name.strip_prefix('.')) else { return false };
    let (outer, inner) = name.split_once('.').map_or((name, None), |(outer, inner)| (outer, Some(inner)));
    let is_method = |service: &prost_types::ServiceDescriptorProto| {
        inner.is_none_or(|inner| service.method.iter().any(|method| method.name() == inner))
    };
    let is_in_message = |message: &prost_types::DescriptorProto| {
        inner.is_none_or(|inner| {
            message.field.iter().any(|field| field.name() == inner)
                || message.enum_type.iter().any(|words| words.name() == inner)
        })
    };
    file.service.iter().any(|service| service.name() == outer && is_method(service))
        || file.message_type.iter().any(|message| message.name() == outer && is_in_message(message))
        || file.enum_type.iter().any(|words| words.name() == outer)
}
