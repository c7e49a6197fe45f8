//! How quick it is with ten years of a large council: pages at the server, and the import of a whole file.
//! `cargo bench --bench scale` measures pages; `cargo bench --bench scale -- import` the import. See README.md.

mod csv_file;
mod import;
mod pages;
mod scale;

use std::time::Duration;

const USAGE: &str = "cargo bench --bench scale [-- pages|import|all] [--households N]";

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    // `cargo bench` itself adds --bench.
    let mut words = std::env::args().skip(1).filter(|word| word != "--bench");
    let (mut what, mut households) = ("pages".to_owned(), scale::HOUSEHOLDS);
    while let Some(word) = words.next() {
        match word.as_str() {
            "pages" | "import" | "all" => what = word,
            "--households" => households = words.next().unwrap_or_default().parse()?,
            _ => anyhow::bail!("{word}? {USAGE}"),
        }
    }
    if what != "import" {
        pages::measure(households).await?;
    }
    if what != "pages" {
        import::measure(households).await?;
    }
    Ok(())
}

/// One line of the table, and whether it is within its budget.
fn line(name: &str, figures: &str, measured: Duration, budget: Duration) {
    let verdict = if measured <= budget { "within" } else { "OVER" };
    println!("| {name} | {figures} | {} | {verdict} |", milliseconds(budget));
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}
