//! Tests: a browser gets the pages, each file in its coding and no more often than needed.

use super::*;
use actix_web::App;
use actix_web::dev::ServiceResponse;
use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use wire::middleware::middleware;

async fn send(request: TestRequest) -> ServiceResponse {
    let app = init_service(App::new().configure(mount).wrap(from_fn(middleware))).await;
    call_service(&app, request.to_request()).await.map_into_boxed_body()
}

fn header_of(response: &ServiceResponse, name: header::HeaderName) -> &str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

#[cfg(feature = "explorers")]
mod built {
    use super::*;

    async fn text(response: ServiceResponse) -> String {
        String::from_utf8(read_body(response).await.to_vec()).unwrap()
    }

    /// The addresses of a page's files, resolved against the page's path.
    fn files_of(path: &str, page: &str) -> Vec<String> {
        let folder = path.rsplit_once('/').unwrap().0;
        let links = page.split(['"']).filter(|text| text.starts_with("docs/"));
        links.map(|link| format!("{folder}/{link}")).collect()
    }

    #[actix_web::test]
    async fn a_page_and_its_files_are_there_in_every_sandbox() {
        for path in EXPLORERS.iter().flat_map(|one| [one.path.to_owned(), format!("/sandboxes/alice{}", one.path)]) {
            let page = send(TestRequest::get().uri(&path)).await;
            assert_eq!(
                (page.status(), header_of(&page, header::CONTENT_TYPE)),
                (StatusCode::OK, "text/html; charset=utf-8")
            );
            let files = files_of(&path, &text(page).await);
            assert_eq!(files.len(), 4, "{path}: an icon, styles, a script and licences: {files:?}");
            for file in files {
                let answer = send(TestRequest::get().uri(&file)).await;
                assert_eq!(answer.status(), StatusCode::OK, "{file}");
                let media_type = header_of(&answer, header::CONTENT_TYPE).split([';', '/']).nth(1).unwrap().to_owned();
                let ending = file.rsplit('.').next().unwrap();
                let expected = [("css", "css"), ("js", "javascript"), ("svg", "svg+xml"), ("txt", "plain")];
                assert!(expected.contains(&(ending, &media_type)), "{file} is {media_type}");
            }
        }
    }

    #[actix_web::test]
    async fn a_client_that_accepts_gzip_gets_it() {
        let script = || TestRequest::get().uri("/rest/docs/main.js");
        let plain = send(script()).await;
        assert_eq!(header_of(&plain, header::CONTENT_ENCODING), "");
        assert_eq!(header_of(&plain, header::VARY), "Accept-Encoding");
        let compressed = send(script().insert_header((header::ACCEPT_ENCODING, "gzip, deflate, br"))).await;
        assert_eq!(header_of(&compressed, header::CONTENT_ENCODING), "gzip");
        assert_ne!(header_of(&compressed, header::ETAG), header_of(&plain, header::ETAG));
        let refused = send(script().insert_header((header::ACCEPT_ENCODING, "gzip;q=0, br"))).await;
        assert_eq!(header_of(&refused, header::ETAG), header_of(&plain, header::ETAG));
        let (compressed, plain) = (read_body(compressed).await, text(plain).await);
        assert!(compressed.starts_with(&[0x1f, 0x8b]) && compressed.len() * 2 < plain.len(), "RFC 1952 section 2.3.1");
        assert!(plain.contains("openapi.json"));
    }

    #[actix_web::test]
    async fn the_page_that_oauth_redirects_to_exists() {
        let page = text(send(TestRequest::get().uri("/rest/docs/oauth2-redirect.html")).await).await;
        assert!(page.contains("src=\"oauth2-redirect.js\""), "{page}");
        let script = text(send(TestRequest::get().uri("/rest/docs/oauth2-redirect.js")).await).await;
        assert!(script.contains("swaggerUIRedirectOauth2"));
    }

    #[actix_web::test]
    async fn a_client_with_the_current_file_gets_not_modified() {
        let page = || TestRequest::get().uri("/graphql/docs");
        let tag = header_of(&send(page()).await, header::ETAG).to_owned();
        let again = send(page().insert_header((header::IF_NONE_MATCH, tag.clone()))).await;
        assert_eq!((again.status(), header_of(&again, header::ETAG)), (StatusCode::NOT_MODIFIED, &*tag));
        assert!(read_body(again).await.is_empty());
        let other = send(page().insert_header((header::IF_NONE_MATCH, "\"something else\""))).await;
        assert_eq!(other.status(), StatusCode::OK);
    }

    #[actix_web::test]
    async fn no_page_runs_scripts_of_other_hosts() {
        for explorer in EXPLORERS {
            let page = send(TestRequest::get().uri(explorer.path)).await;
            assert_eq!(header_of(&page, header::X_CONTENT_TYPE_OPTIONS), "nosniff");
            let policy = header_of(&page, header::CONTENT_SECURITY_POLICY).to_owned();
            assert!(policy.contains("default-src 'none'") && policy.contains("script-src 'self';"), "{policy}");
            assert!(!policy.contains("http") && !policy.contains("unsafe-eval") && !policy.contains('*'), "{policy}");
            let page = text(page).await;
            assert!(!page.contains("http://") && !page.contains("https://"), "{} names a host", explorer.path);
            assert!(!page.contains("<style") && page.matches("<script").count() == 1, "{}", explorer.path);
        }
    }

    #[actix_web::test]
    async fn missing_pages_and_wrong_methods_are_refused() {
        let missing = send(TestRequest::get().uri("/rest/docs/tags")).await;
        assert_eq!(missing.status(), StatusCode::NOT_FOUND);
        let posted = send(TestRequest::post().uri("/rest/docs")).await;
        assert_eq!((posted.status(), header_of(&posted, header::ALLOW)), (StatusCode::METHOD_NOT_ALLOWED, "GET, HEAD"));
        let slashed = send(TestRequest::get().uri("/rest/docs/")).await;
        assert_eq!((slashed.status().as_u16(), header_of(&slashed, header::LOCATION)), (308, "../docs"));
    }
}

#[cfg(not(feature = "explorers"))]
#[actix_web::test]
async fn a_build_without_explorers_says_so() {
    for explorer in EXPLORERS {
        let answer = send(TestRequest::get().uri(explorer.path)).await;
        assert_eq!(
            (answer.status(), header_of(&answer, header::CONTENT_TYPE)),
            (StatusCode::NOT_FOUND, "application/json")
        );
        let body = String::from_utf8(read_body(answer).await.to_vec()).unwrap();
        assert!(body.contains("without the explorers") && body.contains("unknown_operation"), "{body}");
    }
}
