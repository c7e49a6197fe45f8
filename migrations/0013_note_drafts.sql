-- What somebody has begun to write and not saved. Only they see it; it goes when they save it, throw it away or forget it.

create table note_draft (
    user_id integer not null references user (id),
    enquiry_id integer not null references enquiry (id),
    -- The note that is being changed; 0 where it is a new one.
    root_id integer not null,
    -- The version they had before them, so that somebody else's change meanwhile is noticed when it is saved.
    note_id integer not null,
    -- As typed, readable or not.
    kind text not null,
    happened_on text not null,
    first_contact text not null,
    body text not null,
    kept_at integer not null,
    primary key (user_id, enquiry_id, root_id),
    check ((root_id = 0) = (note_id = 0))
) strict, without rowid;

create index note_draft_by_age on note_draft (kept_at);
