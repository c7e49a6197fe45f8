//! What a person does on the first day.
