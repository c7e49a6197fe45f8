-- A household is the unit that everything counts: its applicants, its home, and how to reach it safely.

create table household (
    id integer primary key,
    address text,
    postcode text,
    -- How and when to contact safely: a partner or an employer may not know yet.
    language text,
    contact_hours text,
    message_allowed text not null default 'not_asked' check (message_allowed in ('yes', 'no', 'not_asked')),
    consent_to_contact text not null default 'not_asked' check (consent_to_contact in ('yes', 'no', 'not_asked')),
    version integer not null default 1,
    created_at integer not null,
    created_by integer not null references user (id)
) strict;

create table member (
    id integer primary key,
    household_id integer not null references household (id),
    -- Applicants are numbered from 1 in the order given.
    position integer not null check (position >= 1),
    name text not null check (trim(name) <> ''),
    -- Surname first, folded: how a name is found from its beginning.
    sort_name text not null,
    email text,
    -- Several numbers of one person are joined by '; '.
    phone text,
    unique (household_id, position)
) strict;

create index member_by_sort_name on member (sort_name, household_id);

-- What a household may be recognised by, in the form that is compared: telephone digits, lower-case e-mail,
-- postcode without its space, folded name.
create table household_key (
    kind text not null check (kind in ('name', 'phone', 'email', 'postcode')),
    value text not null,
    household_id integer not null references household (id),
    primary key (kind, value, household_id)
) strict, without rowid;

create index household_key_by_household on household_key (household_id);
