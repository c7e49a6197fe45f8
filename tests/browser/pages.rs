//! Every page, light and dark, wide and narrow: no barriers that axe knows of, and nothing that scrolls sideways.

use crate::support::{Chromium, Demo, Tab};

/// The pages that an officer may open; `{enquiry}` is the first of the list, `{pair}` the first two that look alike,
/// `{couple}` the first record with more than one applicant, `{restricted}` the first that named people only may open.
const OFFICER: &[(&str, &str)] = &[
    ("today", "/today"),
    ("today-everybody", "/today?whose=everybody"),
    ("today-tasks", "/today/tasks?whose=everybody"),
    ("tasks", "/tasks?whose=everybody"),
    ("task-new", "{enquiry}/tasks/new"),
    ("record-tasks", "{enquiry}/tasks"),
    ("visit-new", "{enquiry}/appointments/new"),
    ("enquiries", "/enquiries"),
    ("enquiries-closed", "/enquiries?state=closed"),
    ("enquiries-overdue", "/enquiries?limit=overdue"),
    (
        "enquiries-columns",
        "/enquiries?columns=stage,limit,officer,telephone,email,days,next_task,next_visit,last_contact,panel",
    ),
    ("enquiries-not-understood", "/enquiries?stage=zzz"),
    ("view-changed", "/enquiries?view=1&stage=new"),
    ("views", "/enquiries/views"),
    ("view-new", "/enquiries/views/new?query=stage%3Dvisited%26sort%3Dname"),
    ("many-none-ticked", "/enquiries/assignments/new"),
    ("many-assignments", "/enquiries/assignments/new?which=matching&query=stage%3Dnew%26stage%3Din_contact"),
    ("many-tasks", "/enquiries/tasks/new?which=matching&query=state%3Dany"),
    ("board", "/board"),
    ("board-longest", "/board?order=longest&state=open"),
    ("board-column", "/board/new"),
    ("board-move", "{enquiry}/moves/new?from=new&to=in_contact"),
    ("board-move-refused", "{enquiry}/moves/new?from=new&to=panel"),
    ("enquiry-new", "/enquiries/new"),
    ("record", "{enquiry}"),
    ("record-people", "{enquiry}/people"),
    ("record-dates", "{enquiry}/milestones"),
    ("record-notes", "{enquiry}/notes"),
    ("record-history", "{enquiry}/history"),
    ("contact", "{enquiry}/notes/new?kind=call"),
    ("milestone", "{enquiry}/milestones/new?kind=panel_recommendation"),
    ("closure", "{enquiry}/closures/new"),
    ("pause", "{enquiry}/pauses/new"),
    ("in-touch", "{enquiry}/in-touch/new"),
    ("assignment", "{enquiry}/assignments/new"),
    ("household", "{enquiry}/household"),
    ("details", "{enquiry}/details"),
    ("restriction", "{enquiry}/restriction"),
    ("record-restricted", "{restricted}"),
    ("restriction-named", "{restricted}/restriction"),
    ("import", "/settings/imports/new"),
    ("imports", "/settings/imports"),
    ("search", "/search?q=sarah"),
    ("search-nobody", "/search?q=zebedee"),
    ("search-empty", "/search"),
    ("alike", "/households/alike"),
    ("alike-compare", "{pair}"),
    ("alike-told-apart", "/households/told-apart"),
    ("alike-merges", "/households/merges"),
    ("alike-merge", "/households/merges/1"),
    ("alike-other", "{enquiry}/alike?q=har"),
    ("separation-new", "{couple}/separations/new"),
    ("separation", "/households/separations/1"),
    ("separation-not-now", "/households/separations/2"),
    ("reports", "/reports"),
    ("account", "/account"),
];
const MANAGER: &[(&str, &str)] = &[
    ("view", "/enquiries/views/1"),
    ("view-deletion", "/enquiries/views/1/deletions/new"),
    ("restrictions", "/enquiries/restrictions"),
    ("funnel", "/reports/funnel"),
    ("funnel-activity", "/reports/funnel?basis=activity"),
    ("funnel-by-source", "/reports/funnel?by=source"),
    ("time-limits-report", "/reports/clocks?by=quarter"),
    ("time-limits-households", "/reports/clocks/households?clock=first_contact&state=overdue"),
];
const ADMINISTRATOR: &[(&str, &str)] = &[
    ("task-rules", "/settings/task-rules"),
    ("task-rule", "/settings/task-rules/1"),
    ("working-hours", "/settings/working-hours"),
    ("sources", "/settings/sources"),
    ("source", "/settings/sources/1"),
    ("source-merge", "/settings/sources/1/merges/new?same=2"),
    ("source-merge-refused", "/settings/sources/1/merges/new?same=1"),
    ("campaign-new", "/settings/sources/new?list=campaign"),
    ("source-recorded", "/settings/sources/recorded?list=source&name=Television+advert"),
    ("people", "/people"),
    ("person-new", "/people/new"),
    ("settings", "/settings"),
    ("audit", "/settings/audit"),
    ("time-limits", "/settings/time-limits"),
    ("time-limit", "/settings/time-limits/temporary_approval"),
    ("bank-holidays", "/settings/bank-holidays"),
    ("reasons", "/settings/reasons"),
    ("reason", "/settings/reasons/not_now"),
    ("words", "/settings/words"),
    ("word", "/settings/words/step.visit"),
];

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_an_officer_have_no_barriers() {
    look_over("recruitment officer", OFFICER).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_have_no_barriers() {
    look_over("manager", MANAGER).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_an_administrator_have_no_barriers() {
    look_over("administrator", ADMINISTRATOR).await;
}

async fn look_over(role: &str, pages: &[(&str, &str)]) {
    let (demo, chromium) = (Demo::start(), Chromium::start().await);
    let tab = chromium.tab(1280).await;
    let mut found = Vec::new();
    tab.open(&demo.url("/sign-in")).await;
    look_at(&tab, "sign-in", &mut found).await;
    tab.sign_in(&demo, role).await;
    let enquiry = first_enquiry(&tab, &demo).await;
    let pair = first_pair(&tab, &demo).await;
    let couple = first_couple(&tab, &demo).await;
    let restricted = first_restricted(&tab, &demo).await;
    let named = [("{enquiry}", enquiry), ("{pair}", pair), ("{couple}", couple), ("{restricted}", restricted)];
    for (name, path) in pages {
        let path = named.iter().fold((*path).to_owned(), |path, (mark, found)| path.replace(mark, found));
        tab.open(&demo.url(&path)).await;
        assert_ne!(tab.text("h1").await, "Page not found", "{path}");
        look_at(&tab, name, &mut found).await;
    }
    tab.open(&demo.url("/no-such-page")).await;
    look_at(&tab, "not-found", &mut found).await;
    assert!(found.is_empty(), "{} things to mend:\n{}", found.len(), found.join("\n"));
}

/// The path of the first comparison in the list; nothing for somebody who may not see it.
async fn first_pair(tab: &Tab, demo: &Demo) -> String {
    tab.open(&demo.url("/households/alike")).await;
    match tab.page.find_element(".twins-list a[href^='/households/alike/']").await {
        Ok(link) => link.attribute("href").await.ok().flatten().unwrap_or_default(),
        Err(_) => String::new(),
    }
}

/// The path of the first record of a couple; nothing for somebody who may not see the list.
async fn first_couple(tab: &Tab, demo: &Demo) -> String {
    tab.open(&demo.url("/enquiries")).await;
    for link in tab.page.find_elements("main tbody tr th a").await.unwrap_or_default() {
        if link.inner_text().await.ok().flatten().is_some_and(|name| name.contains(" and ")) {
            return link.attribute("href").await.ok().flatten().unwrap_or_default();
        }
    }
    String::new()
}

/// The path of the first restricted record that they may open; nothing for somebody who may not see the list.
async fn first_restricted(tab: &Tab, demo: &Demo) -> String {
    tab.open(&demo.url("/enquiries?stage=in_contact&stage=visited")).await;
    for row in tab.page.find_elements("main tbody tr th").await.unwrap_or_default() {
        let text = row.inner_text().await.ok().flatten().unwrap_or_default();
        if text.contains("Restricted")
            && let Ok(link) = row.find_element("a").await
        {
            return link.attribute("href").await.ok().flatten().unwrap_or_default();
        }
    }
    String::new()
}

/// The path of the first record in the list; nothing for somebody who may not see the list.
async fn first_enquiry(tab: &Tab, demo: &Demo) -> String {
    tab.open(&demo.url("/enquiries")).await;
    match tab.page.find_element("main tbody tr th a").await {
        Ok(link) => link.attribute("href").await.ok().flatten().unwrap_or_default(),
        Err(_) => String::new(),
    }
}

pub async fn look_at(tab: &Tab, name: &str, found: &mut Vec<String>) {
    for (width, dark) in [(1280, false), (1280, true), (390, false), (320, false)] {
        tab.resize(width).await;
        tab.dark(dark).await;
        let scheme = if dark { "dark" } else { "light" };
        if width != 320 {
            tab.screenshot(&format!("{name}-{width}-{scheme}")).await;
        }
        found.extend(tab.barriers().await.into_iter().map(|line| format!("{name} ({width} {scheme}): {line}")));
        let overflow = tab.overflow().await;
        if overflow > 0 {
            found.push(format!("{name} ({width}): scrolls sideways by {overflow} px"));
        }
    }
    tab.resize(1280).await;
    tab.dark(false).await;
}
