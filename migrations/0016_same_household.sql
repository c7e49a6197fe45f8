-- The same household twice: who looks like whom, what people have said about it, and merges with all that undoing them
-- needs.

-- How the applicants' surnames sound, each with the postcode of the home.
create table household_sound (
    value text not null,
    household_id integer not null references household (id),
    primary key (value, household_id)
) strict, without rowid;

create index household_sound_by_household on household_sound (household_id);

-- Households that share a telephone, an e-mail, or a surname by its sound at one postcode. Derived: written with what
-- they are recognised by, so that the list of them is only read.
create table household_pair (
    low_id integer not null references household (id),
    high_id integer not null references household (id),
    -- How many of the three agree.
    strength integer not null check (strength between 1 and 3),
    -- Somebody has said that they are two: a row of `household_told_apart` that stands.
    told_apart integer not null check (told_apart in (0, 1)),
    primary key (low_id, high_id),
    check (low_id < high_id)
) strict, without rowid;

create index household_pair_to_look_at on household_pair (strength desc, high_id desc, low_id desc) where told_apart = 0;
create index household_pair_by_high on household_pair (high_id);

-- Households that were there before this migration are looked at page by page while the service runs.
create table household_pair_rebuild (
    id integer primary key check (id = 1),
    after_household integer not null
) strict;

insert into household_pair_rebuild (id, after_household) select 1, 0 where exists (select 1 from household);

-- "Not the same", with who said so and when; remembered whatever is recorded of the two afterwards.
create table household_told_apart (
    id integer primary key,
    low_id integer not null references household (id),
    high_id integer not null references household (id),
    told_at integer not null,
    told_by integer not null references user (id),
    taken_back_at integer,
    taken_back_by integer references user (id),
    check (low_id < high_id),
    check ((taken_back_at is null) = (taken_back_by is null))
) strict;

create unique index household_told_apart_stands on household_told_apart (low_id, high_id) where taken_back_at is null;

-- One household goes into another. Its own row stays as it was; while the merge stands, it is not listed, found or
-- recognised: its keys lead to the one that is kept.
create table household_merge (
    id integer primary key,
    kept_id integer not null references household (id),
    goes_id integer not null references household (id),
    merged_at integer not null,
    merged_by integer not null references user (id),
    -- The kept one before, to be put back, and just afterwards: whether anybody has changed it since. Undoing and
    -- erasure empty both.
    kept_before text,
    kept_after text,
    undone_at integer,
    undone_by integer references user (id),
    check (kept_id <> goes_id),
    check ((undone_at is null) = (undone_by is null))
) strict;

create unique index household_merge_stands on household_merge (goes_id) where undone_at is null;
create index household_merge_by_kept on household_merge (kept_id, id);

-- The enquiries that moved with it.
create table household_merge_enquiry (
    merge_id integer not null references household_merge (id),
    enquiry_id integer not null references enquiry (id),
    -- The same enquiry, logged twice; null: they came back.
    duplicate_of integer references enquiry (id),
    primary key (merge_id, enquiry_id)
) strict, without rowid;

create index household_merge_enquiry_by_enquiry on household_merge_enquiry (enquiry_id);
create index household_merge_enquiry_by_other on household_merge_enquiry (duplicate_of) where duplicate_of is not null;

-- The tasks that were brought to another enquiry, each by its first version.
create table household_merge_task (
    merge_id integer not null references household_merge (id),
    task_id integer not null references task (id),
    primary key (merge_id, task_id)
) strict, without rowid;

-- Of a closure as a duplicate: the enquiry that goes on.
alter table milestone add column duplicate_of integer references enquiry (id)
    check (duplicate_of is null or (close_reason = 'duplicate' and duplicate_of <> enquiry_id));

create index milestone_by_duplicate_of on milestone (duplicate_of) where duplicate_of is not null;
