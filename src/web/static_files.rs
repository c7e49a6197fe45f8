//! The style sheet, the scripts and the icon: named by their content, compressed beforehand, in the program itself.

use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use super::Path;

struct StaticFile {
    name: &'static str,
    kind: &'static str,
    plain: &'static [u8],
    gzip: &'static [u8],
}

// APP_CSS, APP_JS and so on: the address of each file; and FILES. Made by build.rs.
include!(concat!(env!("OUT_DIR"), "/static_files.rs"));

/// `/static/{name}`. The name changes with the content, so a browser never has to ask again.
pub async fn answer(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Some(file) = FILES.iter().find(|file| file.name == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let kept =
        [(CONTENT_TYPE, file.kind), (CACHE_CONTROL, "public, max-age=31536000, immutable"), (VARY, "accept-encoding")];
    let gzip =
        headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).is_some_and(|ways| ways.contains("gzip"));
    if gzip {
        (kept, [(CONTENT_ENCODING, "gzip")], file.gzip).into_response()
    } else {
        (kept, file.plain).into_response()
    }
}
