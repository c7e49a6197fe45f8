//! A referral by a regional fostering hub: a front door for several councils that passes an enquiry on.

use super::text::fold::squeeze;

/// How a referral is recognised: the hub and its reference, ignoring capitals, spaces and punctuation.
pub fn key(hub: &str, reference: &str) -> String {
    format!("{}/{}", squeeze(hub), squeeze(reference))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_spaces_and_punctuation_do_not_matter() {
        let key_of = |reference| key("Foster with North East", reference);
        assert_eq!(key_of("FWNE/24/0044"), key_of("fwne-24 0044"));
        assert_ne!(key_of("FWNE/24/0044"), key_of("FWNE/24/0045"));
    }
}
