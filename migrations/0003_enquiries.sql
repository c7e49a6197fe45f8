-- An enquiry is one approach by a household. What is true of it is in the ledgers; here is who and whence.

create table import (
    id integer primary key,
    file_name text not null,
    sha256 text not null,
    started_at integer not null,
    user_id integer not null references user (id),
    created integer not null,
    changed integer not null,
    already_known integer not null,
    refused integer not null
) strict;

create table enquiry (
    id integer primary key,
    household_id integer not null references household (id),
    -- The file's own, or E-000123.
    reference text not null unique,
    -- Day, names and postcode as they were when it was made: how a file brought twice is recognised.
    fingerprint text,
    -- A restricted record is open to named people only.
    restricted integer not null default 0 check (restricted in (0, 1)),
    version integer not null default 1,
    import_id integer references import (id),
    created_at integer not null,
    created_by integer not null references user (id)
) strict;

create index enquiry_by_household on enquiry (household_id);
create index enquiry_by_fingerprint on enquiry (fingerprint) where fingerprint is not null;
create index enquiry_restricted on enquiry (id) where restricted = 1;

create table enquiry_access (
    enquiry_id integer not null references enquiry (id),
    user_id integer not null references user (id),
    primary key (enquiry_id, user_id)
) strict, without rowid;

-- Households that look alike, for a person to decide. Nothing merges by itself.
create table likeness (
    enquiry_id integer not null references enquiry (id),
    other_id integer not null references enquiry (id),
    possible_duplicate integer not null check (possible_duplicate in (0, 1)),
    found_at integer not null,
    primary key (enquiry_id, other_id)
) strict, without rowid;

-- Notes and contacts. A changed note is a new version; the old one stays.
create table note (
    id integer primary key,
    root_id integer not null,
    enquiry_id integer not null references enquiry (id),
    kind text not null check (kind in ('note', 'call', 'no_answer', 'email', 'text_message', 'letter', 'meeting')),
    happened_on text not null check (happened_on is date(happened_on)),
    body text not null,
    recorded_at integer not null,
    recorded_by integer not null references user (id),
    superseded_at integer,
    superseded_by integer references user (id),
    check ((superseded_at is null) = (superseded_by is null))
) strict;

create index note_by_enquiry on note (enquiry_id, happened_on, id);
