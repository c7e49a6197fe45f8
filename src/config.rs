//! Every setting: a flag and an environment variable of the same name, read once at the start.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Settings")]
pub struct Config {
    /// The database file.
    #[arg(long, env = "HEARTH_DATABASE", value_name = "FILE", default_value = "hearth.db", global = true)]
    pub database: PathBuf,

    /// The address and port to serve on.
    #[arg(long, env = "HEARTH_LISTEN", value_name = "ADDR", default_value = "127.0.0.1:8080", global = true)]
    pub listen: SocketAddr,

    /// The address people type, such as https://hearth.example.gov.uk. One that starts with https switches secure
    /// cookies and strict transport security on.
    #[arg(long, env = "HEARTH_PUBLIC_URL", value_name = "URL", value_parser = public_url, global = true)]
    pub public_url: Option<String>,

    /// What to log, such as "info" or "hearth=debug,sqlx=warn".
    #[arg(long, env = "HEARTH_LOG", value_name = "FILTER", default_value = "info", global = true)]
    pub log: String,

    /// Addresses of the reverse proxies whose X-Forwarded-For is believed, separated by commas.
    #[arg(long, env = "HEARTH_TRUSTED_PROXY", value_name = "ADDR", value_delimiter = ',', global = true)]
    pub trusted_proxy: Vec<IpAddr>,

    /// A folder in which the service keeps a proved backup of each day, by the rule of `hearth backup`.
    #[arg(long, env = "HEARTH_BACKUPS", value_name = "DIR", global = true)]
    pub backups: Option<PathBuf>,
}

impl Config {
    /// Without a trailing slash: where links in what leaves the product point.
    pub fn base_url(&self) -> String {
        self.public_url.clone().unwrap_or_else(|| format!("http://{}", self.listen))
    }

    pub fn https(&self) -> bool {
        self.public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }

    /// Cookies are `__Host-` and Secure everywhere but on a plain loopback address, where browsers would drop them.
    pub fn secure_cookies(&self) -> bool {
        match &self.public_url {
            Some(url) => !is_plain_loopback(url),
            None => !self.listen.ip().is_loopback(),
        }
    }
}

fn is_plain_loopback(url: &str) -> bool {
    let Some(host) = url.strip_prefix("http://") else { return false };
    let name = host.rsplit_once(':').filter(|(_, port)| port.parse::<u16>().is_ok()).map_or(host, |(name, _)| name);
    let address = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    name == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

fn public_url(text: &str) -> Result<String, String> {
    let url = text.trim_end_matches('/');
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    match host {
        Some(host) if !host.is_empty() && !host.contains(['/', '?', '#', ' ', '@']) => Ok(url.to_owned()),
        _ => Err("write it as https://name or http://name:port, without a path".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_secure_but_on_plain_loopback() {
        for plain in ["http://localhost", "http://localhost:8080", "http://127.0.0.1:80", "http://[::1]:80"] {
            assert!(is_plain_loopback(plain), "{plain}");
        }
        for other in ["https://localhost", "http://hearth.example", "http://localhost.example:80", "http://10.0.0.1"] {
            assert!(!is_plain_loopback(other), "{other}");
        }
    }

    #[test]
    fn the_public_address_is_a_scheme_and_a_host() {
        for good in ["https://hearth.example.gov.uk", "https://hearth.example.gov.uk/", "http://localhost:8080"] {
            assert_eq!(public_url(good).as_deref(), Ok(good.trim_end_matches('/')));
        }
        for bad in ["", "hearth.example.gov.uk", "https://", "https://a/b", "ftp://a", "https://me@a", "javascript:1"] {
            assert!(public_url(bad).is_err(), "{bad}");
        }
    }
}
