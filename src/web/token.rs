//! Random tokens, and what is kept of them.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// 256 random bits, as text for a cookie, a link or a form.
pub fn random() -> String {
    let mut bytes = [0_u8; 32];
    #[expect(clippy::expect_used, reason = "without randomness from the system nothing here is safe to go on")]
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    URL_SAFE_NO_PAD.encode(bytes)
}

/// What the database keeps of a token: whoever reads it there cannot use it. A plain hash is enough for 256 random
/// bits, which cannot be guessed however fast the guessing is.
pub fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// A second token that follows from the first and does not give it away.
pub fn derived(purpose: &str, token: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(format!("hearth {purpose}\0{token}")))
}

/// Compares in the same time wherever they differ.
pub fn same(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.bytes().zip(other.bytes()).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_have_256_bits_and_never_come_twice() {
        let (one, other) = (random(), random());
        assert_eq!(one.len(), 43);
        assert_ne!(one, other);
    }

    #[test]
    fn only_equal_tokens_are_the_same() {
        assert!(same("abc", "abc"));
        for other in ["", "ab", "abd", "abcd", "Abc"] {
            assert!(!same("abc", other));
        }
    }

    #[test]
    fn a_derived_token_depends_on_purpose_and_token() {
        assert_ne!(derived("csrf", "a"), derived("csrf", "b"));
        assert_ne!(derived("csrf", "a"), derived("other", "a"));
    }
}
