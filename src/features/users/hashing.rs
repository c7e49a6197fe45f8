//! Argon2id, off the threads that answer requests and only a few at once: each takes 19 MiB and a core for a moment.

use std::sync::OnceLock;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use crate::domain::password::{self, Password};

/// OWASP Password Storage Cheat Sheet, Argon2id. When they grow, each hash grows with the next sign-in.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

static TURNS: Semaphore = Semaphore::const_new(2);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Wrong,
    Right,
    /// Right, and the hash was made with less than what is asked for today.
    RightButWeak,
}

pub async fn hash(password: Password) -> anyhow::Result<String> {
    let _turn = TURNS.acquire().await?;
    spawn_blocking(move || make(password.as_str())).await?
}

/// Of a password that was accepted before, whatever the rules are for new ones now.
pub async fn hash_again(typed: &str) -> anyhow::Result<String> {
    let typed = password::normal(typed);
    let _turn = TURNS.acquire().await?;
    spawn_blocking(move || make(&typed)).await?
}

/// Takes the same time whether there is such an account or not.
pub async fn verify(typed: &str, hash: Option<String>) -> anyhow::Result<Verdict> {
    let typed = password::normal(typed);
    let _turn = TURNS.acquire().await?;
    spawn_blocking(move || check(&typed, hash.as_deref())).await?
}

fn make(password: &str) -> anyhow::Result<String> {
    Ok(argon2()?.hash_password(password.as_bytes())?.to_string())
}

fn check(typed: &str, hash: Option<&str>) -> anyhow::Result<Verdict> {
    let parsed = PasswordHash::new(match hash {
        Some(hash) => hash,
        None => nobodys_hash()?,
    })?;
    let right = argon2()?.verify_password(typed.as_bytes(), &parsed).is_ok();
    Ok(match (right && hash.is_some(), is_weak(&parsed)) {
        (false, _) => Verdict::Wrong,
        (true, false) => Verdict::Right,
        (true, true) => Verdict::RightButWeak,
    })
}

fn argon2() -> anyhow::Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn is_weak(hash: &PasswordHash) -> bool {
    Params::try_from(hash).is_ok_and(|made_with| made_with.m_cost() < MEMORY_KIB || made_with.t_cost() < PASSES)
}

/// What is compared with when there is no such account.
fn nobodys_hash() -> anyhow::Result<&'static str> {
    static HASH: OnceLock<String> = OnceLock::new();
    if let Some(hash) = HASH.get() {
        return Ok(hash);
    }
    let made = make(&rand::random::<u128>().to_string())?;
    Ok(HASH.get_or_init(|| made))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_is_right() {
        let made = hash(Password::parse("kettle brick ocean lantern", &[]).unwrap()).await.unwrap();
        assert!(made.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{made}");
        assert_eq!(verify("kettle brick ocean lantern", Some(made.clone())).await.unwrap(), Verdict::Right);
        assert_eq!(verify("kettle brick ocean lanterns", Some(made)).await.unwrap(), Verdict::Wrong);
    }

    #[tokio::test]
    async fn the_same_password_gives_another_hash_each_time() {
        let password = Password::parse("kettle brick ocean lantern", &[]).unwrap();
        assert_ne!(hash(password.clone()).await.unwrap(), hash(password).await.unwrap());
    }

    #[tokio::test]
    async fn letters_composed_in_another_way_are_the_same() {
        let made = hash(Password::parse("caf\u{e9} kettle otter", &[]).unwrap()).await.unwrap();
        assert_eq!(verify("cafe\u{301} kettle otter", Some(made)).await.unwrap(), Verdict::Right);
    }

    #[tokio::test]
    async fn a_hash_of_weaker_parameters_is_right_and_weak() {
        let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8 * 1024, 1, 1, None).unwrap());
        let made = weak.hash_password(b"kettle brick ocean lantern").unwrap().to_string();
        assert_eq!(verify("kettle brick ocean lantern", Some(made)).await.unwrap(), Verdict::RightButWeak);
    }

    #[tokio::test]
    async fn nobody_has_no_password() {
        assert_eq!(verify("kettle brick ocean lantern", None).await.unwrap(), Verdict::Wrong);
        let nobodys = PasswordHash::new(nobodys_hash().unwrap()).unwrap();
        assert!(!is_weak(&nobodys), "an unknown name must cost as much as a known one");
    }
}
