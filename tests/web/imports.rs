//! Files brought in through the pages: what would become of them, what became of them, what is refused, and undoing.

mod bad_files;
mod journeys;
mod previews;
mod undoing;

use axum::body::Body;
use axum::http::Request;
use axum::http::header::CONTENT_TYPE;

use crate::support::{Client, Page, TestApp};

pub const EXAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/examples");
pub const IMPORTS: &str = "/settings/imports";

pub fn example(name: &str) -> Vec<u8> {
    std::fs::read(format!("{EXAMPLES}/{name}")).unwrap()
}

/// Sends the form of a page with a file in it, as a browser does: the fields in their order, then the file.
pub async fn send_file(client: &mut Client, page: &Page, form: &str, field: &str, name: &str, bytes: &[u8]) -> Page {
    const BOUNDARY: &str = "----a-boundary-of-a-browser";
    let mut body = Vec::new();
    for (name, value) in page.fields(form).iter().filter(|(name, _)| name != field) {
        let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
        body.extend([head.as_bytes(), value.as_bytes(), b"\r\n"].concat());
    }
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    );
    body.extend([head.as_bytes(), bytes, b"\r\n", format!("--{BOUNDARY}--\r\n").as_bytes()].concat());
    let request = Request::post(page.action(form))
        .header(CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"))
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(body))
        .unwrap();
    client.send(request).await
}

/// Uploads a file, and waits until something can be said about it.
pub async fn upload(client: &mut Client, name: &str, bytes: &[u8]) -> Page {
    let new = client.get(&format!("{IMPORTS}/new")).await;
    let sent = send_file(client, &new, "#send", "file", name, bytes).await;
    if !sent.status.is_redirection() {
        return sent;
    }
    settled(client, &sent.location()).await
}

/// The page behind an address, once nothing is being done to the file any more.
pub async fn settled(client: &mut Client, address: &str) -> Page {
    let mut page = client.get(address).await;
    for _ in 0..600 {
        if page.status.is_redirection() {
            page = client.follow(&page).await;
        } else if page.has("#progress progress") {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            page = client.get(address).await;
        } else {
            break;
        }
    }
    page
}

/// Presses the button of a form and goes on to where that leads.
pub async fn press(client: &mut Client, page: &Page, form: &str, values: &[(&str, &str)]) -> Page {
    let sent = client.submit(page, form, values).await;
    if sent.status.is_redirection() { settled(client, &sent.location()).await } else { sent }
}

/// Through columns and words, as they are filled in, to the preview.
pub async fn to_preview(client: &mut Client, columns: &Page) -> Page {
    let words = press(client, columns, "#columns", &[("then", "words")]).await;
    assert_eq!(words.text("h1"), "What do its words mean?", "{}", words.text("main"));
    press(client, &words, "#words", &[("then", "check")]).await
}

/// What lies in the folder of uploads.
pub fn kept(app: &TestApp) -> Vec<String> {
    let mut root = app.state.config.database.clone().into_os_string();
    root.push("-uploads");
    let Ok(folders) = std::fs::read_dir(root) else { return Vec::new() };
    let files = folders.flatten().flat_map(|folder| std::fs::read_dir(folder.path()).into_iter().flatten().flatten());
    files.map(|file| file.file_name().into_string().unwrap()).collect()
}

/// The counts of a preview: new, known, refused, rows.
pub fn counts(page: &Page) -> [usize; 4] {
    ["#count-new", "#count-known", "#count-refused", "#count-rows"]
        .map(|id| page.text(id).replace(',', "").parse().unwrap())
}
