//! The token in each of our forms, by which it is known that we made it for whoever sends it: see `csrf`.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::token;

/// The field's name in every form. In a form that sends a file it comes first.
pub const FIELD: &str = "csrf";

/// The token that belongs to a secret, behind a fresh mask: pages are compressed, and what stays the same in them
/// could be guessed from their length (BREACH).
pub fn masked(secret: &str) -> String {
    let mask = token::random();
    let real = token::derived(FIELD, secret);
    URL_SAFE_NO_PAD.encode(mask.bytes().chain(real.bytes().zip(mask.bytes()).map(|(a, b)| a ^ b)).collect::<Vec<_>>())
}

/// Whether this is a token of that secret, behind whatever mask.
pub(super) fn matches(sent: &str, secret: &str) -> bool {
    let Ok(bytes) = URL_SAFE_NO_PAD.decode(sent) else { return false };
    if bytes.len() != 86 {
        return false;
    }
    let (mask, hidden) = bytes.split_at(43);
    let real: Vec<u8> = hidden.iter().zip(mask).map(|(a, b)| a ^ b).collect();
    String::from_utf8(real).is_ok_and(|real| token::same(&real, &token::derived(FIELD, secret)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_changes_the_token_and_not_its_meaning() {
        let (one, other) = (masked("secret"), masked("secret"));
        assert_ne!(one, other);
        assert!(matches(&one, "secret") && matches(&other, "secret"));
        assert!(!matches(&one, "another"));
        for wrong in ["", "x", &one[1..], &token::derived(FIELD, "secret")] {
            assert!(!matches(wrong, "secret"));
        }
    }
}
