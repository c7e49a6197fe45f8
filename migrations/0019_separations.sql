-- Applicants who separate: one household becomes two. Who stays keeps the record and its enquiries; who leaves has a
-- household of their own, with or without an enquiry, and the history up to then is theirs as well.

create table household_separation (
    id integer primary key,
    -- Of those who stay.
    from_id integer not null references household (id),
    -- Of those who leave: made by this.
    new_id integer not null unique references household (id),
    -- On whose record it was said: it goes on with those who stay.
    enquiry_id integer not null references enquiry (id),
    -- The one that those who leave go on with; null: not now.
    own_enquiry_id integer unique references enquiry (id),
    separated_on text not null check (separated_on is date(separated_on)),
    note text,
    recorded_at integer not null,
    recorded_by integer not null references user (id),
    -- The first household before, to be put back, and both just afterwards: whether anybody has changed them since.
    -- Undoing and erasure empty all three, and the note.
    from_before text,
    from_after text,
    new_after text,
    undone_at integer,
    undone_by integer references user (id),
    check (from_id <> new_id),
    check (enquiry_id <> own_enquiry_id),
    check ((undone_at is null) = (undone_by is null))
) strict;

create index household_separation_by_from on household_separation (from_id, id);
create index household_separation_by_enquiry on household_separation (enquiry_id);

-- What was there before: the history of both.
create table household_separation_enquiry (
    separation_id integer not null references household_separation (id),
    enquiry_id integer not null references enquiry (id),
    primary key (separation_id, enquiry_id)
) strict, without rowid;

create index household_separation_enquiry_by_enquiry on household_separation_enquiry (enquiry_id);

-- Those who leave, as they stand in records that were merged into the one that stays: it is no longer recognised or
-- found by them. Only of separations that stand.
create table household_separation_member (
    member_id integer primary key references member (id),
    separation_id integer not null references household_separation (id)
) strict;

create index household_separation_member_by_separation on household_separation_member (separation_id);
