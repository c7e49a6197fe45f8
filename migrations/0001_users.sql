-- People who sign in, what they may do, and how they prove who they are.

create table user (
    id integer primary key,
    name text not null check (trim(name) <> ''),
    -- Programs (the command line, the demonstration) act under a name of their own and never sign in.
    program integer not null default 0 check (program in (0, 1)),
    email text unique check (email = lower(email)),
    password_hash text,
    -- The council whose own referrals a person with the role `hub` may see.
    hub text,
    active integer not null default 1 check (active in (0, 1)),
    version integer not null default 1,
    created_at integer not null,
    check ((program = 1) = (email is null))
) strict;

insert into user (id, name, program, created_at) values
    (1, 'Command line', 1, 0),
    -- Who somebody is before they have signed in: whose failed sign-in the audit tells of.
    (2, 'Somebody not signed in', 1, 0);

create table user_role (
    user_id integer not null references user (id),
    role text not null check (role in
        ('officer', 'manager', 'social_worker', 'panel', 'decision_maker', 'board', 'hub', 'admin')),
    primary key (user_id, role)
) strict, without rowid;

-- One-time links. Only a hash is kept: whoever reads the database cannot use them.
create table invitation (
    token_hash blob primary key,
    purpose text not null check (purpose in ('first_administrator', 'invite', 'reset')),
    user_id integer references user (id),
    created_at integer not null,
    expires_at integer not null,
    used_at integer,
    check ((purpose = 'first_administrator') = (user_id is null))
) strict, without rowid;

create index invitation_by_user on invitation (user_id);

create table session (
    token_hash blob primary key,
    user_id integer not null references user (id),
    created_at integer not null,
    last_seen_at integer not null,
    address text not null,
    browser text not null
) strict, without rowid;

create index session_by_user on session (user_id);

-- Browsers that somebody has signed in with before. Guesses from elsewhere never slow these down, so that nobody can
-- keep somebody else out by guessing.
create table known_browser (
    token_hash blob not null,
    user_id integer not null references user (id),
    used_at integer not null,
    primary key (token_hash, user_id)
) strict, without rowid;

create index known_browser_by_time on known_browser (used_at);

-- A form's one-time token, spent in the transaction of what the form made: a double click makes one thing,
-- and the second answer is the first one again.
create table form_token (
    token text primary key,
    user_id integer not null references user (id),
    used_at integer not null,
    location text not null
) strict, without rowid;

create index form_token_by_time on form_token (used_at);
