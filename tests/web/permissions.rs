//! Every route that there is, asked by every role and by nobody: the matrix in `domain::role` is what happens.

use axum::http::{Method, StatusCode};
use hearth::app;
use hearth::domain::role::{Reach, Role};
use hearth::web::routes::{Access, Recorded};

use crate::support::{Client, Page, TestApp};

/// No record has this number, so that asking changes nothing.
const NOTHING: &str = "999999999";

fn address(route: &Recorded) -> String {
    let parts = route.path.split('/').map(|part| if part.starts_with('{') { NOTHING } else { part });
    parts.collect::<Vec<_>>().join("/")
}

async fn ask(client: &mut Client, route: &Recorded) -> Page {
    match route.method {
        Method::GET => client.get(&address(route)).await,
        _ => client.post(&address(route), &[]).await,
    }
}

#[tokio::test]
async fn every_route_answers_those_whom_the_matrix_allows_and_nobody_else() {
    let app = TestApp::new().await;
    for role in Role::ALL {
        for route in app::routes().recorded() {
            let Access::Asks(permission) = route.access else { continue };
            let page = ask(&mut app.sign_in(*role).await, route).await;
            let asked = format!("{} {} as {}: {}", route.method, route.path, role.code(), page.status);
            if role.reach(permission) == Reach::None {
                assert_eq!(page.status, StatusCode::FORBIDDEN, "{asked}");
            } else {
                let to_sign_in = page.header("location").starts_with("/sign-in?");
                assert!(page.status != StatusCode::FORBIDDEN && !to_sign_in, "{asked}");
                assert!(page.status != StatusCode::INTERNAL_SERVER_ERROR, "{asked}");
            }
        }
    }
}

#[tokio::test]
async fn whoever_has_not_signed_in_is_sent_to_sign_in() {
    let app = TestApp::new().await;
    for route in app::routes().recorded() {
        let page = ask(&mut app.visitor(), route).await;
        let asked = format!("{} {}: {}", route.method, route.path, page.status);
        match route.access {
            Access::Asks(_) => assert!(page.location().starts_with("/sign-in"), "{asked}"),
            Access::Public => assert_ne!(page.status, StatusCode::INTERNAL_SERVER_ERROR, "{asked}"),
        }
    }
}
