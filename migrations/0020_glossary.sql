-- The service's own words for what codes are called on pages, reports and files. Append-only: the last row of a term
-- holds, and nothing in it means that the standard word is said again.

create table glossary_word (
    id integer primary key,
    term text not null check (trim(term) <> ''),
    word text check (trim(word) <> ''),
    recorded_at integer not null,
    recorded_by integer not null references user (id)
) strict;

create index glossary_word_by_term on glossary_word (term, id);

-- The history of a setting, where it has no versions of its own.
create index audit_of_settings on audit (action, id) where enquiry_id is null and household_id is null;
