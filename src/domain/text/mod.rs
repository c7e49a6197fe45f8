//! What people type, in the form that is kept and the form that is compared.

pub mod fold;
